package io.github.mqttspringboot.error;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The rows of {@code error-matrix.tsv}.
 */
final class ErrorMatrix {

	private ErrorMatrix() {
	}

	static List<Row> rows() {
		return read().lines().skip(1).map((line) -> line.split("\t", -1)).map(Row::of).toList();
	}

	private static String read() {
		try (InputStream in = ErrorMatrix.class.getResourceAsStream("/error-matrix.tsv")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	record Row(String packet, String code, String name, String errorClass, String kind, String suspect) {

		static Row of(String[] columns) {
			return new Row(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]);
		}

		boolean isLocal() {
			return this.packet.equals("LOCAL");
		}

		MqttFailure failure() {
			return isLocal() ? MqttFailure.local(LocalError.valueOf(this.name)).build()
					: MqttFailure.of(PacketType.valueOf(this.packet), Integer.decode(this.code)).build();
		}

	}

}
