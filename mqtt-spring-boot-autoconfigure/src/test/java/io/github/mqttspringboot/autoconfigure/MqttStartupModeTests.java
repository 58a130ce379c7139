package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.ThreadWatch;
import io.github.mqttspringboot.testing.TlsLayers;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * What {@code startup-mode} makes of a server that cannot be had, for the primary client
 * and for one below {@code mqtt.clients}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MqttStartupModeTests {

	private static final String NEW_LINE = System.lineSeparator();

	private static final String TRUST = "--spring.ssl.bundle.pem.broker.truststore.certificate="
			+ Certificates.get().authority();

	private final ThreadWatch threads = ThreadWatch.on("mqtt-.*");

	private final ScriptedBroker broker = ScriptedBroker.start();

	@AfterEach
	void nothingIsLeft() {
		this.broker.close();
		this.threads.assertGone();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt", "mqtt.clients.telemetry" })
	void aServerThatRefusesConnectionsFailsTheStart(String prefix, CapturedOutput output) {
		this.broker.close();
		fail(prefix, "servers=" + this.broker.uri(), "startup-timeout=1s");
		assertThat(output).contains("Server: " + this.broker.uri(), "CONNECTION_REFUSED",
				"Check host and port in " + prefix + ".servers", origin(prefix + ".servers"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt", "mqtt.clients.telemetry" })
	void aHostThatIsUnknownFailsTheStart(String prefix, CapturedOutput output) {
		fail(prefix, "servers=mqtt://no-such-host.invalid", "startup-timeout=1s");
		assertThat(output).contains("Server: mqtt://no-such-host.invalid:1883", "UNKNOWN_HOST",
				"Check the host name in " + prefix + ".servers", origin(prefix + ".servers"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt", "mqtt.clients.telemetry" })
	void aServerThatIsNotTrustedFailsTheStartAtOnce(String prefix, CapturedOutput output) {
		this.broker.layer(TlsLayers.with(Certificates.STRANGER));
		fail(prefix, "servers=" + this.broker.tlsUri(), "ssl.bundle=broker", "startup-timeout=1h");
		assertThat(output).contains("Server: " + this.broker.tlsUri(),
				"its certificate comes from nobody that the trust store knows", "Class: FATAL (rule: default)",
				origin(prefix + ".ssl.bundle"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt", "mqtt.clients.telemetry" })
	void credentialsThatAreRefusedFailTheStartAtOnce(String prefix, CapturedOutput output) {
		this.broker.on(When.connect()).answer(Reply.connack(0x86).reason("who are you")).thenClose();
		fail(prefix, "servers=" + this.broker.uri(), "startup-timeout=1h", "username=someone", "password=hunter2");
		assertThat(output)
			.contains("CONNACK 0x86 Bad User Name or Password", "(server says: who are you)",
					"Check " + prefix + ".username and " + prefix + ".password", origin(prefix + ".username"))
			.doesNotContain("hunter2");
	}

	@Test
	void aPropertyThatIsNotSetHasNoOrigin(CapturedOutput output) {
		this.broker.on(When.connect()).answer(Reply.connack(0x87)).thenClose();
		fail("mqtt", "servers=" + this.broker.uri());
		assertThat(output).contains("Property: mqtt.username" + NEW_LINE + "    Origin: none: it is not set");
	}

	@Test
	void whatDoesNotComeFromPropertiesIsNamedAsWhatItIs(CapturedOutput output) {
		this.broker.close();
		assertThatException().isThrownBy(() -> run(
				List.of("--mqtt.startup-mode=fail-fast", "--mqtt.startup-timeout=1s", "--mqtt.servers=mqtt://unused"),
				Application.class, Details.class));
		assertThat(output)
			.contains("Origin: MqttConnectionDetails bean 'mine'",
					"is said by the MqttConnectionDetails bean 'mine', not by properties")
			.doesNotContain("mqtt://unused");
	}

	private static String origin(String property) {
		return "Property: " + property + NEW_LINE + "    Origin: \"" + property
				+ "\" from property source \"commandLineArgs\"";
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt", "mqtt.clients.telemetry" })
	void aServerThatDoesNotAnswerFailsTheStartWhenItsTimeIsOver(String prefix, CapturedOutput output) {
		this.broker.on(When.connect()).withhold();
		fail(prefix, "servers=" + this.broker.uri(), "startup-timeout=300ms");
		assertThat(output).contains("no attempt to connect has ended within " + prefix + ".startup-timeout",
				"raise " + prefix + ".startup-timeout");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt", "mqtt.clients.telemetry" })
	void waitingItGoesOnWithoutTheServerAndConnectsLater(String prefix, CapturedOutput output) {
		this.broker.on(When.connect().onConnection(0)).withhold();
		try (ConfigurableApplicationContext context = start(prefix, "servers=" + this.broker.uri(), "startup-mode=wait",
				"startup-timeout=300ms", "connect-timeout=1s", "reconnect.base-delay=1ms")) {
			ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
			assertThat(output).contains("MQTT client '" + client.name() + "' (id '" + client.connection().clientId()
					+ "'): has not connected to", "within 300 ms; the application starts without a connection");
			await().until(() -> client.state() == ClientState.CONNECTED);
		}
	}

	@Test
	void waitingItReturnsAtOnceWhenTheClientStops(CapturedOutput output) {
		this.broker.on(When.connect()).answer(Reply.connack(0x85)).thenClose();
		try (ConfigurableApplicationContext context = start("mqtt", "servers=" + this.broker.uri(), "startup-mode=wait",
				"startup-timeout=1h")) {
			assertThat(context.getBean(ManagedMqttClient.class).state()).isEqualTo(ClientState.FAILED);
			assertThat(output).contains("it has stopped; the application starts without a connection");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "wait", "fail-fast" })
	void theContextStartsWithAConnection(String mode) {
		try (ConfigurableApplicationContext context = start("mqtt.clients.telemetry", "servers=" + this.broker.uri(),
				"startup-mode=" + mode, "startup-timeout=1h")) {
			assertThat(context.getBean(ManagedMqttClient.class).state()).isEqualTo(ClientState.CONNECTED);
		}
	}

	private void fail(String prefix, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("startup-mode=fail-fast");
		assertThatException().isThrownBy(() -> start(prefix, all.toArray(String[]::new)).close());
	}

	private static ConfigurableApplicationContext start(String prefix, String... properties) {
		List<String> arguments = new ArrayList<>(List.of(TRUST));
		for (String property : properties) {
			arguments.add("--" + prefix + "." + property);
		}
		return run(arguments, Application.class);
	}

	private static ConfigurableApplicationContext run(List<String> arguments, Class<?>... sources) {
		SpringApplication application = new SpringApplication(sources);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(arguments.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, SslAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Details {

		@Bean
		MqttConnectionDetails mine() {
			return () -> List.of(URI.create("mqtt://127.0.0.1:1"));
		}

	}

}
