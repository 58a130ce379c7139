package io.github.mqttspringboot.sample;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do when the port of the embedded broker is taken.
 */
class BrokerStartFailureAnalyzer extends AbstractFailureAnalyzer<BrokerStartException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BrokerStartException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"If another program listens on " + cause.getAddress()
						+ ", stop it, or choose another port with --sample.broker.port (0 for a free one).",
				cause);
	}

}
