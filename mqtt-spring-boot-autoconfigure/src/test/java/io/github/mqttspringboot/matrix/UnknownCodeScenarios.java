package io.github.mqttspringboot.matrix;

import java.util.List;

/**
 * Reason codes that MQTT 5 does not know, at all or in that packet.
 */
final class UnknownCodeScenarios {

	private UnknownCodeScenarios() {
	}

	/**
	 * Rows that the table does not have: what it says of unknown codes, made explicit.
	 */
	static List<MatrixRow> rows() {
		return List.of(recoverable("PUBACK", "0x8E"), recoverable("PUBACK", "0xC1"), recoverable("PUBACK", "0x05"),
				recoverable("PUBREC", "0x8E"), recoverable("PUBREC", "0xC1"), recoverable("PUBREC", "0x05"),
				recoverable("PUBREL", "0xC1"), recoverable("PUBCOMP", "0xC1"), recoverable("SUBACK", "0x05"),
				recoverable("SUBACK", "0x8E"), recoverable("SUBACK", "0xC1"), recoverable("UNSUBACK", "0x05"),
				recoverable("UNSUBACK", "0x97"), recoverable("UNSUBACK", "0xC1"), reconnect("CONNACK", "0x8E"),
				reconnect("CONNACK", "0xC1"), reconnect("DISCONNECT", "0x05"), reconnect("DISCONNECT", "0x92"),
				reconnect("DISCONNECT", "0xC1"));
	}

	private static MatrixRow recoverable(String packet, String code) {
		return new MatrixRow(packet, code, code, "RECOVERABLE", "", "gate");
	}

	private static MatrixRow reconnect(String packet, String code) {
		return new MatrixRow(packet, code, code, "RECONNECT", "", "gate");
	}

	static void everyPacket(Trial unused) {
		for (MatrixRow row : rows()) {
			try (Trial trial = new Trial(row, Ruling.standard(row))) {
				Scenarios.find(row).run(trial);
			}
			catch (Exception | AssertionError ex) {
				throw new AssertionError(row + ": " + ex.getMessage(), ex);
			}
		}
	}

}
