package io.github.mqttspringboot.error;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DefaultErrorClassificationPolicy}.
 */
class DefaultErrorClassificationPolicyTests {

	private static final MqttFailure PUBACK_NOT_AUTHORIZED = MqttFailure
		.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED)
		.build();

	@Test
	void withoutOverridesTheTableDecides() {
		Classification classification = new DefaultErrorClassificationPolicy().classify(PUBACK_NOT_AUTHORIZED);
		assertThat(classification).isEqualTo(new Classification(ErrorClass.RECOVERABLE, "default"));
	}

	@Test
	void anOverrideDecidesAndItsPropertyIsTheRule() {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.override(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECONNECT)
			.build();
		assertThat(policy.classify(PUBACK_NOT_AUTHORIZED))
			.isEqualTo(new Classification(ErrorClass.RECONNECT, "mqtt.error-policy.puback.not-authorized"));
		assertThat(policy.kind(PUBACK_NOT_AUTHORIZED)).isNull();
	}

	@Test
	void anOverrideOfOnePacketLeavesOtherPacketsAndCodesAlone() {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.override(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECONNECT)
			.build();
		assertThat(policy.classify(MqttFailure.of(PacketType.PUBREC, ReasonCode.NOT_AUTHORIZED).build()))
			.isEqualTo(new Classification(ErrorClass.RECOVERABLE, "default"));
		assertThat(policy.classify(MqttFailure.of(PacketType.PUBACK, ReasonCode.QUOTA_EXCEEDED).build()))
			.isEqualTo(new Classification(ErrorClass.RECOVERABLE, "default"));
	}

	@Test
	void anOverrideOfALocalErrorLeavesThePacketCodeOfThatNameAlone() {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.override(LocalError.CONNECTION_CLOSED, ErrorClass.THROTTLED)
			.override(PacketType.CONNACK, ReasonCode.PACKET_TOO_LARGE, ErrorClass.RECONNECT)
			.build();
		assertThat(policy.classify(MqttFailure.local(LocalError.CONNECTION_CLOSED).build()))
			.isEqualTo(new Classification(ErrorClass.THROTTLED, "mqtt.error-policy.local.connection-closed"));
		assertThat(policy.classify(MqttFailure.local(LocalError.PACKET_TOO_LARGE).build()))
			.isEqualTo(new Classification(ErrorClass.RECOVERABLE, "default"));
	}

	@Test
	void anOverrideToTheDefaultClassIsTheRuleNevertheless() {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.override(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECOVERABLE)
			.build();
		assertThat(policy.classify(PUBACK_NOT_AUTHORIZED).rule()).isEqualTo("mqtt.error-policy.puback.not-authorized");
	}

	@Test
	void theLastOverrideOfARowWins() {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.override(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECONNECT)
			.override(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.THROTTLED)
			.build();
		assertThat(policy.classify(PUBACK_NOT_AUTHORIZED).errorClass()).isEqualTo(ErrorClass.THROTTLED);
	}

	@Test
	void thePropertyPrefixOfAFurtherClientIsPartOfTheRule() {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.override(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECONNECT)
			.propertyPrefix("mqtt.clients.plant.error-policy")
			.build();
		assertThat(policy.classify(PUBACK_NOT_AUTHORIZED).rule())
			.isEqualTo("mqtt.clients.plant.error-policy.puback.not-authorized");
	}

	@Test
	void withACredentialsProviderTheRuleOfARefusalStaysDefault() {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.table(DefaultErrorTable.withCredentialsProvider())
			.build();
		MqttFailure failure = MqttFailure.of(PacketType.CONNACK, ReasonCode.NOT_AUTHORIZED).build();
		assertThat(policy.classify(failure)).isEqualTo(new Classification(ErrorClass.THROTTLED, "default"));
		assertThat(policy.table()).isSameAs(DefaultErrorTable.withCredentialsProvider());
	}

	@Test
	void anOverrideWinsOverTheCredentialsProvider() {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.table(DefaultErrorTable.withCredentialsProvider())
			.override(PacketType.CONNACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.FATAL)
			.build();
		MqttFailure failure = MqttFailure.of(PacketType.CONNACK, ReasonCode.NOT_AUTHORIZED).build();
		assertThat(policy.classify(failure).errorClass()).isEqualTo(ErrorClass.FATAL);
		assertThat(policy.kind(failure)).isEqualTo(FatalKind.AUTH);
	}

	@Test
	void aRowThatOnlyAPropertyMakesFatalIsOfKindPolicy() {
		DefaultErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.override(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.FATAL)
			.override(PacketType.DISCONNECT, ReasonCode.SESSION_TAKEN_OVER, ErrorClass.FATAL)
			.build();
		assertThat(policy.kind(PUBACK_NOT_AUTHORIZED)).isEqualTo(FatalKind.POLICY);
		assertThat(policy.kind(MqttFailure.of(PacketType.DISCONNECT, ReasonCode.SESSION_TAKEN_OVER).build()))
			.isEqualTo(FatalKind.IDENTITY);
	}

	static Stream<Arguments> everyOverride() {
		return ErrorMatrix.rows()
			.stream()
			.flatMap((row) -> Stream.of(ErrorClass.values()).map((errorClass) -> Arguments.of(row, errorClass)));
	}

	@ParameterizedTest
	@MethodSource("everyOverride")
	void everyOverrideIsTakenOrRefusedAsTheTableSays(ErrorMatrix.Row row, ErrorClass errorClass) {
		MqttFailure failure = row.failure();
		Set<ErrorClass> allowed = DefaultErrorTable.standard().allowedOverrides(failure);
		DefaultErrorClassificationPolicy.Builder builder = DefaultErrorClassificationPolicy.builder();
		if (failure.localError() != null) {
			builder.override(failure.localError(), errorClass);
		}
		else {
			builder.override(failure.packet(), failure.reasonCode(), errorClass);
		}
		String property = "mqtt.error-policy." + failure.packet().label() + "." + failure.reason();
		if (allowed.contains(errorClass)) {
			assertThat(builder.build().classify(failure)).isEqualTo(new Classification(errorClass, property));
		}
		else {
			assertThatExceptionOfType(InvalidErrorPolicyException.class).isThrownBy(builder::build).satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo(property);
				assertThat(ex.getValue()).isEqualTo(errorClass);
				assertThat(ex.getAllowed()).isEqualTo(allowed);
			});
		}
	}

	@Test
	void aClassThatIsNotAllowedIsRefusedWithTheAllowedOnes() {
		assertThatExceptionOfType(InvalidErrorPolicyException.class)
			.isThrownBy(() -> DefaultErrorClassificationPolicy.builder()
				.override(PacketType.CONNACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.SUCCESS)
				.build())
			.withMessage("'mqtt.error-policy.connack.not-authorized' cannot be 'success': "
					+ "CONNACK 0x87 Not authorized can only be one of RECONNECT, THROTTLED, FATAL")
			.satisfies((ex) -> {
				assertThat(ex.getReason())
					.isEqualTo("CONNACK 0x87 Not authorized can only be one of RECONNECT, THROTTLED, FATAL");
				assertThat(ex.getAllowed())
					.isEqualTo(EnumSet.of(ErrorClass.RECONNECT, ErrorClass.THROTTLED, ErrorClass.FATAL));
			});
	}

	@Test
	void aRowWithoutOverridesIsRefusedWithItsClass() {
		assertThatExceptionOfType(InvalidErrorPolicyException.class)
			.isThrownBy(() -> DefaultErrorClassificationPolicy.builder()
				.override(LocalError.INVALID_TOPIC, ErrorClass.RECONNECT)
				.build())
			.withMessage("'mqtt.error-policy.local.invalid-topic' cannot be 'reconnect': "
					+ "INVALID_TOPIC is always RECOVERABLE")
			.satisfies((ex) -> assertThat(ex.getAllowed()).isEmpty());
	}

	@Test
	void aCodeThatThePacketCannotCarryIsRefusedWithTheCodesThatItCan() {
		assertThatExceptionOfType(InvalidErrorPolicyException.class)
			.isThrownBy(() -> DefaultErrorClassificationPolicy.builder()
				.override(PacketType.PUBCOMP, ReasonCode.SESSION_TAKEN_OVER, ErrorClass.RECONNECT)
				.build())
			.withMessage("'mqtt.error-policy.pubcomp.session-taken-over' cannot be 'reconnect': PUBCOMP cannot carry "
					+ "the reason code session-taken-over, only success, packet-identifier-not-found")
			.satisfies((ex) -> assertThat(ex.getAllowed()).isEmpty());
	}

	@Test
	void aPacketWithoutReasonCodesIsRefused() {
		assertThatExceptionOfType(InvalidErrorPolicyException.class)
			.isThrownBy(() -> DefaultErrorClassificationPolicy.builder()
				.override(PacketType.PUBLISH, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECONNECT)
				.build())
			.withMessageEndingWith("PUBLISH carries no reason code");
	}

}
