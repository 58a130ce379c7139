package io.github.mqttspringboot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Explains an {@link InvalidMqttPropertyException}.
 */
class InvalidMqttPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMqttPropertyException> {

	private final PropertyOrigins origins;

	InvalidMqttPropertyFailureAnalyzer(@Nullable Environment environment) {
		this.origins = new PropertyOrigins(environment);
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMqttPropertyException cause) {
		PropertyReport report = new PropertyReport(this.origins).property(cause.getProperty(), cause.getValue());
		report.line("Reason", cause.getReason());
		cause.getRelated().forEach(report::seeAlso);
		return report.analysis(cause.getAction(), cause);
	}

}
