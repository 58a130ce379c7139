package io.github.mqttspringboot.autoconfigure;

import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the configuration metadata.
 */
class MqttPropertiesMetadataTests {

	private static final Set<PacketType> PACKETS = Set.of(PacketType.LOCAL, PacketType.CONNACK, PacketType.PUBACK,
			PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP, PacketType.SUBACK, PacketType.UNSUBACK,
			PacketType.DISCONNECT);

	private static JsonNode metadata;

	@BeforeAll
	static void readMetadata() throws Exception {
		URL location = MqttProperties.class.getProtectionDomain().getCodeSource().getLocation();
		URL file = Path.of(location.toURI()).resolve("META-INF/spring-configuration-metadata.json").toUri().toURL();
		try (InputStream stream = file.openStream()) {
			metadata = new JsonMapper().readTree(stream);
		}
	}

	@Test
	void everyPropertyHasADescription() {
		assertThat(properties()).isNotEmpty()
			.allSatisfy((property) -> assertThat(property.path("description").asString(""))
				.as(property.path("name").asString())
				.endsWith("."));
	}

	@Test
	void thePropertiesAreThoseOfTheDocumentation() {
		assertThat(properties().map((property) -> property.path("name").asString())
			.filter((name) -> name.startsWith("mqtt.") && !name.startsWith("mqtt.error-policy.")))
			.containsExactlyInAnyOrder("mqtt.enabled", "mqtt.auto-startup", "mqtt.servers", "mqtt.client-id",
					"mqtt.username", "mqtt.password", "mqtt.keep-alive", "mqtt.connect-timeout", "mqtt.clean-start",
					"mqtt.session-expiry", "mqtt.receive-maximum", "mqtt.maximum-packet-size",
					"mqtt.request-problem-information", "mqtt.user-properties", "mqtt.startup-mode",
					"mqtt.startup-timeout", "mqtt.log-interval", "mqtt.incident-history", "mqtt.ssl.enabled",
					"mqtt.ssl.bundle", "mqtt.will.topic", "mqtt.will.payload", "mqtt.will.qos", "mqtt.will.retain",
					"mqtt.will.delay", "mqtt.will.message-expiry", "mqtt.will.content-type",
					"mqtt.reconnect.base-delay", "mqtt.reconnect.multiplier", "mqtt.reconnect.max-delay",
					"mqtt.reconnect.floor", "mqtt.reconnect.throttled-floor", "mqtt.reconnect.throttled-max-delay",
					"mqtt.reconnect.initial-spread", "mqtt.reconnect.stable-after", "mqtt.reconnect.max-attempts",
					"mqtt.reconnect.probe-interval", "mqtt.redirect.enabled", "mqtt.redirect.allowed-hosts",
					"mqtt.persistence.type", "mqtt.persistence.directory", "mqtt.error-policy", "mqtt.publish.qos",
					"mqtt.publish.retain", "mqtt.publish.timeout", "mqtt.publish.max-in-flight",
					"mqtt.publish.when-disconnected", "mqtt.publish.buffer-size", "mqtt.publish.on-session-loss",
					"mqtt.subscribe.qos", "mqtt.subscribe.timeout", "mqtt.listener.queue-capacity",
					"mqtt.health.down-after", "mqtt.request.reply-topic", "mqtt.request.timeout", "mqtt.clients",
					"mqtt.listener.auto-startup", "mqtt.listener.concurrency", "mqtt.listener.ack-mode",
					"mqtt.listener.dead-letter-topic", "mqtt.listener.shutdown-timeout",
					"mqtt.listener.retry.max-attempts", "mqtt.listener.retry.delay", "mqtt.listener.retry.multiplier",
					"mqtt.listener.retry.max-delay", "mqtt.observation.enabled");
	}

	@Test
	void theDefaultsAreShown() {
		assertThat(defaultValue("mqtt.keep-alive")).isEqualTo("\"60s\"");
		assertThat(defaultValue("mqtt.servers")).isEqualTo("[\"mqtt://localhost:1883\"]");
		assertThat(defaultValue("mqtt.publish.when-disconnected")).isEqualTo("\"buffer\"");
		assertThat(defaultValue("mqtt.enabled")).isEqualTo("true");
	}

	@Test
	void furtherClientsHaveTheSamePropertiesByName() {
		assertThat(properties().filter((property) -> property.path("name").asString().equals("mqtt.clients"))
			.map((property) -> property.path("type").asString())).containsExactly(
					"java.util.Map<java.lang.String,io.github.mqttspringboot.autoconfigure.MqttClientProperties>");
	}

	@Test
	void theHintsNameEveryReasonThatCanBeOverriddenAndNoOther() {
		for (PacketType packet : PACKETS) {
			assertThat(hints("mqtt.error-policy." + packet.label() + ".keys")).as(packet.label())
				.isEqualTo(failures(packet).filter((failure) -> !allowed(failure).isEmpty())
					.map(MqttFailure::reason)
					.collect(Collectors.toCollection(TreeSet::new)));
		}
	}

	@Test
	void theHintsNameEveryClassThatAPacketCanHaveAndNoOther() {
		for (PacketType packet : PACKETS) {
			assertThat(hints("mqtt.error-policy." + packet.label() + ".values")).as(packet.label())
				.isEqualTo(failures(packet).flatMap((failure) -> allowed(failure).stream())
					.map(ErrorClass::label)
					.collect(Collectors.toCollection(TreeSet::new)));
		}
	}

	@Test
	void everyHintBelongsToAProperty() {
		List<String> names = properties().map((property) -> property.path("name").asString()).toList();
		assertThat(stream("hints").map((hint) -> hint.path("name").asString().replaceFirst("\\.(keys|values)$", "")))
			.allSatisfy((name) -> assertThat(names).contains(name));
	}

	private static Stream<MqttFailure> failures(PacketType packet) {
		if (packet == PacketType.LOCAL) {
			return Arrays.stream(LocalError.values()).map((error) -> MqttFailure.local(error).build());
		}
		return Arrays.stream(ReasonCode.values())
			.filter((code) -> code.isLegalIn(packet))
			.map((code) -> MqttFailure.of(packet, code).build());
	}

	private static Set<ErrorClass> allowed(MqttFailure failure) {
		return DefaultErrorTable.standard().allowedOverrides(failure);
	}

	private static Set<String> hints(String name) {
		return stream("hints").filter((hint) -> hint.path("name").asString().equals(name))
			.flatMap((hint) -> children(hint.path("values")))
			.map((value) -> value.path("value").asString())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String defaultValue(String name) {
		return properties().filter((property) -> property.path("name").asString().equals(name))
			.map((property) -> property.path("defaultValue").toString())
			.findFirst()
			.orElseThrow();
	}

	private static Stream<JsonNode> properties() {
		return stream("properties");
	}

	private static Stream<JsonNode> stream(String name) {
		return children(metadata.path(name));
	}

	private static Stream<JsonNode> children(JsonNode array) {
		List<JsonNode> children = new ArrayList<>();
		array.forEach(children::add);
		return children.stream();
	}

}
