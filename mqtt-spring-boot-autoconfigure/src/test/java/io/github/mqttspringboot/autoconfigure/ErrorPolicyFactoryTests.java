package io.github.mqttspringboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ErrorPolicyFactory}.
 */
class ErrorPolicyFactoryTests {

	private static final MqttFailure REFUSED = MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED).build();

	@Test
	void withoutPropertiesTheDefaultTableDecides() {
		assertThat(policy(Map.of()).classify(REFUSED)).isEqualTo(new Classification(ErrorClass.RECOVERABLE, "default"));
	}

	@ParameterizedTest
	@CsvSource({ "puback.not-authorized, reconnect", "puback.notAuthorized, RECONNECT",
			"puback.not_authorized, Reconnect", "PUBACK.NOT-AUTHORIZED, reconnect" })
	void anOverrideDecidesAndIsNamedHoweverItIsSpelled(String property, String errorClass) {
		assertThat(policy(Map.of(property, errorClass)).classify(REFUSED))
			.isEqualTo(new Classification(ErrorClass.RECONNECT, "mqtt.error-policy.puback.not-authorized"));
	}

	@Test
	void aLocalErrorCanBeOverridden() {
		assertThat(policy(Map.of("local.connection-refused", "throttled"))
			.classify(MqttFailure.local(LocalError.CONNECTION_REFUSED).build()))
			.isEqualTo(new Classification(ErrorClass.THROTTLED, "mqtt.error-policy.local.connection-refused"));
	}

	@Test
	void overridesOfSeveralPacketsAndSourcesComeTogether() {
		ErrorClassificationPolicy policy = policy(Map.of("puback.not-authorized", "fatal", "pubrec.not-authorized",
				"throttled", "puback.quota-exceeded", "reconnect"));
		assertThat(policy.classify(REFUSED).errorClass()).isEqualTo(ErrorClass.FATAL);
		assertThat(policy.classify(MqttFailure.of(PacketType.PUBREC, ReasonCode.NOT_AUTHORIZED).build()).errorClass())
			.isEqualTo(ErrorClass.THROTTLED);
		assertThat(policy.classify(MqttFailure.of(PacketType.PUBACK, ReasonCode.QUOTA_EXCEEDED).build()).errorClass())
			.isEqualTo(ErrorClass.RECONNECT);
	}

	@Test
	void anEnvironmentVariableOverridesThePropertyOfTheSameMeaning() {
		SystemEnvironmentPropertySource environment = new SystemEnvironmentPropertySource("systemEnvironment",
				Map.of("MQTT_ERRORPOLICY_PUBACK_NOTAUTHORIZED", "throttled"));
		MapPropertySource file = new MapPropertySource("file",
				Map.of("mqtt.error-policy.puback.not-authorized", "reconnect"));
		MutablePropertySources sources = new MutablePropertySources();
		sources.addLast(environment);
		sources.addLast(file);
		MqttProperties properties = new Binder(ConfigurationPropertySources.from(sources))
			.bind("mqtt", MqttProperties.class)
			.get();
		assertThat(policy(properties).classify(REFUSED).errorClass()).isEqualTo(ErrorClass.THROTTLED);
	}

	@Test
	void anOverrideThatIsNotAllowedNamesTheAllowedOnes() {
		assertInvalid("puback.not-authorized", "success", "mqtt.error-policy.puback.not-authorized", "success",
				"Use one of: recoverable, reconnect, throttled, fatal.");
		assertInvalid("disconnect.server-busy", "recoverable", "mqtt.error-policy.disconnect.server-busy",
				"recoverable", "Use one of: reconnect, throttled, fatal.");
	}

	@Test
	void anErrorFoundBeforeTheWireCannotBeOverridden() {
		assertInvalid("local.invalid-topic", "fatal", "mqtt.error-policy.local.invalid-topic", "fatal",
				"Remove the property");
	}

	@Test
	void anUnknownClassNamesTheAllowedOnes() {
		assertInvalid("connack.server-busy", "ignore", "mqtt.error-policy.connack.server-busy", "ignore",
				"Use one of: reconnect, throttled, fatal.");
	}

	@Test
	void anUnknownReasonNamesThoseOfThePacket() {
		assertInvalid("puback.no-such-reason", "fatal", "mqtt.error-policy.puback.no-such-reason", "fatal",
				"PUBACK has no reason code of that name.", "not-authorized, topic-name-invalid");
		assertInvalid("local.no-such-error", "fatal", "mqtt.error-policy.local.no-such-error", "fatal",
				"connection-refused");
	}

	@Test
	void aReasonOfAnotherPacketIsRefused() {
		assertInvalid("puback.server-busy", "fatal", "mqtt.error-policy.puback.server-busy", "fatal",
				"PUBACK has no reason code of that name.");
	}

	@ParameterizedTest
	@CsvSource({ "pubak", "publish", "auth" })
	void anUnknownPacketNamesTheKnownOnes(String packet) {
		assertInvalid(packet + ".not-authorized", "fatal", "mqtt.error-policy." + packet, null,
				"Use one of: local, connack, puback, pubrec, pubrel, pubcomp, suback, unsuback, disconnect.");
	}

	private static void assertInvalid(String property, String value, String name, String shown, String... text) {
		assertThatExceptionOfType(InvalidMqttPropertyException.class).isThrownBy(() -> policy(Map.of(property, value)))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo(name);
				assertThat(ex.getValue()).isEqualTo(shown);
				assertThat(ex.getReason() + " " + ex.getAction()).contains(text);
			});
	}

	private static ErrorClassificationPolicy policy(Map<String, String> overrides) {
		Map<String, Object> values = new LinkedHashMap<>();
		overrides.forEach((name, value) -> values.put("mqtt.error-policy." + name, value));
		return policy(new Binder(ConfigurationPropertySources.from(new MapPropertySource("test", values)))
			.bindOrCreate("mqtt", MqttProperties.class));
	}

	private static ErrorClassificationPolicy policy(MqttProperties properties) {
		return new ErrorPolicyFactory("mqtt.error-policy", DefaultErrorTable.standard())
			.create(properties.getErrorPolicy());
	}

}
