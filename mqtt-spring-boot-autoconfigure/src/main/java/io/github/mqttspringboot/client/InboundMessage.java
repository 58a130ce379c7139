package io.github.mqttspringboot.client;

/**
 * A QoS 1 or 2 message from its arrival to its acknowledgement. Used on the engine's
 * thread only.
 */
final class InboundMessage {

	final int packetId;

	final int qos;

	/** The connection that it came on last. */
	Link link;

	/** Whether the application is done with it. */
	boolean processed;

	/** Whether a PUBREL came before the PUBREC. */
	boolean released;

	InboundMessage(int packetId, int qos, Link link) {
		this.packetId = packetId;
		this.qos = qos;
		this.link = link;
	}

}
