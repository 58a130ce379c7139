package io.github.mqttspringboot.client;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Advice}.
 */
class AdviceTests {

	static Stream<MqttFailure> fatalCodes() {
		return Stream.of(PacketType.CONNACK, PacketType.DISCONNECT, PacketType.AUTH)
			.flatMap((packet) -> IntStream.range(0, 0x100)
				.filter((code) -> ReasonCode.find(packet, code) != null)
				.mapToObj((code) -> MqttFailure.of(packet, code).build()))
			.filter((failure) -> DefaultErrorTable.standard().errorClass(failure) == ErrorClass.FATAL);
	}

	@ParameterizedTest
	@MethodSource("fatalCodes")
	void whoeverStopsForACodeSaysWhatToChange(MqttFailure failure) {
		assertThat(Advice.of(failure)).isNotBlank();
	}

	@ParameterizedTest
	@EnumSource(names = { "PACKET_TOO_LARGE", "EMPTY_SUBSCRIPTION", "INVALID_TOPIC", "QOS_NOT_SUPPORTED",
			"RETAIN_NOT_SUPPORTED", "WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED", "SHARED_SUBSCRIPTIONS_NOT_SUPPORTED",
			"SUBSCRIPTION_CONFLICT", "IN_FLIGHT_WINDOW_FULL", "PACKET_IDENTIFIERS_EXHAUSTED", "NOT_CONNECTED",
			"ACK_TIMEOUT" })
	void whoeverRefusesAnOperationSaysWhatToChange(LocalError error) {
		assertThat(Advice.of(MqttFailure.local(error).build())).isNotBlank();
	}

	@Test
	void aCodeThatIsNoneIsCalledOne() {
		assertThat(Arrays.asList(Advice.of(MqttFailure.of(PacketType.PUBACK, 0xC1).build()),
				Advice.of(MqttFailure.of(PacketType.CONNACK, 0x8E).build())))
			.containsExactly("MQTT 5 knows no such reason code in PUBACK; ask the operator of the server",
					"MQTT 5 knows no such reason code in CONNACK; ask the operator of the server");
	}

	@Test
	void itEndsAMessage() {
		assertThat(Advice.suffix(MqttFailure.of(PacketType.CONNACK, ReasonCode.CLIENT_IDENTIFIER_NOT_VALID).build(),
				settings("default")))
			.isEqualTo(". Check 'mqtt.client-id'");
		assertThat(Advice.suffix(MqttFailure.local(LocalError.CONNECTION_CLOSED).build(), settings("default")))
			.isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "BAD_USER_NAME_OR_PASSWORD", "NOT_AUTHORIZED" })
	void itNamesWhereTheCredentialsComeFrom(ReasonCode code) {
		MqttFailure refused = MqttFailure.of(PacketType.CONNACK, code).build();
		assertThat(Advice.suffix(refused, settings("default"))).contains("'mqtt.username'", "'mqtt.password'");
		assertThat(Advice.suffix(refused, settings("default"), true)).contains("MqttCredentialsProvider")
			.doesNotContain("mqtt.");
	}

	@ParameterizedTest
	@EnumSource(LocalError.class)
	void itNamesThePropertiesOfTheClient(LocalError error) {
		assertThat(Advice.suffix(MqttFailure.local(error).build(), settings("telemetry")))
			.doesNotContainPattern("mqtt\\.(?!clients\\.telemetry\\.)");
	}

	@ParameterizedTest
	@EnumSource(value = LocalError.class,
			names = { "TLS_SERVER_NOT_TRUSTED", "TLS_CLIENT_CERTIFICATE_REFUSED", "TLS_INCOMPATIBLE" })
	void itNamesTheSslBundleWhereTlsFails(LocalError error) {
		assertThat(Advice.suffix(MqttFailure.local(error).build(), settings("telemetry")))
			.contains("'mqtt.clients.telemetry.ssl.bundle'");
	}

	@Test
	void itSaysWhatHelpsAgainstAServerThatSendsTooMuch() {
		assertThat(Advice.suffix(MqttFailure.local(LocalError.INBOUND_RECEIVE_MAXIMUM_EXCEEDED).build(),
				settings("telemetry")))
			.contains("'mqtt.clients.telemetry.receive-maximum'", "65535");
	}

	private static ClientSettings settings(String name) {
		TestClient.Config config = new TestClient.Config();
		config.name = name;
		return config.settings();
	}

}
