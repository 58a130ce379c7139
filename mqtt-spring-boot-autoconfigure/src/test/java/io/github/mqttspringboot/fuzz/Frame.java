package io.github.mqttspringboot.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One packet as bytes, cut without the code under test.
 *
 * @param header the first byte, 0 to 255
 * @param body what follows the fixed header
 */
@SuppressWarnings("ArrayRecordComponent")
record Frame(int header, byte[] body) {

	/**
	 * Cut a stream into packets, up to the first that is not whole or has no proper
	 * Remaining Length.
	 * @param bytes the stream
	 * @return the packets
	 */
	static List<Frame> cut(byte[] bytes) {
		List<Frame> frames = new ArrayList<>();
		ByteBuffer source = ByteBuffer.wrap(bytes);
		Frame frame = next(source);
		while (frame != null) {
			frames.add(frame);
			frame = next(source);
		}
		return frames;
	}

	private static @Nullable Frame next(ByteBuffer source) {
		if (!source.hasRemaining()) {
			return null;
		}
		int header = source.get() & 0xFF;
		int length = 0;
		for (int i = 0; i < 4 && source.hasRemaining(); i++) {
			int octet = source.get() & 0xFF;
			length += (octet & 0x7F) << (7 * i);
			if (octet < 0x80) {
				boolean minimal = octet != 0 || i == 0;
				if (!minimal || length > source.remaining()) {
					return null;
				}
				byte[] body = new byte[length];
				source.get(body);
				return new Frame(header, body);
			}
		}
		return null;
	}

	int type() {
		return this.header >> 4;
	}

	byte[] bytes() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(this.body.length + 5);
		bytes.write(this.header);
		writeVariable(bytes, this.body.length);
		bytes.writeBytes(this.body);
		return bytes.toByteArray();
	}

	static void writeVariable(ByteArrayOutputStream target, int value) {
		int rest = value;
		while (rest > 0x7F) {
			target.write((rest & 0x7F) | 0x80);
			rest >>= 7;
		}
		target.write(rest);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Frame frame && this.header == frame.header && Arrays.equals(this.body, frame.body);
	}

	@Override
	public int hashCode() {
		return 31 * this.header + Arrays.hashCode(this.body);
	}

}
