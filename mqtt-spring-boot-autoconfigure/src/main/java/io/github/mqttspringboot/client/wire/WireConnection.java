package io.github.mqttspringboot.client.wire;

import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;

/**
 * One network connection, from CONNECT to close. No method blocks.
 *
 * @since 0.1.0
 */
public interface WireConnection {

	/**
	 * Queue a packet for writing, after all that were queued before. Allowed only after
	 * the CONNACK; ignored once the connection has ended.
	 * @param packet a packet of type 3 to 12 that fits the server's limits
	 */
	void send(MqttPacket packet);

	/**
	 * Write what is queued, then DISCONNECT, then close. The listener is told with
	 * {@link WireListener#closed} as of any end. Bounded: after one second without
	 * progress the connection is aborted.
	 * @param disconnect the packet to send
	 */
	void disconnect(Disconnect disconnect);

	/**
	 * Drop what is queued and has not been taken to be written. What is queued behind is
	 * written as before.
	 * @return how many of the packets sent were taken: they have left, or may have, and
	 * are never going to be taken back
	 */
	long withdraw();

	/**
	 * Close at once, without DISCONNECT, from any state. Idempotent; leaves no thread.
	 */
	void abort();

}
