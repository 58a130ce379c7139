package io.github.mqttspringboot.matrix;

import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ThreadWatch;
import io.github.mqttspringboot.testing.When;

/**
 * Rows of the matrix that can come about in more than one way.
 */
class ErrorMatrixVariantTests {

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt.*");

	@AfterEach
	void nothingIsLeft() {
		this.threads.assertGone();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CONNACK 0x86", "CONNACK 0x87" })
	void refusedCredentialsAreFetchedAgainWhereAProviderMayHaveBetterOnes(String key) throws Exception {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.table(DefaultErrorTable.withCredentialsProvider())
			.build();
		run(MatrixRow.find(key), new Ruling(ErrorClass.THROTTLED, Classification.DEFAULT_RULE, null, policy),
				ConnectionScenarios::connackWithFreshCredentials);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CONNACK 0x86", "CONNACK 0x87", "CONNACK 0x8A" })
	void whereProbesAreOffThereIsNoSecondAttempt(String key) throws Exception {
		run(key, ConnectionScenarios::connackRefused);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CONNACK 0x9C", "CONNACK 0x9D" })
	void aServerThatPointsElsewhereIsNotBelievedUnlessRedirectsAreEnabled(String key) throws Exception {
		run(key, ConnectionScenarios::connackRefused);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DISCONNECT 0x9C", "DISCONNECT 0x9D" })
	void aServerThatSendsElsewhereIsNotBelievedUnlessRedirectsAreEnabled(String key) throws Exception {
		run(key, ConnectionScenarios::disconnect);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CONNACK 0x9C", "CONNACK 0x9D" })
	void aServerThatRedirectsIsNotTheNextOneTried(String key) throws Exception {
		run(key, ConnectionScenarios::connackAtOneOfTwo);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DISCONNECT 0x9C", "DISCONNECT 0x9D" })
	void aServerThatSendsAwayIsNotTheNextOneTried(String key) throws Exception {
		run(key, ConnectionScenarios::disconnectAtOneOfTwo);
	}

	@Test
	void aPublishFailsAtOnceWhereNothingIsBuffered() throws Exception {
		run("NOT_CONNECTED", LocalScenarios::notConnectedFailsAtOnce);
	}

	@Test
	void aSlowCredentialsProviderEndsTheAttempt() throws Exception {
		run("CREDENTIALS_UNAVAILABLE", LocalScenarios::credentialsTakeTooLong);
	}

	@Test
	void aResetIsTheEndOfTheConnectionToo() throws Exception {
		run("CONNECTION_CLOSED", (trial) -> {
			trial.connect();
			trial.broker.lastConnection().reset();
			trial.expectConnectionLost();
			trial.finish();
		});
	}

	@Test
	void aResetBeforeConnackEndsTheAttempt() throws Exception {
		run("CLOSED_BEFORE_CONNACK", (trial) -> {
			trial.broker.on(When.connect()).reset().once();
			ConnectionScenarios.refused(trial);
			trial.finish();
		});
	}

	static Stream<Arguments> tlsFaults() {
		return Stream.of(tls("TLS_SERVER_NOT_TRUSTED", "expired", TlsScenarios::expired),
				tls("TLS_SERVER_NOT_TRUSTED", "for another host", TlsScenarios::wrongHost),
				tls("TLS_CLIENT_CERTIFICATE_REFUSED", "none, TLS 1.2", TlsScenarios::noClientCertificateInTls12),
				tls("TLS_CLIENT_CERTIFICATE_REFUSED", "a strange one", TlsScenarios::strangeClientCertificate),
				tls("TLS_CLIENT_CERTIFICATE_REFUSED", "a strange one, TLS 1.2",
						TlsScenarios::strangeClientCertificateInTls12),
				tls("TLS_INCOMPATIBLE", "no common protocol", TlsScenarios::noCommonProtocol));
	}

	private static Arguments tls(String key, String how, Scenario scenario) {
		return Arguments.of(key, how, scenario);
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("tlsFaults")
	void aTlsFaultIsToldApart(String key, String how, Scenario scenario) throws Exception {
		run(key, scenario);
	}

	static Stream<Arguments> malformed() {
		return Stream.of(Arguments.of("packet type 0", bytes(0x00, 0)),
				Arguments.of("PUBACK with flags", bytes(0x41, 2, 0, 1)),
				Arguments.of("a Remaining Length of five bytes", bytes(0x40, 0xFF, 0xFF, 0xFF, 0xFF, 0x01)),
				Arguments.of("PUBLISH that ends in its topic", bytes(0x30, 3, 0, 5, 'a')),
				Arguments.of("PUBLISH with a topic that is no UTF-8", bytes(0x30, 4, 0, 1, 0xFF, 0)),
				Arguments.of("PUBLISH with U+0000 in the topic", bytes(0x30, 4, 0, 1, 0, 0)),
				Arguments.of("PUBACK with an unknown property", bytes(0x40, 6, 0, 1, 0, 2, 0x7F, 0)),
				Arguments.of("PINGRESP with a body", bytes(0xD0, 1, 0)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("malformed")
	void aMalformedPacketEndsTheConnection(String what, byte[] packet) throws Exception {
		run("INBOUND_MALFORMED", (trial) -> {
			ConnectionScenarios.ended(trial, packet, 0x81);
			trial.finish();
		});
	}

	static Stream<Arguments> protocolErrors() {
		return Stream.of(Arguments.of("PUBLISH with QoS 3", Reply.publish("in/x", "x").qos(3).id(1).encode()),
				Arguments.of("SUBSCRIBE", bytes(0x82, 6, 0, 1, 0, 0, 0, 0)), Arguments.of("PINGREQ", bytes(0xC0, 0)),
				Arguments.of("PUBLISH with a wildcard", Reply.publish("in/#", "x").encode()),
				Arguments.of("PUBLISH with packet identifier 0", Reply.publish("in/x", "x").qos(1).id(0).encode()),
				Arguments.of("PUBACK with two reason strings", Reply.puback(0).id(1).reason("a").reason("b").encode()));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("protocolErrors")
	void aPacketThatBreaksTheProtocolEndsTheConnection(String what, byte[] packet) throws Exception {
		run("INBOUND_PROTOCOL_ERROR", (trial) -> {
			ConnectionScenarios.ended(trial, packet, 0x82);
			trial.finish();
		});
	}

	static Stream<Arguments> wrongFirstPackets() {
		return Stream.of(Arguments.of("CONNACK 0x05", Reply.connack(0x05).encode()),
				Arguments.of("PUBLISH", Reply.publish("in/x", "x").encode()),
				Arguments.of("PINGRESP", Reply.pingresp().encode()));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wrongFirstPackets")
	void aPacketInPlaceOfConnackEndsTheAttempt(String what, byte[] packet) throws Exception {
		run("INBOUND_PROTOCOL_ERROR", (trial) -> {
			trial.broker.on(When.connect()).answerRaw(packet).once();
			ConnectionScenarios.refused(trial);
			trial.finish();
		});
	}

	@Test
	void aDisconnectInPlaceOfConnackSaysWhy() throws Exception {
		run("DISCONNECT 0x89", (trial) -> {
			trial.broker.on(When.connect()).answer(Trial.told(Reply.disconnect(0x89))).thenClose().once();
			ConnectionScenarios.refused(trial);
			trial.finish();
		});
	}

	private static void run(String key, Scenario scenario) throws Exception {
		MatrixRow row = MatrixRow.find(key);
		run(row, Ruling.standard(row), scenario);
	}

	private static void run(MatrixRow row, Ruling ruling, Scenario scenario) throws Exception {
		try (Trial trial = new Trial(row, ruling)) {
			scenario.run(trial);
		}
	}

	private static byte[] bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return bytes;
	}

}
