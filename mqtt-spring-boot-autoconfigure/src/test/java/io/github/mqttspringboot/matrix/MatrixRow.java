package io.github.mqttspringboot.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;

/**
 * A row of {@code error-matrix.tsv}.
 */
record MatrixRow(String packet, String code, String name, String errorClass, String kind, String owner) {

	static List<MatrixRow> all() {
		return read().lines().skip(1).map((line) -> line.split("\t", -1)).map(MatrixRow::of).toList();
	}

	static MatrixRow find(String key) {
		return all().stream().filter((row) -> row.key().equals(key)).findFirst().orElseThrow();
	}

	private static MatrixRow of(String[] columns) {
		return new MatrixRow(columns[0], columns[1], columns[2], columns[3], columns[4], columns[6]);
	}

	private static String read() {
		try (InputStream in = MatrixRow.class.getResourceAsStream("/error-matrix.tsv")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What scenarios are found by: {@code PUBACK 0x87} or {@code PING_TIMEOUT}. */
	String key() {
		return isLocal() ? this.name : this.packet + " " + this.code;
	}

	boolean isLocal() {
		return this.packet.equals("LOCAL");
	}

	/**
	 * The class may depend on more than the row: {@code by packet}, {@code by status}.
	 */
	boolean hasOneClass() {
		return !this.errorClass.startsWith("by ");
	}

	int value() {
		return isLocal() ? -1 : Integer.decode(this.code);
	}

	MqttFailure failure() {
		return isLocal() ? MqttFailure.local(LocalError.valueOf(this.name)).build()
				: MqttFailure.of(PacketType.valueOf(this.packet), value()).build();
	}

	/** The tags of a counter, spelled independently of the product. */
	String tags() {
		String reason = this.name.startsWith("0x") ? this.name
				: this.name.toLowerCase(Locale.ROOT).replace(' ', '-').replace('_', '-');
		return this.packet.toLowerCase(Locale.ROOT) + "/" + reason;
	}

	@Override
	public String toString() {
		return isLocal() ? "LOCAL " + this.name : key() + " " + this.name;
	}

}
