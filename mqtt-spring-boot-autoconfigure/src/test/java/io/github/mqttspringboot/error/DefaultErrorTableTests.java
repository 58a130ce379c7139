package io.github.mqttspringboot.error;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DefaultErrorTable}.
 */
class DefaultErrorTableTests {

	private final DefaultErrorTable table = DefaultErrorTable.standard();

	static Stream<ErrorMatrix.Row> matrix() {
		return ErrorMatrix.rows().stream();
	}

	@ParameterizedTest
	@MethodSource("matrix")
	void hasEachRowOfTheMatrix(ErrorMatrix.Row row) {
		MqttFailure failure = row.failure();
		if (!row.errorClass().startsWith("by ")) {
			assertThat(this.table.errorClass(failure)).hasToString(row.errorClass());
		}
		FatalKind kind = this.table.kind(failure);
		assertThat((kind != null) ? kind.name() : "").isEqualTo(row.kind());
		assertThat(this.table.suspect(failure) ? "yes" : "").isEqualTo(row.suspect());
		if (!row.isLocal()) {
			assertThat(failure.reasonCode()).isNotNull();
			assertThat(failure.reasonCode().description()).isEqualToIgnoringCase(row.name());
			assertThat(failure.hex()).isEqualTo(row.code());
		}
	}

	@Test
	void theMatrixHasEachLegalReasonCodeAndEachLocalErrorOnce() {
		List<String> expected = new ArrayList<>();
		for (PacketType packet : PacketType.values()) {
			for (ReasonCode code : ReasonCode.values()) {
				if (code.isLegalIn(packet)) {
					expected.add(packet + " " + String.format(Locale.ROOT, "0x%02X", code.value()));
				}
			}
		}
		for (LocalError error : LocalError.values()) {
			expected.add("LOCAL " + error);
		}
		assertThat(matrix().map((row) -> row.packet() + " " + (row.isLocal() ? row.name() : row.code())))
			.containsExactlyInAnyOrderElementsOf(expected);
	}

	@Test
	void hasNoRowThatTheMatrixHasNot() {
		ErrorRows rows = new ErrorRows();
		List<String> packetRows = new ArrayList<>();
		for (PacketType packet : PacketType.values()) {
			for (ReasonCode code : ReasonCode.values()) {
				if (rows.find(packet, code) != null) {
					packetRows.add(packet + " " + String.format(Locale.ROOT, "0x%02X", code.value()) + " "
							+ code.description().toLowerCase(Locale.ROOT));
				}
			}
		}
		assertThat(packetRows).containsExactlyInAnyOrderElementsOf(matrix().filter((row) -> !row.isLocal())
			.map((row) -> row.packet() + " " + row.code() + " " + row.name().toLowerCase(Locale.ROOT))
			.toList());
	}

	@Test
	void theRowsThatDependOnMoreThanTheirNameAreKnown() {
		assertThat(matrix().filter((row) -> row.errorClass().startsWith("by ")).map(ErrorMatrix.Row::name))
			.containsExactlyInAnyOrder("UNKNOWN_REASON_CODE", "WEBSOCKET_HANDSHAKE_REFUSED");
	}

	@ParameterizedTest
	@CsvSource({ "PUBACK, 0x8E, RECOVERABLE", "PUBACK, 0xC0, RECOVERABLE", "PUBACK, 0x05, RECOVERABLE",
			"PUBREC, 0xFF, RECOVERABLE", "PUBREL, 0x80, RECOVERABLE", "PUBCOMP, 0x87, RECOVERABLE",
			"SUBACK, 0x03, RECOVERABLE", "SUBACK, 0xE0, RECOVERABLE", "UNSUBACK, 0x10, RECOVERABLE",
			"CONNACK, 0x8B, RECONNECT", "CONNACK, 0x05, RECONNECT", "CONNACK, 0xF0, RECONNECT",
			"DISCONNECT, 0x88, RECONNECT", "DISCONNECT, 0xFE, RECONNECT", "DISCONNECT, 0x01, RECONNECT" })
	void aCodeThatThePacketCannotCarryFollowsThePacketsGeneralRule(PacketType packet, String code,
			ErrorClass expected) {
		MqttFailure failure = MqttFailure.of(packet, Integer.decode(code)).build();
		assertThat(failure.reason()).isEqualTo(code);
		assertThat(this.table.errorClass(failure)).isEqualTo(expected);
		assertThat(this.table.kind(failure)).isNull();
		assertThat(this.table.suspect(failure)).isFalse();
	}

	@Test
	void anyAuthIsAProtocolError() {
		MqttFailure failure = MqttFailure.of(PacketType.AUTH, 0xC1).build();
		assertThat(this.table.errorClass(failure)).isEqualTo(ErrorClass.FATAL);
		assertThat(this.table.kind(failure)).isEqualTo(FatalKind.PROTOCOL);
		assertThat(this.table.allowedOverrides(failure)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "401, FATAL, AUTH", "403, FATAL, AUTH", "404, FATAL, CONFIG", "400, RECONNECT,", "500, RECONNECT,",
			"503, RECONNECT,", "200, RECONNECT,", "-1, RECONNECT," })
	void aRefusedWebSocketUpgradeIsClassifiedByItsStatus(int status, ErrorClass errorClass, FatalKind kind) {
		MqttFailure failure = MqttFailure.local(LocalError.WEBSOCKET_HANDSHAKE_REFUSED).httpStatus(status).build();
		assertThat(this.table.errorClass(failure)).isEqualTo(errorClass);
		assertThat(this.table.kind(failure)).isEqualTo(kind);
	}

	@Test
	void theHttpStatusMeansNothingForOtherFailures() {
		MqttFailure failure = MqttFailure.local(LocalError.CONNECTION_REFUSED).httpStatus(401).build();
		assertThat(this.table.errorClass(failure)).isEqualTo(ErrorClass.RECONNECT);
	}

	@ParameterizedTest
	@EnumSource(names = { "BAD_USER_NAME_OR_PASSWORD", "NOT_AUTHORIZED" })
	void freshCredentialsMakeARefusalThrottled(ReasonCode code) {
		DefaultErrorTable withProvider = DefaultErrorTable.withCredentialsProvider();
		MqttFailure failure = MqttFailure.of(PacketType.CONNACK, code).build();
		assertThat(withProvider.errorClass(failure)).isEqualTo(ErrorClass.THROTTLED);
		assertThat(withProvider.kind(failure)).isNull();
		assertThat(withProvider.kind(failure, ErrorClass.FATAL)).isEqualTo(FatalKind.AUTH);
		assertThat(withProvider.allowedOverrides(failure)).isEqualTo(this.table.allowedOverrides(failure));
	}

	@ParameterizedTest
	@MethodSource("matrix")
	void freshCredentialsChangeNothingElse(ErrorMatrix.Row row) {
		MqttFailure failure = row.failure();
		boolean refused = row.packet().equals("CONNACK") && Set.of("0x86", "0x87").contains(row.code());
		assertThat(DefaultErrorTable.withCredentialsProvider().errorClass(failure) == this.table.errorClass(failure))
			.isEqualTo(!refused);
	}

	@Test
	void whatOnlyThePolicyMakesFatalIsOfKindPolicy() {
		MqttFailure rejection = MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED).build();
		MqttFailure taken = MqttFailure.of(PacketType.DISCONNECT, ReasonCode.SESSION_TAKEN_OVER).build();
		assertThat(this.table.kind(rejection, ErrorClass.FATAL)).isEqualTo(FatalKind.POLICY);
		assertThat(this.table.kind(rejection, ErrorClass.RECOVERABLE)).isNull();
		assertThat(this.table.kind(taken, ErrorClass.FATAL)).isEqualTo(FatalKind.IDENTITY);
		assertThat(this.table.kind(taken, ErrorClass.RECONNECT)).isNull();
	}

	@ParameterizedTest
	@MethodSource("matrix")
	void whereOverridesAreAllowedTheDefaultIsOneOfThem(ErrorMatrix.Row row) {
		Set<ErrorClass> allowed = this.table.allowedOverrides(row.failure());
		if (!allowed.isEmpty()) {
			assertThat(allowed).contains(this.table.errorClass(row.failure()));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "CONNACK | 0x00 | ", "CONNACK | 0x05 | ",
			"CONNACK | 0x80 | RECONNECT THROTTLED FATAL", "CONNACK | 0x87 | RECONNECT THROTTLED FATAL",
			"CONNACK | 0xF0 | RECONNECT THROTTLED FATAL", "CONNACK | 0x9C | RECONNECT THROTTLED REDIRECT FATAL",
			"CONNACK | 0x9D | RECONNECT THROTTLED REDIRECT FATAL", "DISCONNECT | 0x00 | RECONNECT THROTTLED FATAL",
			"DISCONNECT | 0x04 | RECONNECT THROTTLED FATAL", "DISCONNECT | 0x8E | RECONNECT THROTTLED FATAL",
			"DISCONNECT | 0xF0 | RECONNECT THROTTLED FATAL", "DISCONNECT | 0x9C | RECONNECT THROTTLED REDIRECT FATAL",
			"DISCONNECT | 0x9D | RECONNECT THROTTLED REDIRECT FATAL", "PUBACK | 0x00 | ",
			"PUBACK | 0x10 | SUCCESS RECOVERABLE", "PUBACK | 0x05 | ",
			"PUBACK | 0x87 | RECOVERABLE RECONNECT THROTTLED FATAL",
			"PUBACK | 0xC0 | RECOVERABLE RECONNECT THROTTLED FATAL", "PUBREC | 0x00 | ",
			"PUBREC | 0x10 | SUCCESS RECOVERABLE", "PUBREC | 0x97 | RECOVERABLE RECONNECT THROTTLED FATAL",
			"PUBREL | 0x00 | ", "PUBREL | 0x92 | RECOVERABLE RECONNECT THROTTLED FATAL", "PUBCOMP | 0x00 | ",
			"PUBCOMP | 0x92 | SUCCESS RECOVERABLE", "SUBACK | 0x00 | ", "SUBACK | 0x01 | ", "SUBACK | 0x02 | ",
			"SUBACK | 0x9E | RECOVERABLE RECONNECT THROTTLED FATAL", "UNSUBACK | 0x00 | ",
			"UNSUBACK | 0x11 | SUCCESS RECOVERABLE", "UNSUBACK | 0x10 | ",
			"UNSUBACK | 0x8F | RECOVERABLE RECONNECT THROTTLED FATAL", "AUTH | 0x00 | ", "AUTH | 0x18 | ",
			"AUTH | 0x19 | " })
	void allowsForAReasonCodeWhatItsPacketAllows(PacketType packet, String code, String allowed) {
		assertThat(this.table.allowedOverrides(MqttFailure.of(packet, Integer.decode(code)).build()))
			.isEqualTo(classes(allowed));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.INCLUDE,
			names = { "INBOUND_TOPIC_ALIAS_INVALID", "INBOUND_MALFORMED", "INBOUND_TOO_LARGE", "INBOUND_PROTOCOL_ERROR",
					"INBOUND_RECEIVE_MAXIMUM_EXCEEDED", "TLS_SERVER_NOT_TRUSTED", "TLS_CLIENT_CERTIFICATE_REFUSED",
					"TLS_INCOMPATIBLE", "TLS_HANDSHAKE_INTERRUPTED", "UNKNOWN_HOST", "CONNECTION_REFUSED",
					"CONNECT_TIMEOUT", "CONNACK_TIMEOUT", "PING_TIMEOUT", "CONNECTION_CLOSED", "CLOSED_BEFORE_CONNACK",
					"MQTT_3_1_1_ONLY", "WEBSOCKET_HANDSHAKE_REFUSED", "CREDENTIALS_UNAVAILABLE",
					"UNEXPECTED_SESSION_PRESENT", "INTERNAL_ERROR" })
	void allowsForALocalErrorThatConcernsTheConnectionWhatEndsIt(LocalError error) {
		assertThat(this.table.allowedOverrides(MqttFailure.local(error).build())).containsExactly(ErrorClass.RECONNECT,
				ErrorClass.THROTTLED, ErrorClass.FATAL);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.INCLUDE,
			names = { "PACKET_TOO_LARGE", "EMPTY_SUBSCRIPTION", "INVALID_TOPIC", "QOS_NOT_SUPPORTED",
					"RETAIN_NOT_SUPPORTED", "WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED",
					"SHARED_SUBSCRIPTIONS_NOT_SUPPORTED", "SUBSCRIPTION_CONFLICT", "IN_FLIGHT_WINDOW_FULL",
					"PACKET_IDENTIFIERS_EXHAUSTED", "NOT_CONNECTED", "PERSISTENCE_FAILED", "PERSISTENCE_UNAVAILABLE",
					"LISTENER_FAILED", "UNSOLICITED_ACK", "ACK_COUNT_MISMATCH", "UNKNOWN_REASON_CODE", "ACK_TIMEOUT",
					"SESSION_LOST" })
	void allowsNothingForALocalErrorThatLeavesTheConnectionAlone(LocalError error) {
		assertThat(this.table.allowedOverrides(MqttFailure.local(error).build())).isEmpty();
	}

	private static Set<ErrorClass> classes(String names) {
		return (names != null) ? Set.copyOf(Stream.of(names.trim().split(" ")).map(ErrorClass::valueOf).toList())
				: Set.of();
	}

}
