package io.github.mqttspringboot.docker.compose;

import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.SimpleApplicationEventMulticaster;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.ScriptedBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MqttDockerComposeConnectionDetailsFactory}: whole applications, told
 * of services as Spring Boot tells them once {@code docker compose} has started some.
 */
class MqttDockerComposeConnectionDetailsFactoryTests {

	private static final String PEM = "org.springframework.boot.sslbundle.pem.";

	@ParameterizedTest
	@ValueSource(strings = { "eclipse-mosquitto", "eclipse-mosquitto:2.0.22", "library/eclipse-mosquitto:2",
			"docker.io/library/eclipse-mosquitto:2", "emqx/emqx:5.8.6", "hivemq/hivemq-ce:2025.5" })
	void theImageOfAServiceMakesItAServer(String image) {
		expectDetails(new StubService(image).port(1883, 40_001), (details) -> {
			assertThat(details.getServers()).containsExactly(URI.create("mqtt://127.0.0.1:40001"));
			assertThat(details.getUsername()).isNull();
			assertThat(details.getPassword()).isNull();
			assertThat(details.getSslBundle()).isNull();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "redis:8", "example/eclipse-mosquitto", "emqx/emqx-exporter" })
	void anotherImageIsNone(String image) {
		expectDetails(new StubService(image).port(1883, 40_001),
				(details) -> assertThat(details.getServers()).containsExactly(URI.create("mqtt://localhost:1883")));
	}

	@Test
	void aLabelSaysWhatAnImageIs() {
		expectDetails(
				new StubService("registry.example.org/our-broker:7").port(1883, 40_001)
					.label("org.springframework.boot.service-connection", "eclipse-mosquitto"),
				(details) -> assertThat(details.getServers()).containsExactly(URI.create("mqtt://127.0.0.1:40001")));
	}

	@Test
	void aLabelSaysThatAnImageIsSomethingElse() {
		expectDetails(
				new StubService("eclipse-mosquitto").port(1883, 40_001)
					.label("org.springframework.boot.service-connection", "other"),
				(details) -> assertThat(details.getServers()).containsExactly(URI.create("mqtt://localhost:1883")));
	}

	@Test
	void certificatesMeanTlsOnItsPort() {
		expectDetails(trusting().port(1883, 40_001).port(8883, 40_002), (details) -> {
			assertThat(details.getServers()).containsExactly(URI.create("mqtts://127.0.0.1:40002"));
			assertThat(details.getSslBundle()).isNotNull();
			assertThat(details.getSslBundle().getStores().getTrustStore()).isNotNull();
		});
	}

	@Test
	void tlsMayBeOnTheOnlyPort() {
		expectDetails(trusting().port(1883, 40_001),
				(details) -> assertThat(details.getServers()).containsExactly(URI.create("mqtts://127.0.0.1:40001")));
	}

	@Test
	void aServiceThatDoesNotPublishThePortIsNamed() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> start(List.of(new StubService("eclipse-mosquitto").port(9001, 40_001))).close())
			.withMessageContaining("1883");
	}

	@Test
	void whichOfTwoServersIsMeantMustBeSaid() {
		StubService one = new StubService("eclipse-mosquitto").port(1883, 40_001);
		StubService other = new StubService("emqx/emqx").name("app-other-1").port(1883, 40_002);
		assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> start(List.of(one, other)).close())
			.havingRootCause()
			.isInstanceOf(NoUniqueBeanDefinitionException.class);
	}

	@Test
	void theClientConnectsToTheServiceAsTheUserOfItsEnvironment() {
		try (ScriptedBroker broker = ScriptedBroker.start()) {
			StubService service = new StubService("emqx/emqx:4.4.19").port(1883, broker.port())
				.env("EMQX_AUTH__USER__1__USERNAME", "meter")
				.env("EMQX_AUTH__USER__1__PASSWORD", "secret");
			try (ConfigurableApplicationContext context = start(List.of(service), "mqtt.servers=mqtt://127.0.0.1:1",
					"mqtt.auto-startup=true")) {
				ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
				Awaitility.await().untilAsserted(() -> assertThat(client.state()).isEqualTo(ClientState.CONNECTED));
				assertThat(broker.received(PacketType.CONNECT)).singleElement().satisfies((connect) -> {
					assertThat(connect.connectFields().username()).isEqualTo("meter");
					assertThat(connect.connectFields().passwordText()).isEqualTo("secret");
				});
			}
		}
	}

	private static StubService trusting() {
		return new StubService("eclipse-mosquitto").label(PEM + "truststore.certificate",
				Certificates.get().authority().toUri().toString());
	}

	private static void expectDetails(StubService service, Consumer<MqttConnectionDetails> expectation) {
		try (ConfigurableApplicationContext context = start(List.of(service))) {
			expectation.accept(context.getBean(MqttConnectionDetails.class));
		}
	}

	private static ConfigurableApplicationContext start(List<RunningService> services, String... properties) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "spring.docker.compose.enabled=false", "mqtt.auto-startup=false")
			.properties(properties)
			.listeners((ApplicationListener<ApplicationPreparedEvent>) (event) -> {
				DockerComposeServicesReadyEvent ready = mock(DockerComposeServicesReadyEvent.class);
				given(ready.getSource()).willReturn(event.getApplicationContext());
				given(ready.getRunningServices()).willReturn(services);
				// Not by the context, which keeps early events for itself
				SimpleApplicationEventMulticaster listeners = new SimpleApplicationEventMulticaster();
				event.getSpringApplication().getListeners().forEach(listeners::addApplicationListener);
				listeners.multicastEvent(ready);
			})
			.run();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MqttAutoConfiguration.class)
	static class Application {

	}

}
