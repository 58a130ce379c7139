package io.github.mqttspringboot.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the data types of MQTT 5 §1.5 from a packet body. A body that ends too early is
 * an {@link IllegalStateException}.
 */
final class ByteReader {

	private final byte[] bytes;

	private int position;

	ByteReader(byte[] bytes) {
		this.bytes = bytes;
	}

	int u8() {
		return need(1)[0] & 0xFF;
	}

	int u16() {
		return (u8() << 8) | u8();
	}

	long u32() {
		return ((long) u16() << 16) | u16();
	}

	int varInt() {
		int value = 0;
		for (int shift = 0; shift <= 21; shift += 7) {
			int digit = u8();
			value |= (digit & 0x7F) << shift;
			if (digit < 0x80) {
				return value;
			}
		}
		throw new IllegalStateException("A variable byte integer has more than four bytes");
	}

	String text() {
		return new String(binary(), StandardCharsets.UTF_8);
	}

	byte[] binary() {
		return need(u16());
	}

	byte[] slice(int length) {
		return need(length);
	}

	byte[] rest() {
		return need(remaining());
	}

	int remaining() {
		return this.bytes.length - this.position;
	}

	private byte[] need(int length) {
		if (length > remaining()) {
			throw new IllegalStateException("The body ends at byte %d of %d, %d more were needed"
				.formatted(this.position, this.bytes.length, length));
		}
		this.position += length;
		return Arrays.copyOfRange(this.bytes, this.position - length, this.position);
	}

}
