package io.github.mqttspringboot.client;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.packet.Publish;

/**
 * The QoS 1 messages that were not acknowledged on earlier connections of the session:
 * the server sends them again under the same identifiers [MQTT-4.4.0-1]. Used on the
 * engine's thread only.
 */
final class EarlierMessages {

	private final Map<Integer, InboundMessage> messages = new HashMap<>();

	void add(InboundMessage message) {
		if (message.qos == 1) {
			this.messages.put(message.packetId, message);
		}
	}

	/**
	 * Take out the message that a packet brings again. One whose identifier the server
	 * uses for something else is given up.
	 * @param publish the packet
	 * @return the message, {@code null} if the packet brings another
	 */
	@Nullable InboundMessage take(Publish publish) {
		InboundMessage message = this.messages.remove(publish.packetId());
		return (message != null && isAgain(publish, message)) ? message : null;
	}

	private static boolean isAgain(Publish publish, InboundMessage message) {
		return publish.qos() == 1 && publish.duplicate() && message.isSameAs(publish);
	}

	/** The session has ended: nothing comes again. */
	void clear() {
		this.messages.clear();
	}

}
