package io.github.mqttspringboot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.github.mqttspringboot.listener.InvalidMqttListenerException;

/**
 * Explains an {@link InvalidMqttListenerException}.
 */
class InvalidMqttListenerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMqttListenerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMqttListenerException cause) {
		return new FailureAnalysis("An MQTT listener cannot be set up:%n%n    Listener: %s%n    Reason: %s"
			.formatted(cause.getListener(), cause.getReason()), cause.getAction(), cause);
	}

}
