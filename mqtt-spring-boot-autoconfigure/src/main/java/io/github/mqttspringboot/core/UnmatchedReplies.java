package io.github.mqttspringboot.core;

import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.Printable;

/**
 * Counts what arrives on the reply topic and answers no request, or no longer. Warns of
 * the first, since they come by the thousand if they come at all. Thread-safe.
 */
final class UnmatchedReplies {

	private static final Logger logger = LoggerFactory.getLogger(MqttTemplate.class);

	private final AtomicLong count = new AtomicLong();

	private final String clientName;

	UnmatchedReplies(String clientName) {
		this.clientName = clientName;
	}

	void add(ReceivedMessage message) {
		long now = this.count.incrementAndGet();
		if (now == 1) {
			logger.warn("MQTT client '{}': a message on the reply topic {} answers no request: it came after '{}', or"
					+ " another client has the same reply topic, or its sender has not returned the correlation data."
					+ " It is dropped; further ones are only counted", this.clientName,
					Printable.escape(message.topic()), ClientSettings.property(this.clientName, "request.timeout"));
		}
		else if (logger.isDebugEnabled()) {
			logger.debug("MQTT client '{}': message {} on the reply topic {} that answers no request", this.clientName,
					now, Printable.escape(message.topic()));
		}
	}

	long count() {
		return this.count.get();
	}

}
