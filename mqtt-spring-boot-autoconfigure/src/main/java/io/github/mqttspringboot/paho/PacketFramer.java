package io.github.mqttspringboot.paho;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.PacketException;

/**
 * Cuts a stream of bytes into MQTT packets (MQTT 5 §2.1), however the bytes are split. At
 * most one packet is held, and no more memory than four times the bytes that have arrived
 * of it.
 */
final class PacketFramer {

	private static final int MAX_LENGTH_BYTES = 4;

	private final long maximumPacketSize;

	private final ByteBuffer empty = ByteBuffer.allocate(0);

	private Phase phase = Phase.HEADER;

	private int header;

	private int remainingLength;

	private int lengthBytes;

	private @Nullable PartialPacket partial;

	private ByteBuffer body = this.empty;

	private byte @Nullable [] payload;

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
	 * @return whether a packet is complete: {@link #header()}, {@link #body()} and
	 * {@link #payload()} hold it until the next call and as long as the input is not
	 * overwritten
	 * @throws PacketException if the fixed header is malformed or the packet too large
	 */
	boolean next(ByteBuffer input) throws PacketException {
		if (this.phase == Phase.HEADER) {
			// A large packet is not held until the next one comes
			this.body = this.empty;
			this.payload = null;
		}
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
	 * Return what follows the fixed header, up to the payload if that is told apart.
	 * @return the bytes
	 */
	ByteBuffer body() {
		return this.body;
	}

	/**
	 * Return the payload of a PUBLISH that came in several parts.
	 * @return an array for the message to keep, {@code null} if it is part of the body
	 */
	byte @Nullable [] payload() {
		return this.payload;
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
		PartialPacket gathered = this.partial;
		if (gathered == null) {
			gathered = new PartialPacket(this.header, this.remainingLength);
			this.partial = gathered;
		}
		if (!gathered.take(input)) {
			return false;
		}
		this.partial = null;
		this.body = gathered.head();
		this.payload = gathered.payload();
		return true;
	}

	private enum Phase {

		HEADER, LENGTH, BODY

	}

}
