package io.github.mqttspringboot.packet;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;

/**
 * Reads the data types of MQTT 5 §1.5 from a part of a buffer. Every length is checked
 * against what is there before anything is allocated for it.
 */
final class PacketInput {

	private final PacketType packet;

	private final ByteBuffer buffer;

	private final int end;

	private int position;

	PacketInput(PacketType packet, ByteBuffer buffer) {
		this(packet, buffer, buffer.position(), buffer.limit());
	}

	private PacketInput(PacketType packet, ByteBuffer buffer, int position, int end) {
		this.packet = packet;
		this.buffer = buffer;
		this.position = position;
		this.end = end;
	}

	PacketType packet() {
		return this.packet;
	}

	int remaining() {
		return this.end - this.position;
	}

	boolean hasRemaining() {
		return this.position < this.end;
	}

	int oneByte(String what) throws PacketException {
		require(1, what);
		return next();
	}

	int twoBytes(String what) throws PacketException {
		require(2, what);
		return (next() << 8) | next();
	}

	long fourBytes(String what) throws PacketException {
		require(4, what);
		return ((long) next() << 24) | (next() << 16) | (next() << 8) | next();
	}

	int variable(String what) throws PacketException {
		int value = 0;
		for (int shift = 0; shift <= 21; shift += 7) {
			int octet = oneByte(what);
			value |= (octet & 0x7F) << shift;
			if ((octet & 0x80) == 0) {
				if (octet == 0 && shift > 0) {
					throw malformed(what + " is not encoded in the fewest bytes");
				}
				return value;
			}
		}
		throw malformed(what + " is encoded in more than four bytes");
	}

	/**
	 * Read a packet identifier.
	 * @return 1 to 65,535
	 * @throws PacketException if it is missing or 0 [MQTT-2.2.1-3]
	 */
	int packetIdentifier() throws PacketException {
		int identifier = twoBytes("Packet Identifier");
		if (identifier == 0) {
			throw protocolError("Packet Identifier is 0");
		}
		return identifier;
	}

	String text(String what) throws PacketException {
		int length = twoBytes(what);
		require(length, what);
		int start = this.position;
		this.position += length;
		for (int i = start; i < this.position; i++) {
			byte octet = this.buffer.get(i);
			if (octet <= 0) {
				return nonAscii(what, start, length, i);
			}
		}
		// ISO 8859-1 is a plain copy, and the same as UTF-8 below 0x80
		if (this.buffer.hasArray()) {
			return new String(this.buffer.array(), this.buffer.arrayOffset() + start, length,
					StandardCharsets.ISO_8859_1);
		}
		return new String(copy(start, length), StandardCharsets.ISO_8859_1);
	}

	private String nonAscii(String what, int start, int length, int first) throws PacketException {
		for (int i = first; i < start + length; i++) {
			if (this.buffer.get(i) == 0) {
				throw malformed(what + " contains the null character U+0000 at byte " + (i - start));
			}
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(this.buffer.slice(start, length)).toString();
		}
		catch (CharacterCodingException ex) {
			throw malformed(what + " is not well-formed UTF-8");
		}
	}

	byte[] binary(String what) throws PacketException {
		int length = twoBytes(what);
		require(length, what);
		byte[] bytes = copy(this.position, length);
		this.position += length;
		return bytes;
	}

	byte[] rest() {
		byte[] bytes = copy(this.position, remaining());
		this.position = this.end;
		return bytes;
	}

	/**
	 * Take a part off.
	 * @param length the length of the part
	 * @param what what it is
	 * @return the part, which reads no further than its length
	 * @throws PacketException if there are fewer bytes
	 */
	PacketInput part(int length, String what) throws PacketException {
		require(length, what);
		PacketInput part = new PacketInput(this.packet, this.buffer, this.position, this.position + length);
		this.position += length;
		return part;
	}

	void requireEnd() throws PacketException {
		if (hasRemaining()) {
			throw malformed("has " + remaining() + " bytes too many");
		}
	}

	PacketException malformed(String problem) {
		return failure(LocalError.INBOUND_MALFORMED, problem);
	}

	PacketException protocolError(String problem) {
		return failure(LocalError.INBOUND_PROTOCOL_ERROR, problem);
	}

	PacketException failure(LocalError error, String problem) {
		return new PacketException(error, this.packet + ": " + problem);
	}

	private void require(int count, String what) throws PacketException {
		if (remaining() < count) {
			throw malformed(what + " is cut off: " + count + " bytes needed, " + remaining() + " left");
		}
	}

	private int next() {
		return this.buffer.get(this.position++) & 0xFF;
	}

	private byte[] copy(int start, int length) {
		byte[] bytes = new byte[length];
		this.buffer.get(start, bytes);
		return bytes;
	}

}
