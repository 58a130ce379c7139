package io.github.mqttspringboot.paho;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * Writes the Maximum Packet Size into the CONNECT that Paho has made (MQTT 5
 * §3.1.2.11.4). Paho itself must not know it: it would apply the two directions' limits
 * to each other.
 */
final class ConnectRewriter {

	private static final int CONNECT = 0x10;

	private static final int BEFORE_PROPERTIES = 10;

	private static final int MAXIMUM_PACKET_SIZE = 0x27;

	private final @Nullable Long maximumPacketSize;

	/**
	 * Create a rewriter.
	 * @param maximumPacketSize the limit in bytes, {@code null} for none
	 */
	ConnectRewriter(@Nullable Long maximumPacketSize) {
		this.maximumPacketSize = maximumPacketSize;
	}

	/**
	 * Return the CONNECT to send.
	 * @param body what follows the fixed header of Paho's CONNECT
	 * @return the whole packet
	 * @throws IllegalArgumentException if it is not an MQTT 5 CONNECT
	 */
	byte[] rewrite(ByteBuffer body) {
		byte[] beginning = new byte[BEFORE_PROPERTIES];
		if (body.remaining() <= BEFORE_PROPERTIES) {
			throw new IllegalArgumentException("CONNECT of " + body.remaining() + " bytes has no properties");
		}
		body.get(beginning);
		byte[] properties = new byte[readVariable(body)];
		body.get(properties);
		byte[] payload = new byte[body.remaining()];
		body.get(payload);
		byte[] added = added();

		ByteArrayOutputStream content = new ByteArrayOutputStream();
		content.writeBytes(beginning);
		writeVariable(content, properties.length + added.length);
		content.writeBytes(properties);
		content.writeBytes(added);
		content.writeBytes(payload);
		ByteArrayOutputStream packet = new ByteArrayOutputStream();
		packet.write(CONNECT);
		writeVariable(packet, content.size());
		packet.writeBytes(content.toByteArray());
		return packet.toByteArray();
	}

	private byte[] added() {
		if (this.maximumPacketSize == null) {
			return new byte[0];
		}
		return ByteBuffer.allocate(5).put((byte) MAXIMUM_PACKET_SIZE).putInt(this.maximumPacketSize.intValue()).array();
	}

	private static int readVariable(ByteBuffer source) {
		int value = 0;
		for (int shift = 0; shift < 28; shift += 7) {
			int next = source.get();
			value |= (next & 0x7F) << shift;
			if ((next & 0x80) == 0) {
				return value;
			}
		}
		throw new IllegalArgumentException("The Property Length of CONNECT has more than four bytes");
	}

	private static void writeVariable(ByteArrayOutputStream target, int value) {
		int rest = value;
		do {
			int next = rest & 0x7F;
			rest >>>= 7;
			target.write((rest > 0) ? (next | 0x80) : next);
		}
		while (rest > 0);
	}

}
