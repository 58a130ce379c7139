package io.github.mqttspringboot.acceptance;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;
import io.github.mqttspringboot.client.MqttCredentialsProvider;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.LogCapture;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.SecretScanner;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Passwords and payloads are shown nowhere by an application that does not start: neither
 * in the analysis nor in the exception.
 */
class SecretsOfBadConfigurationTests {

	private static final String SECRET = "pass-of-gateway";

	private static final String PAYLOAD = "what-is-said";

	private final LogCapture log = LogCapture.start();

	@AfterEach
	void close() {
		this.log.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt.servers=mqtt://gateway:pass-of-gateway@broker",
			"mqtt.servers=mqtt://gateway:a,pass-of-gateway@broker",
			"mqtt.servers=mqtt://gateway:pass-of-gateway,a@broker", "mqtt.servers=pass-of-gateway@broker",
			"mqtt.servers=x://gateway:pass-of-gateway@broker",
			"mqtt.clients.b.servers=mqtts://gateway:pass-of-gateway@broker", "mqtt.servers=mqtt://broker:x",
			"mqtt.redirect.allowed-hosts=gateway:pass-of-gateway@broker:1883",
			"mqtt.redirect.allowed-hosts=gateway:a,pass-of-gateway@broker:1883",
			"mqtt.redirect.allowed-hosts=gateway:pass-of-gateway,a@broker:1883", "mqtt.redirect.allowed-hosts=broker",
			"mqtt.keep-alive=1h30m", "mqtt.keep-alive=65536s", "mqtt.receive-maximum=0", "mqtt.publish.qos=3",
			"mqtt.username=\0", "mqtt.client-id=\0", "mqtt.startup-mode=nonsense", "mqtt.ssl.bundle=nonsense",
			"mqtt.error-policy.puback.not-authorized=success", "mqtt.error-policy.nonsense.x=fatal",
			"mqtt.error-policy.puback=fatal", "mqtt.will.topic=a/#", "mqtt.will.qos=3", "mqtt.will.topic=",
			"mqtt.clients.B_.username=x", "mqtt.clients.default.username=x", "mqtt.clients.b=x",
			"mqtt.clients.b.client-id=acceptance", "mqtt.persistence.type=file", "mqtt.reconnect.max-delay=0s",
			"mqtt.user-properties.token=pass-of-gateway\0" })
	void aBadValueIsExplainedWithoutThem(String property) {
		fails(Nothing.class, "mqtt.servers=mqtt://localhost:1", property);
	}

	@Test
	void aKeyStoreThatItsPasswordDoesNotOpenIsExplainedWithoutIt() {
		fails(Nothing.class, "mqtt.servers=mqtts://localhost:1", "mqtt.ssl.bundle=bad",
				"spring.ssl.bundle.jks.bad.keystore.location=" + Certificates.get().keyStore(Certificates.CLIENT),
				"spring.ssl.bundle.jks.bad.keystore.type=PKCS12",
				"spring.ssl.bundle.jks.bad.keystore.password=" + SECRET);
	}

	@Test
	void aPasswordThatIsTooLongIsExplainedWithoutIt() {
		fails(Nothing.class, "mqtt.servers=mqtt://localhost:1", "mqtt.startup-mode=fail-fast",
				"mqtt.reconnect.max-attempts=1", "mqtt.password=" + SECRET.repeat(5000));
	}

	@Test
	void aDirectoryThatIsNoneIsExplainedWithoutThem(@TempDir Path directory) throws Exception {
		Path file = Files.createFile(directory.resolve("file"));
		fails(Nothing.class, "mqtt.servers=mqtt://localhost:1", "mqtt.persistence.type=file",
				"mqtt.persistence.directory=" + file);
	}

	@Test
	void refusedCredentialsAreExplainedWithoutThem() {
		try (ScriptedBroker broker = ScriptedBroker.start()) {
			broker.on(When.connect()).answer(Reply.connack(0x86).reason("who are you?")).thenClose();
			fails(Nothing.class, "mqtt.servers=" + broker.uri(), "mqtt.startup-mode=fail-fast");
			assertThat(broker.received(When.connect()).get(0).connectFields().passwordText()).isEqualTo(SECRET);
		}
	}

	@Test
	void aProviderThatThrowsIsExplainedWithoutItsMessage() {
		fails(Provider.class, "mqtt.servers=mqtt://localhost:1", "mqtt.startup-mode=fail-fast",
				"mqtt.reconnect.max-attempts=1");
		assertThat(this.log.messages()).anyMatch((line) -> line.contains("APPLICATION FAILED TO START"))
			.anyMatch((line) -> line.contains("threw java.lang.IllegalStateException"));
	}

	@Test
	void connectionDetailsWithUserInformationAreExplainedWithoutIt() {
		fails(Details.class);
	}

	private void fails(Class<?> beans, String... properties) {
		List<String> all = new ArrayList<>(List.of("mqtt.username=gateway", "mqtt.password=" + SECRET,
				"mqtt.will.topic=will", "mqtt.will.payload=" + PAYLOAD));
		all.addAll(List.of(properties));
		SecretScanner scanner = new SecretScanner(SECRET, PAYLOAD);
		Throwable failure = catchThrowable(() -> App.start(beans, all.toArray(String[]::new)).close());
		assertThat(failure).isNotNull();
		scanner.walk("exception", failure);
		this.log.scan(scanner);
		assertThat(scanner.findings()).isEmpty();
		assertThat(this.log.messages()).anyMatch(
				(line) -> line.contains("Application run failed") || line.contains("APPLICATION FAILED TO START"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	@Configuration(proxyBeanMethods = false)
	static class Provider {

		@Bean
		MqttCredentialsProvider credentialsProvider() {
			return (name) -> {
				throw new IllegalStateException("The vault does not like " + SECRET);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Details {

		@Bean
		MqttConnectionDetails details() {
			return () -> List.of(URI.create("mqtt://gateway:" + SECRET + "@broker"));
		}

	}

}
