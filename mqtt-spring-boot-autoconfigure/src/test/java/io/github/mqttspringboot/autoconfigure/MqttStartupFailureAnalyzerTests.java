package io.github.mqttspringboot.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationContextException;

import io.github.mqttspringboot.client.MqttStartupException;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttStartupFailureAnalyzer}.
 */
class MqttStartupFailureAnalyzerTests {

	@Test
	void theAnalysisNamesServersReasonAndRule() {
		FailureAnalysis analysis = analyze(MqttFailure.of(PacketType.CONNACK, ReasonCode.BAD_USER_NAME_OR_PASSWORD)
			.reasonString("go\naway")
			.build());
		assertThat(analysis.getDescription()).contains("The MQTT client 'default' could not connect.",
				"Server: mqtt://broker-1:1883", "Server: mqtt://broker-2:1883",
				"Reason: CONNACK 0x86 Bad User Name or Password (server says: go\\u000Aaway)",
				"Class: FATAL (rule: default)");
	}

	@ParameterizedTest
	@CsvSource({ "BAD_USER_NAME_OR_PASSWORD, mqtt.username and mqtt.password",
			"NOT_AUTHORIZED, mqtt.username and mqtt.password", "CLIENT_IDENTIFIER_NOT_VALID, mqtt.client-id",
			"BANNED, mqtt.servers", "UNSUPPORTED_PROTOCOL_VERSION, mqtt.servers", "SERVER_BUSY, mqtt.startup-timeout",
			"QOS_NOT_SUPPORTED, mqtt.will.qos", "PACKET_TOO_LARGE, mqtt.will.payload", "SERVER_MOVED, mqtt.servers" })
	void theActionNamesThePropertyForAReasonCode(ReasonCode reasonCode, String property) {
		assertThat(analyze(MqttFailure.of(PacketType.CONNACK, reasonCode).build()).getAction()).contains(property);
	}

	@ParameterizedTest
	@CsvSource({ "CONNECTION_REFUSED, mqtt.servers", "UNKNOWN_HOST, mqtt.servers",
			"CONNACK_TIMEOUT, mqtt.startup-timeout", "CONNECT_TIMEOUT, mqtt.connect-timeout",
			"CREDENTIALS_UNAVAILABLE, MqttCredentialsProvider", "TLS_SERVER_NOT_TRUSTED, mqtt.ssl.bundle",
			"TLS_CLIENT_CERTIFICATE_REFUSED, mqtt.ssl.bundle", "TLS_INCOMPATIBLE, mqtt.ssl.bundle",
			"PERSISTENCE_UNAVAILABLE, mqtt.persistence.directory", "CLOSED_BEFORE_CONNACK, mqtt.servers" })
	void theActionNamesThePropertyForALocalError(LocalError error, String property) {
		assertThat(analyze(MqttFailure.local(error).build()).getAction()).contains(property);
	}

	@Test
	void aStartInTheBackgroundIsNoWayRoundADirectoryOfNoUse() {
		assertThat(analyze(MqttFailure.local(LocalError.PERSISTENCE_UNAVAILABLE).build()).getAction())
			.doesNotContain("mqtt.startup-mode");
	}

	@ParameterizedTest
	@EnumSource(ReasonCode.class)
	void everyActionTellsHowToStartWithoutTheServer(ReasonCode reasonCode) {
		PacketType packet = reasonCode.isLegalIn(PacketType.CONNACK) ? PacketType.CONNACK : PacketType.DISCONNECT;
		assertThat(analyze(MqttFailure.of(packet, reasonCode).build()).getAction())
			.contains("mqtt.startup-mode=background");
	}

	@Test
	void aTimeoutWithoutAFailureNamesTheTimeout() {
		FailureAnalysis analysis = analyze(null);
		assertThat(analysis.getDescription()).contains("mqtt.startup-timeout").doesNotContain("Class:");
		assertThat(analysis.getAction()).contains("mqtt.servers", "mqtt.startup-timeout");
	}

	@Test
	void aCodeOfTheServersOwnIsShownInHexadecimal() {
		FailureAnalysis analysis = analyze(MqttFailure.of(PacketType.CONNACK, 0xF1).build());
		assertThat(analysis.getDescription()).contains("CONNACK 0xF1");
		assertThat(analysis.getAction()).contains("mqtt.servers");
	}

	@ParameterizedTest
	@EnumSource(LocalError.class)
	void thePropertiesAreThoseOfTheClient(LocalError error) {
		FailureAnalysis analysis = analyze("telemetry", MqttFailure.local(error).build());
		assertThat(analysis.getAction())
			.contains((error != LocalError.PERSISTENCE_UNAVAILABLE) ? "mqtt.clients.telemetry.startup-mode=background"
					: "mqtt.clients.telemetry.persistence.directory")
			.doesNotContainPattern("mqtt\\.(?!clients\\.telemetry\\.)");
		assertThat(analyze("telemetry", null).getDescription()).contains("mqtt.clients.telemetry.startup-timeout");
	}

	private static FailureAnalysis analyze(MqttFailure failure) {
		return analyze("default", failure);
	}

	private static MqttStartupException exception(String clientName, MqttFailure failure) {
		return new MqttStartupException("The MQTT client 'default' could not connect.", clientName,
				List.of("mqtt://broker-1:1883", "mqtt://broker-2:1883"), failure,
				(failure != null) ? new Classification(ErrorClass.FATAL, "default") : null);
	}

	private static FailureAnalysis analyze(String clientName, MqttFailure failure) {
		return new MqttStartupFailureAnalyzer(null, null).analyze(
				new ApplicationContextException("Failed to start bean 'mqttClient'", exception(clientName, failure)));
	}

}
