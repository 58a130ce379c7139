package io.github.mqttspringboot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

import io.github.mqttspringboot.listener.InvalidMqttListenerException;

/**
 * Explains an {@link InvalidMqttListenerException}.
 */
class InvalidMqttListenerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMqttListenerException> {

	private final PropertyOrigins origins;

	InvalidMqttListenerFailureAnalyzer(@Nullable Environment environment) {
		this.origins = new PropertyOrigins(environment);
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMqttListenerException cause) {
		StringBuilder description = new StringBuilder(
				"An MQTT listener cannot be set up:%n%n    Listener: %s".formatted(cause.getListener()));
		for (String property : cause.getProperties()) {
			Origin origin = this.origins.origin(property, null);
			description.append("%n    Property: %s%n    Origin: %s".formatted(property,
					(origin != null) ? origin : "none: it is not set"));
		}
		description.append("%n    Reason: %s".formatted(cause.getReason()));
		return new FailureAnalysis(description.toString(), cause.getAction(), cause);
	}

}
