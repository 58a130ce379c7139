package io.github.mqttspringboot.client;

import java.util.concurrent.TimeUnit;

import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

/**
 * The Message Expiry Interval of a message that has waited (MQTT 5 §3.3.2.3.3).
 */
final class MessageExpiry {

	private MessageExpiry() {
	}

	/**
	 * Return the message with what is left of its expiry.
	 * @param publish the message
	 * @param nanos what is left, in nanoseconds
	 * @return the message, at least one second before its expiry
	 */
	static Publish remaining(Publish publish, long nanos) {
		PublishProperties properties = publish.properties();
		if (properties.messageExpiryInterval() == null) {
			return publish;
		}
		long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + 999_999_999));
		if (seconds >= properties.messageExpiryInterval()) {
			return publish;
		}
		return new Publish(publish.packetId(), publish.topic(), publish.qos(), publish.retain(), publish.duplicate(),
				new PublishProperties(properties.payloadFormatIndicator(), seconds, properties.topicAlias(),
						properties.responseTopic(), properties.correlationData(), properties.userProperties(),
						properties.subscriptionIdentifiers(), properties.contentType()),
				publish.payload());
	}

}
