package io.github.mqttspringboot.paho;

import java.nio.ByteBuffer;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.PacketCodec;

/**
 * A packet that comes in several reads. The payload of a PUBLISH is gathered in an array
 * of its own, which then is the message's: the largest packet of 256 MB is held once.
 */
final class PartialPacket {

	private static final int FIRST_CHUNK = 64 * 1024;

	private static final int GROWTH = 4;

	private final int header;

	private final boolean publish;

	private byte @Nullable [] head;

	private byte[] bytes;

	private int filled;

	private int limit;

	/**
	 * Create an empty packet.
	 * @param header the first byte of the packet
	 * @param remainingLength how many bytes follow the fixed header
	 */
	PartialPacket(int header, int remainingLength) {
		this.header = header;
		this.publish = header >> 4 == PacketType.PUBLISH.value();
		this.limit = remainingLength;
		this.bytes = new byte[Math.min(remainingLength, FIRST_CHUNK)];
	}

	/**
	 * Take bytes until the packet is complete or there are no more.
	 * @param input the bytes
	 * @return whether the packet is complete
	 */
	boolean take(ByteBuffer input) {
		int count = Math.min(input.remaining(), this.limit - this.filled);
		room(this.filled + count);
		input.get(this.bytes, this.filled, count);
		this.filled += count;
		if (this.publish && this.head == null) {
			split();
		}
		return this.filled == this.limit;
	}

	/**
	 * Return what is before the payload, or all where the payload is not told apart.
	 * @return the bytes, without the fixed header
	 */
	ByteBuffer head() {
		byte[] own = this.head;
		return (own != null) ? ByteBuffer.wrap(own) : ByteBuffer.wrap(this.bytes, 0, this.filled);
	}

	/**
	 * Return the payload.
	 * @return an array for the message to keep, {@code null} if it is part of the head
	 */
	byte @Nullable [] payload() {
		return (this.head != null) ? this.bytes : null;
	}

	private void split() {
		int start = PacketCodec.payloadStart(this.header, ByteBuffer.wrap(this.bytes, 0, this.filled));
		if (start < 0 || start > this.filled) {
			return;
		}
		byte[] all = this.bytes;
		int rest = this.filled - start;
		this.head = Arrays.copyOf(all, start);
		this.limit -= start;
		this.bytes = new byte[Math.min(this.limit, Math.max(FIRST_CHUNK, rest))];
		System.arraycopy(all, start, this.bytes, 0, rest);
		this.filled = rest;
	}

	// Grows with what arrives, so that a header alone cannot make us allocate 256 MB
	private void room(int needed) {
		if (this.bytes.length < needed) {
			long grown = Math.max((long) GROWTH * this.bytes.length, needed);
			this.bytes = Arrays.copyOf(this.bytes, (int) Math.min(this.limit, grown));
		}
	}

}
