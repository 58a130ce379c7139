package io.github.mqttspringboot.paho;

import java.io.OutputStream;

/**
 * What Paho writes to.
 */
final class GateOutputStream extends OutputStream {

	private final OutputStream output;

	private final GateModule.Gate gate;

	GateOutputStream(OutputStream output, GateModule.Gate gate) {
		this.output = output;
		this.gate = gate;
	}

	@Override
	public void write(int value) {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) {
		this.gate.write(bytes, offset, length, this.output);
	}

}
