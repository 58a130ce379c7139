package io.github.mqttspringboot.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes the data types of MQTT 5 §1.5. It checks nothing, so that illegal packets can be
 * made; it shares nothing with the codec under test.
 */
final class ByteWriter {

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	ByteWriter u8(int value) {
		this.bytes.write(value);
		return this;
	}

	ByteWriter u16(int value) {
		return u8(value >>> 8).u8(value);
	}

	ByteWriter u32(long value) {
		return u16((int) (value >>> 16)).u16((int) value);
	}

	ByteWriter varInt(int value) {
		int rest = value;
		do {
			int digit = rest & 0x7F;
			rest >>>= 7;
			u8((rest > 0) ? (digit | 0x80) : digit);
		}
		while (rest > 0);
		return this;
	}

	ByteWriter text(String value) {
		return binary(value.getBytes(StandardCharsets.UTF_8));
	}

	ByteWriter binary(byte[] value) {
		return u16(value.length).raw(value);
	}

	ByteWriter raw(byte[] value) {
		this.bytes.writeBytes(value);
		return this;
	}

	int size() {
		return this.bytes.size();
	}

	byte[] toBytes() {
		return this.bytes.toByteArray();
	}

	/**
	 * Put a fixed header (MQTT 5 §2.1.1) before a body.
	 * @param type the packet type, 0 to 15
	 * @param flags the four flag bits
	 * @param body the variable header and payload
	 * @return the packet
	 */
	static byte[] frame(int type, int flags, byte[] body) {
		return new ByteWriter().u8((type << 4) | flags).varInt(body.length).raw(body).toBytes();
	}

	/**
	 * Turn numbers into bytes, so that tests can write {@code 0x87} without a cast.
	 * @param values the values, of which the low eight bits count
	 * @return the bytes
	 */
	static byte[] bytes(int... values) {
		byte[] result = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			result[i] = (byte) values[i];
		}
		return result;
	}

}
