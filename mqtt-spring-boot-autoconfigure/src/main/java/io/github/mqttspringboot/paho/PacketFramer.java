package io.github.mqttspringboot.paho;

import java.nio.ByteBuffer;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.PacketException;

/**
 * Cuts a stream of bytes into MQTT packets (MQTT 5 §2.1), however the bytes are split. At
 * most one packet is held, and no more memory than twice the bytes that have arrived of
 * it.
 */
final class PacketFramer {

	private static final int FIRST_CHUNK = 64 * 1024;

	private static final int MAX_LENGTH_BYTES = 4;

	private final long maximumPacketSize;

	private final ByteBuffer empty = ByteBuffer.allocate(0);

	private Phase phase = Phase.HEADER;

	private int header;

	private int remainingLength;

	private int lengthBytes;

	private byte @Nullable [] partial;

	private int filled;

	private ByteBuffer body = this.empty;

	/**
	 * Create a framer.
	 * @param maximumPacketSize the limit in bytes, fixed header included
	 */
	PacketFramer(long maximumPacketSize) {
		this.maximumPacketSize = maximumPacketSize;
	}

	/**
	 * Take bytes until a packet is complete or there are no more.
	 * @param input the bytes
	 * @return whether a packet is complete: {@link #header()} and {@link #body()} hold it
	 * until the next call and as long as the input is not overwritten
	 * @throws PacketException if the fixed header is malformed or the packet too large
	 */
	boolean next(ByteBuffer input) throws PacketException {
		while (true) {
			switch (this.phase) {
				case HEADER -> {
					if (!input.hasRemaining()) {
						return false;
					}
					readHeader(input.get() & 0xFF);
				}
				case LENGTH -> {
					if (!input.hasRemaining()) {
						return false;
					}
					readLength(input.get() & 0xFF);
				}
				case BODY -> {
					if (!readBody(input)) {
						return false;
					}
					this.phase = Phase.HEADER;
					return true;
				}
			}
		}
	}

	/**
	 * Return the first byte of the packet.
	 * @return the byte, 0 to 255
	 */
	int header() {
		return this.header;
	}

	/**
	 * Return what follows the fixed header.
	 * @return as many bytes as the Remaining Length
	 */
	ByteBuffer body() {
		return this.body;
	}

	/**
	 * Return whether a packet has begun and not ended.
	 * @return whether the stream is inside a packet
	 */
	boolean insidePacket() {
		return this.phase != Phase.HEADER;
	}

	/**
	 * Return the name of a packet type for messages.
	 * @param header the first byte of a packet
	 * @return the name
	 */
	static String name(int header) {
		int type = (header >> 4) & 0x0F;
		return (type != 0) ? PacketType.of(type).name() : "Packet type 0";
	}

	private void readHeader(int value) {
		this.header = value;
		this.remainingLength = 0;
		this.lengthBytes = 0;
		this.filled = 0;
		this.partial = null;
		this.body = this.empty;
		this.phase = Phase.LENGTH;
	}

	private void readLength(int value) throws PacketException {
		this.remainingLength |= (value & 0x7F) << (7 * this.lengthBytes);
		this.lengthBytes++;
		if ((value & 0x80) != 0) {
			if (this.lengthBytes == MAX_LENGTH_BYTES) {
				throw new PacketException(LocalError.INBOUND_MALFORMED,
						name(this.header) + ": the Remaining Length has more than four bytes (MQTT 5 §1.5.5)");
			}
			return;
		}
		if (value == 0 && this.lengthBytes > 1) {
			throw new PacketException(LocalError.INBOUND_MALFORMED,
					name(this.header) + ": the Remaining Length has more bytes than it needs [MQTT-1.5.5-1]");
		}
		long size = 1L + this.lengthBytes + this.remainingLength;
		if (size > this.maximumPacketSize) {
			throw new PacketException(LocalError.INBOUND_TOO_LARGE, name(this.header) + ": " + size
					+ " bytes, but this client's Maximum Packet Size is " + this.maximumPacketSize);
		}
		this.phase = Phase.BODY;
	}

	private boolean readBody(ByteBuffer input) {
		if (this.partial == null && input.remaining() >= this.remainingLength) {
			this.body = input.slice(input.position(), this.remainingLength);
			input.position(input.position() + this.remainingLength);
			return true;
		}
		int count = Math.min(input.remaining(), this.remainingLength - this.filled);
		byte[] target = room(count);
		input.get(target, this.filled, count);
		this.filled += count;
		if (this.filled < this.remainingLength) {
			return false;
		}
		this.body = ByteBuffer.wrap(target, 0, this.filled);
		this.partial = null;
		return true;
	}

	// Grows with what arrives, so that a header alone cannot make us allocate 256 MB
	private byte[] room(int count) {
		byte[] target = this.partial;
		int needed = this.filled + count;
		if (target == null) {
			target = new byte[Math.min(this.remainingLength, Math.max(FIRST_CHUNK, needed))];
		}
		else if (target.length < needed) {
			long doubled = Math.max(2L * target.length, needed);
			target = Arrays.copyOf(target, (int) Math.min(this.remainingLength, doubled));
		}
		this.partial = target;
		return target;
	}

	private enum Phase {

		HEADER, LENGTH, BODY

	}

}
