package io.github.mqttspringboot.core;

import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.Printable;

/**
 * Counts what arrives on the reply topic and answers no request, or no longer. Warns of
 * the first, since they come by the thousand if they come at all. Thread-safe.
 */
final class UnmatchedReplies {

	private static final Logger logger = LoggerFactory.getLogger(MqttTemplate.class);

	private final AtomicLong count = new AtomicLong();

	private final ManagedMqttClient client;

	UnmatchedReplies(ManagedMqttClient client) {
		this.client = client;
	}

	void add(ReceivedMessage message) {
		long now = this.count.incrementAndGet();
		if (now == 1) {
			log(Level.WARN, message,
					"a message on the reply topic " + Printable.escape(message.topic())
							+ " answers no request: it came after '"
							+ ClientSettings.property(this.client.name(), "request.timeout")
							+ "', or another client has the same reply topic, or its sender has not returned the"
							+ " correlation data. It is dropped; further ones are only counted");
		}
		else if (logger.isDebugEnabled()) {
			log(Level.DEBUG, message, "message " + now + " on the reply topic " + Printable.escape(message.topic())
					+ " that answers no request");
		}
	}

	private void log(Level level, ReceivedMessage message, String text) {
		String name = this.client.name();
		String clientId = Printable.escape(this.client.connection().clientId());
		logger.atLevel(level)
			.addKeyValue("client", name)
			.addKeyValue("clientId", clientId)
			.addKeyValue("topic", Printable.escape(message.topic()))
			.log("MQTT client '" + name + "' (id '" + clientId + "'): " + text);
	}

	long count() {
		return this.count.get();
	}

}
