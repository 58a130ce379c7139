package io.github.mqttspringboot.client;

import java.util.Arrays;

import io.github.mqttspringboot.packet.Publish;

/**
 * A QoS 1 or 2 message from its arrival to its acknowledgement. Used on the engine's
 * thread only.
 */
final class InboundMessage {

	final int packetId;

	final int qos;

	private final int content;

	/** The connection that it came on last. */
	Link link;

	/** Whether the application is done with it. */
	boolean processed;

	/** Whether a PUBREL came before the PUBREC. */
	boolean released;

	InboundMessage(Publish publish, Link link) {
		this.packetId = publish.packetId();
		this.qos = publish.qos();
		this.content = content(publish);
		this.link = link;
	}

	/**
	 * Return whether a packet with this identifier can be this message, sent again.
	 * @param publish the packet
	 * @return {@code false} if it carries something else
	 */
	boolean isSameAs(Publish publish) {
		return this.content == content(publish);
	}

	private static int content(Publish publish) {
		return 31 * publish.topic().hashCode() + Arrays.hashCode(publish.payload());
	}

}
