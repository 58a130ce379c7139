package io.github.mqttspringboot.client;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.packet.Publish;

/**
 * The QoS 1 messages that were not acknowledged on earlier connections of the session:
 * the server sends them again under the same identifiers [MQTT-4.4.0-1]. Used on the
 * engine's thread only.
 */
final class EarlierMessages {

	private final Map<Integer, InboundMessage> messages = new HashMap<>();

	private final Consumer<InboundMessage> abandoned;

	/**
	 * Create an empty set.
	 * @param abandoned told of each message that does not come again
	 */
	EarlierMessages(Consumer<InboundMessage> abandoned) {
		this.abandoned = abandoned;
	}

	void add(InboundMessage message) {
		InboundMessage before = (message.qos == 1) ? this.messages.put(message.packetId, message) : null;
		if (before != null) {
			this.abandoned.accept(before);
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
		if (message == null || isAgain(publish, message)) {
			return message;
		}
		this.abandoned.accept(message);
		return null;
	}

	private static boolean isAgain(Publish publish, InboundMessage message) {
		return publish.qos() == 1 && publish.duplicate() && message.isSameAs(publish);
	}

	/** The session has ended: nothing comes again. */
	void clear() {
		this.messages.values().forEach(this.abandoned);
		this.messages.clear();
	}

}
