package io.github.mqttspringboot.paho;

import java.io.InputStream;

/**
 * What Paho reads: the few bytes the gate lets through, then the end.
 */
final class GateInputStream extends InputStream {

	private final InputStream input;

	private final GateModule.Gate gate;

	private byte[] bytes = new byte[0];

	private int position;

	private boolean ended;

	GateInputStream(InputStream input, GateModule.Gate gate) {
		this.input = input;
		this.gate = gate;
	}

	@Override
	public int read() {
		return (fill()) ? this.bytes[this.position++] & 0xFF : -1;
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		if (length == 0) {
			return 0;
		}
		if (!fill()) {
			return -1;
		}
		int count = Math.min(length, this.bytes.length - this.position);
		System.arraycopy(this.bytes, this.position, target, offset, count);
		this.position += count;
		return count;
	}

	@Override
	public int available() {
		return this.bytes.length - this.position;
	}

	private boolean fill() {
		if (this.position < this.bytes.length) {
			return true;
		}
		if (!this.ended) {
			this.bytes = this.gate.read(this.input);
			this.position = 0;
			this.ended = this.bytes.length == 0;
		}
		return !this.ended;
	}

}
