package io.github.mqttspringboot.client;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.packet.Publish;

/**
 * A QoS 1 or 2 message from its arrival to its acknowledgement. Used on the engine's
 * thread only.
 */
final class InboundMessage {

	final int packetId;

	final int qos;

	/** Of the topic and the payload, {@code null} if not known any more. */
	private final @Nullable Integer content;

	/** When it came, in nanoseconds of the monotonic clock. */
	final long since;

	/** Its way through its handlers, {@code null} if there is none, or no more. */
	@Nullable Delivery delivery;

	/** The connection that it came on last. */
	@Nullable Link link;

	/** Whether the application is done with it. */
	boolean processed;

	/** Where the journal has it (QoS 2, processed). */
	long position;

	/** Whether a PUBREL came before the PUBREC. */
	boolean released;

	InboundMessage(Publish publish, Link link, long now) {
		this.packetId = publish.packetId();
		this.qos = publish.qos();
		this.content = content(publish);
		this.link = link;
		this.since = now;
	}

	/**
	 * Create a QoS 2 message that was processed before the start of the JVM.
	 * @param packetId its packet identifier
	 */
	InboundMessage(int packetId) {
		this.packetId = packetId;
		this.qos = 2;
		this.content = null;
		this.processed = true;
		this.since = 0;
	}

	/**
	 * Return whether a packet with this identifier can be this message, sent again.
	 * @param publish the packet
	 * @return {@code false} if it carries something else
	 */
	boolean isSameAs(Publish publish) {
		return this.content == null || this.content == content(publish);
	}

	private static int content(Publish publish) {
		return 31 * publish.topic().hashCode() + Arrays.hashCode(publish.payload());
	}

}
