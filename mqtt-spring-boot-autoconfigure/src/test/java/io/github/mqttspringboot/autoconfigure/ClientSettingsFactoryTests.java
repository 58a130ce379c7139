package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.client.ClientSettings.StartupMode;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.client.wire.Will;
import io.github.mqttspringboot.error.UserProperty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ClientSettingsFactory}.
 */
class ClientSettingsFactoryTests {

	@Test
	void theDefaultsAreThoseOfTheDocumentation() {
		ClientSettings settings = settings();
		assertThat(settings.name()).isEqualTo("default");
		assertThat(settings.clientId()).matches("app-[a-z0-9]{8}");
		assertThat(settings.clientIdGenerated()).isTrue();
		assertThat(settings.servers()).containsExactly(URI.create("mqtt://localhost:1883"));
		assertThat(settings.keepAlive()).isEqualTo(Duration.ofSeconds(60));
		assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(settings.cleanStart()).isTrue();
		assertThat(settings.sessionExpiry()).isEqualTo(Duration.ofMinutes(5));
		assertThat(settings.receiveMaximum()).isEqualTo(1000);
		assertThat(settings.maximumPacketSize()).isNull();
		assertThat(settings.requestProblemInformation()).isTrue();
		assertThat(settings.userProperties()).isEmpty();
		assertThat(settings.will()).isNull();
		assertThat(settings.sslContext()).isNull();
		assertThat(settings.autoStartup()).isTrue();
		assertThat(settings.startupMode()).isEqualTo(StartupMode.BACKGROUND);
		assertThat(settings.startupTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(settings.logInterval()).isEqualTo(Duration.ofSeconds(10));
		assertThat(settings.incidentHistory()).isEqualTo(50);
		assertThat(settings.reconnect()).isEqualTo(new ClientSettings.Reconnect(Duration.ofSeconds(1), 2,
				Duration.ofMinutes(2), Duration.ofMillis(250), Duration.ofSeconds(30), Duration.ofMinutes(10),
				Duration.ofSeconds(2), Duration.ofSeconds(30), 0, Duration.ofMinutes(10)));
		assertThat(settings.publish()).isEqualTo(new ClientSettings.Publish(1, false, Duration.ofSeconds(30), 1000,
				WhenDisconnected.BUFFER, 1000, OnSessionLoss.RESEND));
		assertThat(settings.subscribe()).isEqualTo(new ClientSettings.Subscribe(1, Duration.ofSeconds(30)));
		assertThat(settings.listener()).isEqualTo(ClientSettings.Listener.defaults());
		assertThat(settings.redirect()).isEqualTo(ClientSettings.Redirect.disabled());
		assertThat(settings.persistence()).isEqualTo(ClientSettings.Persistence.memory());
		assertThat(settings.poison()).isEqualTo(new ClientSettings.Poison(true, Duration.ofSeconds(2), 2));
	}

	@Test
	void whereToGoAndWhatToKeepReachTheSettings() {
		ClientSettings settings = settings("redirect.enabled", "true", "redirect.allowed-hosts", "a:1883, b:1884",
				"persistence.type", "file", "persistence.directory", "/var/lib/gateway");
		assertThat(settings.redirect()).isEqualTo(new ClientSettings.Redirect(true, List.of("a:1883", "b:1884")));
		assertThat(settings.persistence())
			.isEqualTo(new ClientSettings.Persistence(PersistenceType.FILE, Path.of("/var/lib/gateway")));
	}

	@Test
	void filesWithoutADirectoryAreRefused() {
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> settings("persistence.type", "file"))
			.withMessageContaining("mqtt.persistence.directory");
	}

	@Test
	void aDirectoryThatCannotBeOneIsRefused() {
		assertInvalid("mqtt.persistence.directory", "a\\u0000", "not the name of a directory", "persistence.type",
				"file", "persistence.directory", "a\0");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "broker-2|There is no port", "broker-2:0|out of range", "broker-2:65536|out of range",
					"mqtt://broker-2:1883|It has a scheme", "*.example.com:1883|not a host", "broker_2:1883|not a host",
					"a:1883 b:1883|not a host", "a:1883/x|not a host", "-a:1883|not a host", "::1:1883|not a host",
					"[::1]|There is no port", "a:1883,,b:1883|is blank" })
	void aHostOfARedirectThatIsNotOneIsRefused(String value, String reason) {
		String shown = value.contains(",") ? "" : value;
		assertInvalid("mqtt.redirect.allowed-hosts", shown, reason, "redirect.allowed-hosts", value);
		assertInvalid("mqtt.redirect.allowed-hosts", "******", "not a host", "redirect.allowed-hosts",
				"user:secret@broker-2:1883");
	}

	@Test
	void hostsOfARedirectAreNamesOrAddressesInAnyCase() {
		assertThat(settings("redirect.allowed-hosts", "Broker-2.Example.com:8883, 192.0.2.1:1, [2001:DB8::1]:65535")
			.redirect()
			.allowedHosts()).containsExactly("broker-2.example.com:8883", "192.0.2.1:1", "[2001:db8::1]:65535");
	}

	@Test
	void everyPropertyReachesTheSettings() {
		ClientSettings settings = settings("client-id", "gateway", "servers", "mqtt://a, tcp://b:18830", "keep-alive",
				"20", "connect-timeout", "5s", "clean-start", "false", "session-expiry", "1d", "receive-maximum", "7",
				"maximum-packet-size", "64KB", "request-problem-information", "false", "user-properties.site", "north",
				"auto-startup", "false", "startup-mode", "fail-fast", "startup-timeout", "1m", "log-interval", "1s",
				"incident-history", "3");
		assertThat(settings.clientId()).isEqualTo("gateway");
		assertThat(settings.clientIdGenerated()).isFalse();
		assertThat(settings.servers()).containsExactly(URI.create("mqtt://a:1883"), URI.create("tcp://b:18830"));
		assertThat(settings.keepAlive()).isEqualTo(Duration.ofSeconds(20));
		assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(settings.cleanStart()).isFalse();
		assertThat(settings.sessionExpiry()).isEqualTo(Duration.ofDays(1));
		assertThat(settings.receiveMaximum()).isEqualTo(7);
		assertThat(settings.maximumPacketSize()).isEqualTo(65_536);
		assertThat(settings.requestProblemInformation()).isFalse();
		assertThat(settings.userProperties()).containsExactly(new UserProperty("site", "north"));
		assertThat(settings.autoStartup()).isFalse();
		assertThat(settings.startupMode()).isEqualTo(StartupMode.FAIL_FAST);
		assertThat(settings.startupTimeout()).isEqualTo(Duration.ofMinutes(1));
		assertThat(settings.logInterval()).isEqualTo(Duration.ofSeconds(1));
		assertThat(settings.incidentHistory()).isEqualTo(3);
	}

	@Test
	void everyReconnectPropertyReachesTheSettings() {
		assertThat(settings("reconnect.base-delay", "1ms", "reconnect.multiplier", "1.5", "reconnect.max-delay", "20ms",
				"reconnect.floor", "2ms", "reconnect.throttled-floor", "3ms", "reconnect.throttled-max-delay", "4ms",
				"reconnect.initial-spread", "5ms", "reconnect.stable-after", "6ms", "reconnect.max-attempts", "9",
				"reconnect.probe-interval", "10s")
			.reconnect())
			.isEqualTo(new ClientSettings.Reconnect(Duration.ofMillis(1), 1.5, Duration.ofMillis(20),
					Duration.ofMillis(2), Duration.ofMillis(3), Duration.ofMillis(4), Duration.ofMillis(5),
					Duration.ofMillis(6), 9, Duration.ofSeconds(10)));
	}

	@Test
	void everyPublishAndSubscribePropertyReachesTheSettings() {
		ClientSettings settings = settings("publish.qos", "2", "publish.retain", "true", "publish.timeout", "1s",
				"publish.max-in-flight", "5", "publish.when-disconnected", "fail", "publish.buffer-size", "0",
				"publish.on-session-loss", "fail", "subscribe.qos", "0", "subscribe.timeout", "2s",
				"listener.queue-capacity", "7", "poison.enabled", "false", "poison.suspect-window", "5s",
				"poison.max-strikes", "3");
		assertThat(settings.publish()).isEqualTo(new ClientSettings.Publish(2, true, Duration.ofSeconds(1), 5,
				WhenDisconnected.FAIL, 0, OnSessionLoss.FAIL));
		assertThat(settings.subscribe()).isEqualTo(new ClientSettings.Subscribe(0, Duration.ofSeconds(2)));
		assertThat(settings.listener()).isEqualTo(new ClientSettings.Listener(7));
		assertThat(settings.poison()).isEqualTo(new ClientSettings.Poison(false, Duration.ofSeconds(5), 3));
	}

	@Test
	void everyWillPropertyReachesTheSettings() {
		Will will = settings("will.topic", "gateway/status", "will.payload", "gone", "will.qos", "2", "will.retain",
				"true", "will.delay", "10", "will.message-expiry", "1h", "will.content-type", "text/plain")
			.will();
		assertThat(will).isNotNull();
		assertThat(will.topic()).isEqualTo("gateway/status");
		assertThat(will.payload()).isEqualTo("gone".getBytes(StandardCharsets.UTF_8));
		assertThat(will.qos()).isEqualTo(2);
		assertThat(will.retain()).isTrue();
		assertThat(will.delay()).isEqualTo(Duration.ofSeconds(10));
		assertThat(will.messageExpiry()).isEqualTo(Duration.ofHours(1));
		assertThat(will.contentType()).isEqualTo("text/plain");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "keep-alive|65536s|65536s|0s to 65535s", "keep-alive|-1s|-1s|0s to 65535s",
			"keep-alive|500ms|500ms|whole seconds", "connect-timeout|0s|0s|positive duration",
			"session-expiry|4294967296s|4294967296s|0s to 4294967295s", "receive-maximum|0|0|1 to 65535",
			"receive-maximum|65536|65536|1 to 65535", "maximum-packet-size|0B|0B|1B to 4294967295B",
			"maximum-packet-size|4GB|4294967296B|1B to 4294967295B", "startup-timeout|-1ms|-1ms|zero or a positive",
			"log-interval|-1s|-1s|zero or a positive", "incident-history|-1|-1|zero or a positive",
			"publish.qos|3|3|0 to 2", "publish.qos|-1|-1|0 to 2", "publish.timeout|0s|0s|positive duration",
			"publish.max-in-flight|0|0|1 to 65535", "publish.max-in-flight|65536|65536|1 to 65535",
			"publish.buffer-size|-1|-1|zero or a positive", "subscribe.qos|3|3|0 to 2",
			"poison.suspect-window|0s|0s|positive duration", "poison.max-strikes|0|0|1 to",
			"listener.queue-capacity|0|0|1 to", "subscribe.timeout|-1s|-1s|positive duration", "will.qos|3|3|0 to 2",
			"will.delay|-1s|-1s|0s to 4294967295s", "will.message-expiry|-1s|-1s|0s to 4294967295s",
			"reconnect.base-delay|-1s|-1s|zero or a positive", "reconnect.multiplier|0.9|0.9|at least 1",
			"reconnect.multiplier|NaN|NaN|at least 1", "reconnect.multiplier|Infinity|Infinity|at least 1",
			"reconnect.max-delay|10ms|10ms|at least 250ms", "reconnect.floor|-1s|-1s|zero or a positive",
			"reconnect.throttled-floor|0s|0s|positive duration", "reconnect.throttled-max-delay|29s|29s|at least 30s",
			"reconnect.initial-spread|-1s|-1s|zero or a positive", "reconnect.stable-after|-1s|-1s|zero or a positive",
			"reconnect.max-attempts|-1|-1|zero or a positive", "health.down-after|-1s|-1s|zero or a positive" })
	void aValueOutOfRangeIsExplained(String property, String value, String shown, String allowed) {
		assertInvalid("mqtt." + property, shown, allowed, property, value);
	}

	@Test
	void aReconnectWithoutAPauseIsRefused() {
		assertInvalid("mqtt.reconnect.base-delay", "0s", "positive duration", "reconnect.base-delay", "0",
				"reconnect.floor", "0");
	}

	@Test
	void theLimitsThemselvesAreAllowed() {
		ClientSettings settings = settings("keep-alive", "65535s", "session-expiry", "4294967295s", "receive-maximum",
				"65535", "maximum-packet-size", "4294967295B", "publish.max-in-flight", "65535", "reconnect.multiplier",
				"1");
		assertThat(settings.keepAlive()).isEqualTo(Duration.ofSeconds(65_535));
		assertThat(settings.sessionExpiry()).isEqualTo(Duration.ofSeconds(4_294_967_295L));
		assertThat(settings.maximumPacketSize()).isEqualTo(4_294_967_295L);
		assertThat(settings("keep-alive", "0").keepAlive()).isZero();
	}

	@Test
	void aWillPayloadWithoutTopicIsRefused() {
		assertInvalid("mqtt.will.topic", null, "Set the topic", "will.payload", "gone");
	}

	@Test
	void aWillPayloadThatIsTooLongIsRefusedWithoutRepeatingIt() {
		assertInvalid("mqtt.will.payload", "65536 bytes", "65535 bytes", "will.topic", "a", "will.payload",
				"x".repeat(65_536));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/#", "a/+/b", "a\0b" })
	void aWillTopicThatIsNoTopicNameIsRefused(String topic) {
		assertInvalid("mqtt.will.topic", topic.replace("\0", "\\u0000"), "without wildcards", "will.topic", topic);
	}

	@ParameterizedTest
	@ValueSource(strings = { "client-id", "username", "will.content-type" })
	void textThatTheProtocolCannotCarryIsRefused(String property) {
		assertInvalid("mqtt." + property, "a\\u0000", "65535 bytes of UTF-8", property, "a\0");
		assertInvalid("mqtt." + property, "a\\uD800", "65535 bytes of UTF-8", property, "a\ud800");
		assertInvalid("mqtt." + property, "ä".repeat(512) + "…", "65535 bytes of UTF-8", property, "ä".repeat(32_768));
	}

	@Test
	void aUserPropertyThatTheProtocolCannotCarryIsRefusedAndNotShown() {
		assertInvalid("mqtt.user-properties.site", "******", "65535 bytes of UTF-8", "user-properties.site", "a\0");
	}

	@Test
	void anEmptyClientIdIsGenerated() {
		assertThat(settings("client-id", "").clientIdGenerated()).isTrue();
	}

	@Test
	void noServerIsRefused() {
		assertInvalid("mqtt.servers", "", "mqtt://broker-1:1883", "servers", "");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "mqtt://a,mqtt://user:secret@b|mqtt://******", "mqtt://user:secret,secret@b|mqtt://******",
					"mqtt://user:1883,secret@b|******", "mqtt://a,b_secret:secret,TCP://u:x@b|******",
					"mqtt://secret_secret,u:x@b|mqtt://******", "mqtt://u:s,secret://x@b|mqtt://******",
					"secret://a,mqtt://u:x@b|******", "mqtt://u:99999,secret@b|mqtt://******",
					"mqtt://u:secret@b,secret@c|mqtt://******", "u:secret@b|******",
					"mqtts://u:secret@b|mqtts://******" })
	void noPartOfAPasswordIsShownWhereverACommaSplitIt(String servers, String shown) {
		assertThatExceptionOfType(InvalidMqttPropertyException.class).isThrownBy(() -> settings("servers", servers))
			.satisfies((ex) -> {
				assertThat(ex.getValue()).isEqualTo(shown);
				assertThat(ex.getReason())
					.isEqualTo("There is an '@' in the list: a server's URI must not carry a user name or password.");
				assertThat(ex.getAction()).contains("mqtt.username and mqtt.password");
			})
			.withMessageNotContaining("secret");
	}

	@Test
	void aPortThatIsNoNumberIsNotRepeated() {
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> settings("servers", "mqtt://user:secret"))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo("The port is not a number from 1 to 65535."));
	}

	@Test
	void theServersOfOtherConnectionDetailsAreReadTheSameWay() {
		assertThat(settings(List.of(URI.create("mqtt://a"))).servers()).containsExactly(URI.create("mqtt://a:1883"));
	}

	@Test
	void aMalformedServerOfOtherConnectionDetailsNamesTheBean() {
		assertThatIllegalStateException().isThrownBy(() -> settings(List.of(URI.create("http://u:secret@a"))))
			.withMessageContaining("MqttConnectionDetails bean")
			.withMessageContaining(" names the server ******. There is an '@' in the list")
			.withMessageNotContaining("secret")
			.withNoCause();
		assertThatIllegalStateException().isThrownBy(() -> settings(List.<URI>of()))
			.withMessageContaining("names no server");
	}

	private static void assertInvalid(String property, String shown, String allowed, String... values) {
		assertThatExceptionOfType(InvalidMqttPropertyException.class).isThrownBy(() -> settings(values))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo(property);
				assertThat(ex.getValue()).isEqualTo(shown);
				assertThat(ex.getReason()).endsWith(".");
				assertThat(ex.getReason() + " " + ex.getAction()).contains(allowed);
			})
			.withMessageContaining(property)
			.withMessageNotContaining("secret");
	}

	private static ClientSettings settings(List<URI> servers) {
		MqttConnectionDetails details = () -> servers;
		return new ClientSettingsFactory("mqtt", "app").create("default", new MqttProperties(), details);
	}

	private static ClientSettings settings(String... values) {
		Map<String, String> map = new TreeMap<>();
		for (int i = 0; i < values.length; i += 2) {
			map.put("mqtt." + values[i], values[i + 1]);
		}
		MqttProperties properties = new Binder(new MapConfigurationPropertySource(map)).bindOrCreate("mqtt",
				MqttProperties.class);
		return new ClientSettingsFactory("mqtt", "app").create("default", properties,
				new PropertiesMqttConnectionDetails("mqtt", properties, null));
	}

}
