package io.github.mqttspringboot.packet;

/**
 * Variable byte integers (MQTT 5 §1.5.5).
 */
final class VariableByteInteger {

	static final int MAX = 268_435_455;

	private VariableByteInteger() {
	}

	/**
	 * Return how many bytes a value takes.
	 * @param value 0 to {@link #MAX}
	 * @return 1 to 4
	 */
	static int size(int value) {
		if (value < 0x80) {
			return 1;
		}
		if (value < 0x4000) {
			return 2;
		}
		return (value < 0x200000) ? 3 : 4;
	}

}
