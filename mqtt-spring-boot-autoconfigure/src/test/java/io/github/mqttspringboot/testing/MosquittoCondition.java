package io.github.mqttspringboot.testing;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Looks for the two programs that {@link MosquittoBroker} runs.
 */
class MosquittoCondition implements ExecutionCondition {

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		return evaluate(MosquittoBroker.find(MosquittoBroker.SERVER), MosquittoBroker.find(MosquittoBroker.PASSWORDS));
	}

	static ConditionEvaluationResult evaluate(Optional<Path> server, Optional<Path> passwords) {
		if (server.isPresent() && passwords.isPresent()) {
			return ConditionEvaluationResult.enabled("Mosquitto is " + server.get());
		}
		return ConditionEvaluationResult.disabled("SKIPPED: '%s' is neither on the PATH nor in /usr/sbin. "
			.formatted(server.isPresent() ? MosquittoBroker.PASSWORDS : MosquittoBroker.SERVER)
				+ "Install Mosquitto 2 to run these tests, on Debian with: apt-get install mosquitto");
	}

}
