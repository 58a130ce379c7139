package io.github.mqttspringboot.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.ObjectUtils;
import org.springframework.util.StringUtils;

import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for the configuration metadata.
 */
class MqttPropertiesMetadataTests {

	private static final Set<String> PACKETS = Set.of("local", "connack", "puback", "pubrec", "pubrel", "pubcomp",
			"suback", "unsuback", "disconnect");

	/** What a client makes of its own name, so that no value can be shown. */
	private static final Set<String> WITHOUT_DEFAULT = Set.of("mqtt.ssl.enabled");

	private static ConfigurationMetadata metadata;

	@BeforeAll
	static void readMetadata() throws Exception {
		metadata = ConfigurationMetadata.read();
	}

	@Test
	void everyPropertyHasADescription() {
		assertThat(metadata.properties().values()).isNotEmpty()
			.allSatisfy((property) -> assertThat(property.description()).as(property.name()).matches("(?s)[A-Z].*\\."));
	}

	@Test
	void thePropertiesAreThoseOfTheDesign() {
		assertThat(metadata.properties().keySet().stream().filter((name) -> !name.startsWith("mqtt.error-policy.")))
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
					"mqtt.poison.enabled", "mqtt.poison.suspect-window", "mqtt.poison.max-strikes",
					"mqtt.health.down-after", "mqtt.request.reply-topic", "mqtt.request.timeout", "mqtt.clients",
					"mqtt.listener.auto-startup", "mqtt.listener.concurrency", "mqtt.listener.ack-mode",
					"mqtt.listener.dead-letter-topic", "mqtt.listener.shutdown-timeout",
					"mqtt.listener.retry.max-attempts", "mqtt.listener.retry.delay", "mqtt.listener.retry.multiplier",
					"mqtt.listener.retry.max-delay", "mqtt.observation.enabled", "management.health.mqtt.enabled",
					"management.endpoint.mqtt.access", "management.endpoint.mqtt.cache.time-to-live");
	}

	// A default binds to what the property is without it
	@Test
	void everyPropertyThatHasADefaultShowsIt() {
		BeanWrapper fresh = PropertyAccessorFactory.forBeanPropertyAccess(new MqttProperties());
		bindable().filter((property) -> !WITHOUT_DEFAULT.contains(property.name())).forEach((property) -> {
			Object expected = fresh.getPropertyValue(path(property.name()));
			String shown = property.defaultValue();
			if (shown == null) {
				assertThat(ObjectUtils.isEmpty(expected)).as("%s has the default %s", property.name(), expected)
					.isTrue();
			}
			else {
				assertThat(bound(property.name(), shown)).as(property.name()).isEqualTo(expected);
			}
		});
	}

	@Test
	void theDefaultsAreThoseOfTheDesign() {
		assertThat(defaults("mqtt.enabled", "mqtt.servers", "mqtt.keep-alive", "mqtt.connect-timeout",
				"mqtt.session-expiry", "mqtt.receive-maximum", "mqtt.startup-mode", "mqtt.startup-timeout",
				"mqtt.log-interval", "mqtt.incident-history", "mqtt.reconnect.base-delay", "mqtt.reconnect.multiplier",
				"mqtt.reconnect.max-delay", "mqtt.reconnect.floor", "mqtt.reconnect.throttled-floor",
				"mqtt.reconnect.throttled-max-delay", "mqtt.reconnect.initial-spread", "mqtt.reconnect.stable-after",
				"mqtt.reconnect.max-attempts", "mqtt.reconnect.probe-interval", "mqtt.publish.when-disconnected",
				"mqtt.publish.on-session-loss", "mqtt.publish.max-in-flight", "mqtt.persistence.type",
				"mqtt.listener.ack-mode", "mqtt.listener.retry.max-attempts", "mqtt.health.down-after",
				"mqtt.will.delay", "mqtt.poison.enabled", "mqtt.poison.suspect-window", "mqtt.poison.max-strikes"))
			.containsExactly("true", "mqtt://localhost:1883", "60s", "10s", "5m", "1000", "background", "30s", "10s",
					"50", "1s", "2", "2m", "250ms", "30s", "10m", "2s", "30s", "0", "10m", "buffer", "resend", "1000",
					"memory", "auto", "3", "30s", "0s", "true", "2s", "2");
	}

	@Test
	void everyNumberSaysWhatItCounts() {
		assertThat(bindable().filter((property) -> property.type().matches("java\\.lang\\.(Integer|Double)")))
			.isNotEmpty()
			.allSatisfy((property) -> assertThat(property.description()).as(property.name())
				.matches("(Number of .*|QoS .*, 0 to 2\\.|Factor .*, at least 1\\.)"));
	}

	@Test
	void everyDurationAndSizeShowsItsUnit() {
		assertThat(bindable().filter((property) -> property.type().equals("java.time.Duration"))
			.map(ConfigurationMetadata.Property::defaultValue)
			.filter((value) -> value != null)).isNotEmpty().allMatch((value) -> value.matches("\\d+(ms|s|m|h)"));
		assertThat(bindable().filter((property) -> property.description().contains("If a duration suffix")))
			.extracting(ConfigurationMetadata.Property::name)
			.containsExactlyInAnyOrder("mqtt.keep-alive", "mqtt.session-expiry", "mqtt.will.delay",
					"mqtt.will.message-expiry");
	}

	@Test
	void nothingIsDeprecatedWithoutAReplacement() {
		assertThat(metadata.properties().values()).filteredOn(ConfigurationMetadata.Property::isDeprecated)
			.allSatisfy((property) -> assertThat(property.node().path("deprecation").path("replacement").asString(""))
				.as(property.name())
				.isIn(metadata.properties().keySet()));
	}

	@Test
	void furtherClientsHaveTheSamePropertiesByName() {
		assertThat(metadata.properties().get("mqtt.clients").type())
			.isEqualTo("java.util.Map<java.lang.String,io.github.mqttspringboot.autoconfigure.MqttClientProperties>");
	}

	@Test
	void theHintsNameEveryPacketThatCanBeOverridden() {
		assertThat(metadata.hints("mqtt.error-policy.keys")).containsExactlyInAnyOrderElementsOf(PACKETS);
		assertThat(metadata.properties().keySet().stream().filter((name) -> name.startsWith("mqtt.error-policy.")))
			.containsExactlyInAnyOrderElementsOf(PACKETS.stream().map("mqtt.error-policy."::concat).toList());
	}

	@Test
	void theHintsNameEveryReasonThatCanBeOverriddenAndNoOther() {
		for (String packet : PACKETS) {
			assertThat(metadata.hints("mqtt.error-policy." + packet + ".keys")).as(packet)
				.containsExactlyInAnyOrderElementsOf(
						ConfigurableFailures.of(packet).stream().map(MqttFailure::reason).toList());
		}
	}

	@Test
	void theHintsNameEveryClassThatAPacketCanHaveAndNoOther() {
		for (String packet : PACKETS) {
			assertThat(metadata.hints("mqtt.error-policy." + packet + ".values")).as(packet)
				.containsExactlyInAnyOrderElementsOf(ConfigurableFailures.of(packet)
					.stream()
					.flatMap((failure) -> ConfigurableFailures.allowed(failure).stream())
					.map(ErrorClass::label)
					.collect(Collectors.toCollection(TreeSet::new)));
		}
	}

	@Test
	void theDescriptionsNameEveryClassThatAPacketCanHaveAndNoOther() {
		for (String packet : PACKETS) {
			String property = "mqtt.error-policy." + packet;
			List<String> words = List.of(metadata.properties().get(property).description().split("[^a-z-]+"));
			assertThat(Stream.of(ErrorClass.values()).map(ErrorClass::label).filter(words::contains)).as(packet)
				.containsExactlyInAnyOrderElementsOf(metadata.hints(property + ".values"));
		}
	}

	@Test
	void everyHintIsOfAPropertyAndSaysWhatItMeans() {
		assertThat(metadata.hintNames()).doesNotHaveDuplicates()
			.allSatisfy((name) -> assertThat(metadata.properties().keySet())
				.contains(name.replaceFirst("\\.(keys|values)$", "")));
		assertThat(metadata.hintsWithoutDescription()).isEmpty();
	}

	@Test
	void everyHintBindsToWhatTheClientAccepts() {
		for (String name : metadata.hintNames()) {
			for (String value : metadata.hints(name)) {
				assertThatNoException().as(name + "=" + value).isThrownBy(() -> apply(name, value));
			}
		}
	}

	@Test
	void aHintThatDoesNotBindWouldBeFound() {
		assertThatException().isThrownBy(() -> apply("mqtt.publish.qos", "3"));
		assertThatException().isThrownBy(() -> apply("mqtt.servers", "http://a"));
		assertThatException().isThrownBy(() -> apply("mqtt.error-policy.connack.keys", "bannned"));
		assertThatException().isThrownBy(() -> apply("mqtt.error-policy.connack.values", "recoverable"));
		assertThatException().isThrownBy(() -> apply("mqtt.error-policy.keys", "conack"));
	}

	// A client is made of the value, with a key that takes it where it needs one
	private static void apply(String hint, String value) {
		String name = hint.replaceFirst("\\.(keys|values)$", "");
		List<Map<String, String>> candidates = new ArrayList<>();
		if (hint.equals("mqtt.error-policy.keys")) {
			ConfigurableFailures.of(value)
				.forEach((failure) -> add(candidates, name + "." + value + "." + failure.reason(), failure));
		}
		else if (hint.endsWith(".keys")) {
			ConfigurableFailures.of(packet(name)).forEach((failure) -> add(candidates, name + "." + value, failure));
		}
		else if (hint.endsWith(".values")) {
			ConfigurableFailures.of(packet(name))
				.forEach((failure) -> candidates.add(Map.of(name + "." + failure.reason(), value)));
		}
		else {
			candidates
				.add(name.startsWith("mqtt.will.") ? Map.of(name, value, "mqtt.will.topic", "a") : Map.of(name, value));
		}
		RuntimeException last = new IllegalStateException("no candidate");
		for (Map<String, String> candidate : candidates) {
			try {
				create(candidate);
				return;
			}
			catch (RuntimeException ex) {
				last = ex;
			}
		}
		throw last;
	}

	private static String packet(String name) {
		return name.substring("mqtt.error-policy.".length());
	}

	private static void add(List<Map<String, String>> candidates, String name, MqttFailure failure) {
		ConfigurableFailures.allowed(failure).forEach((errorClass) -> candidates.add(Map.of(name, errorClass.label())));
	}

	private static void create(Map<String, String> values) {
		MqttProperties properties = new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("mqtt",
				MqttProperties.class);
		new ErrorPolicyFactory("mqtt.error-policy", DefaultErrorTable.standard()).create(properties.getErrorPolicy());
		new ClientSettingsFactory("mqtt", null).create("default", properties,
				new PropertiesMqttConnectionDetails("mqtt", properties, null));
	}

	private static Stream<ConfigurationMetadata.Property> bindable() {
		return metadata.properties()
			.values()
			.stream()
			.filter((property) -> property.name().startsWith("mqtt.") && !property.name().equals("mqtt.enabled")
					&& !property.name().startsWith("mqtt.error-policy."));
	}

	private static @Nullable Object bound(String name, String value) {
		MqttProperties properties = new Binder(new MapConfigurationPropertySource(Map.of(name, value)))
			.bind("mqtt", MqttProperties.class)
			.get();
		return PropertyAccessorFactory.forBeanPropertyAccess(properties).getPropertyValue(path(name));
	}

	private static String path(String name) {
		return Arrays.stream(name.substring("mqtt.".length()).split("\\."))
			.map((element) -> StringUtils.uncapitalize(
					Arrays.stream(element.split("-")).map(StringUtils::capitalize).collect(Collectors.joining())))
			.collect(Collectors.joining("."));
	}

	private static List<@Nullable String> defaults(String... names) {
		return Arrays.stream(names).map((name) -> metadata.properties().get(name).defaultValue()).toList();
	}

}
