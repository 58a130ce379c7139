package io.github.mqttspringboot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an {@link InvalidConnectionDetailsException}.
 */
class InvalidConnectionDetailsFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConnectionDetailsException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidConnectionDetailsException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.getAction(), cause);
	}

}
