package io.github.mqttspringboot.client;

import java.time.Duration;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.event.MqttSessionLostEvent;

/**
 * Tells what becomes of the connection, in events and in the log. Used on the engine's
 * thread only.
 */
final class ConnectionNews {

	private final FailureReporter reporter;

	ConnectionNews(FailureReporter reporter) {
		this.reporter = reporter;
	}

	void connected(Link link, boolean reconnect) {
		boolean kept = link.connAck().sessionPresent();
		this.reporter.info(((reconnect) ? "reconnected to " : "connected to ") + link.server()
				+ ((kept) ? ", session resumed" : ", new session"));
		this.reporter.event((source, name) -> new MqttConnectedEvent(source, name, link.server(), reconnect, kept));
	}

	void sessionLost(Link link) {
		MqttFailure failure = MqttFailure.local(LocalError.SESSION_LOST)
			.detail(link.server() + " has no session of this client (Session Present 0)")
			.build();
		Classification classification = this.reporter.classify(failure);
		this.reporter.rejection(failure, classification, "new session, subscriptions restored",
				(source, name) -> new MqttSessionLostEvent(source, name, failure, classification));
	}

	void lost(MqttFailure failure, Classification classification) {
		this.reporter.event((source, name) -> new MqttConnectionLostEvent(source, name, failure, classification));
	}

	void scheduled(MqttFailure failure, Classification classification, int attempt, Duration delay) {
		this.reporter.event((source, name) -> new MqttReconnectScheduledEvent(source, name, failure, classification,
				attempt, delay));
	}

	void failed(MqttFailure failure, Classification classification) {
		this.reporter.event((source, name) -> new MqttClientFailedEvent(source, name, failure, classification));
	}

}
