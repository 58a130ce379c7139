package io.github.mqttspringboot.paho;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads ahead, as much as one read of the stream gives.
 */
final class ByteSource {

	private final InputStream input;

	private final byte[] buffer = new byte[16 * 1024];

	private int position;

	private int limit;

	/**
	 * Create a source.
	 * @param input what to read
	 */
	ByteSource(InputStream input) {
		this.input = input;
	}

	/**
	 * Read a byte.
	 * @return the byte, -1 at the end
	 * @throws IOException if reading fails
	 */
	int read() throws IOException {
		return (this.position < this.limit || fill()) ? this.buffer[this.position++] & 0xFF : -1;
	}

	/**
	 * Read a byte.
	 * @return the byte
	 * @throws IOException if reading fails
	 * @throws EOFException at the end
	 */
	int require() throws IOException {
		int value = read();
		if (value < 0) {
			throw new EOFException("the stream ended inside a WebSocket frame");
		}
		return value;
	}

	/**
	 * Read what there is.
	 * @param target where to
	 * @param offset the first index
	 * @param length at most so many, at least 1
	 * @return how many bytes were read, -1 at the end
	 * @throws IOException if reading fails
	 */
	int read(byte[] target, int offset, int length) throws IOException {
		if (this.position == this.limit) {
			if (length >= this.buffer.length) {
				return this.input.read(target, offset, length);
			}
			if (!fill()) {
				return -1;
			}
		}
		int count = Math.min(length, this.limit - this.position);
		System.arraycopy(this.buffer, this.position, target, offset, count);
		this.position += count;
		return count;
	}

	private boolean fill() throws IOException {
		this.position = 0;
		this.limit = Math.max(0, this.input.read(this.buffer));
		return this.limit > 0;
	}

}
