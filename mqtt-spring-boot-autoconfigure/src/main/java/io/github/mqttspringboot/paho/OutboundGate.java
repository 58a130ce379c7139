package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.PacketException;

/**
 * Lets Paho's CONNECT through, once, and nothing else: all later packets are written by
 * the connection itself.
 */
final class OutboundGate {

	private final PacketFramer framer = new PacketFramer(Long.MAX_VALUE);

	private final ConnectRewriter rewriter;

	private boolean sent;

	/**
	 * Create a gate.
	 * @param rewriter completes the CONNECT
	 */
	OutboundGate(ConnectRewriter rewriter) {
		this.rewriter = rewriter;
	}

	/**
	 * Take bytes that Paho writes.
	 * @param bytes the bytes
	 * @param output the way to the server
	 * @return whether CONNECT has left with these bytes
	 * @throws IOException if writing fails
	 * @throws PacketException if Paho writes no MQTT packets
	 */
	boolean write(ByteBuffer bytes, OutputStream output) throws IOException, PacketException {
		boolean before = this.sent;
		while (this.framer.next(bytes)) {
			if (!this.sent && this.framer.header() >> 4 == PacketType.CONNECT.value()) {
				this.sent = true;
				output.write(this.rewriter.rewrite(this.framer.body()));
				output.flush();
			}
		}
		return this.sent && !before;
	}

}
