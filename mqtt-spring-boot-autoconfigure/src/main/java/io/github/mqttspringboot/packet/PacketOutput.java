package io.github.mqttspringboot.packet;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Writes the data types of MQTT 5 §1.5 to a buffer, or only counts their bytes. Sizes and
 * bytes come from the same code, so that they cannot disagree; the counting pass runs
 * first and refuses what cannot be encoded before a byte is written.
 */
final class PacketOutput {

	private final @Nullable ByteBuffer target;

	private long length;

	private PacketOutput(@Nullable ByteBuffer target) {
		this.target = target;
	}

	static PacketOutput counting() {
		return new PacketOutput(null);
	}

	static PacketOutput to(ByteBuffer target) {
		return new PacketOutput(target);
	}

	/**
	 * Return how many bytes were counted or written.
	 * @return the number of bytes
	 */
	long length() {
		return this.length;
	}

	void oneByte(String what, int value) {
		requireRange(what, value, 0, 0xFF);
		put(value);
	}

	void twoBytes(String what, int value) {
		requireRange(what, value, 0, 0xFFFF);
		put(value >> 8);
		put(value);
	}

	void fourBytes(String what, long value) {
		requireRange(what, value, 0, 0xFFFF_FFFFL);
		put((int) (value >> 24));
		put((int) (value >> 16));
		put((int) (value >> 8));
		put((int) value);
	}

	void variable(String what, long value) {
		requireRange(what, value, 0, VariableByteInteger.MAX);
		int rest = (int) value;
		while (rest > 0x7F) {
			put((rest & 0x7F) | 0x80);
			rest >>= 7;
		}
		put(rest);
	}

	void packetIdentifier(int identifier) {
		requireRange("Packet Identifier", identifier, 1, 0xFFFF);
		twoBytes("Packet Identifier", identifier);
	}

	void text(String what, String text) {
		ByteBuffer buffer = this.target;
		if (buffer == null) {
			this.length += 2 + measure(what, text);
			return;
		}
		int start = buffer.position();
		buffer.position(start + 2);
		Utf8.write(text, buffer);
		int size = buffer.position() - start - 2;
		buffer.put(start, (byte) (size >> 8));
		buffer.put(start + 1, (byte) size);
		this.length += 2 + size;
	}

	void binary(String what, byte[] bytes) {
		if (bytes.length > 0xFFFF) {
			throw new IllegalArgumentException(
					what + " has " + bytes.length + " bytes, but at most 65535 can be encoded");
		}
		twoBytes(what, bytes.length);
		raw(bytes);
	}

	void raw(byte[] bytes) {
		if (this.target != null) {
			this.target.put(bytes);
		}
		this.length += bytes.length;
	}

	/**
	 * Write the Property Length and the properties.
	 * @param properties writes the properties; called twice when bytes are written
	 */
	void properties(Consumer<PropertyWriter> properties) {
		PacketOutput counter = counting();
		properties.accept(new PropertyWriter(counter));
		variable("Property Length", counter.length);
		if (this.target != null) {
			properties.accept(new PropertyWriter(this));
		}
		else {
			this.length += counter.length;
		}
	}

	static void requireRange(String what, long value, long min, long max) {
		if (value < min || value > max) {
			throw new IllegalArgumentException(what + " is " + value + ", but must be " + min + " to " + max);
		}
	}

	private static int measure(String what, String text) {
		Objects.requireNonNull(text, what);
		int size = Utf8.length(text);
		if (size < 0) {
			throw new IllegalArgumentException(what + " contains " + Utf8.describe(text, ~size));
		}
		if (size > Utf8.MAX_LENGTH) {
			throw new IllegalArgumentException(
					what + " has " + size + " bytes in UTF-8, but at most 65535 can be encoded");
		}
		return size;
	}

	private void put(int octet) {
		if (this.target != null) {
			this.target.put((byte) octet);
		}
		this.length++;
	}

}
