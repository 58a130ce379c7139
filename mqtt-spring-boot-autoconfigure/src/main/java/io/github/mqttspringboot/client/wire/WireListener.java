package io.github.mqttspringboot.client.wire;

import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;

/**
 * Hears what happens on one network connection, on threads of the wire, which it must not
 * block.
 *
 * @since 0.1.0
 */
public interface WireListener {

	/**
	 * The transport connection is established; CONNECT is about to leave. At most once,
	 * before the CONNACK.
	 */
	default void opened() {
	}

	/**
	 * The CONNACK, whatever its reason code. At most once, before any other packet. After
	 * a code of 0x80 or above the wire closes by itself.
	 * @param connAck the packet
	 */
	void connAck(ConnAck connAck);

	/**
	 * A packet of type 3 to 11 or 13 arrived.
	 * @param packet the packet
	 */
	void received(MqttPacket packet);

	/**
	 * A part of a packet arrived that is not complete yet: the server lives.
	 */
	default void receiving() {
	}

	/**
	 * A part of what is to be written has been taken by the socket, but not yet all that
	 * a call of {@link #written} is going to report.
	 */
	default void writing() {
	}

	/**
	 * Packets have left: written to the socket and flushed.
	 * @param total how many of the packets given to {@link WireConnection#send} on this
	 * connection have left so far
	 */
	void written(long total);

	/**
	 * The connection has ended. Exactly once, last.
	 * @param failure why: the server's DISCONNECT, or a local error; after
	 * {@link WireConnection#disconnect} or {@link WireConnection#abort} whatever was seen
	 */
	void closed(MqttFailure failure);

}
