package io.github.mqttspringboot.testcontainers;

import java.net.URI;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsNotFoundException;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.PemTrustStore;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.boot.testcontainers.service.connection.Ssl;
import org.springframework.context.support.GenericApplicationContext;
import org.testcontainers.containers.GenericContainer;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.ScriptedBroker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttContainerConnectionDetailsFactory} and
 * {@link HiveMqContainerConnectionDetailsFactory}, which are found as Spring Boot finds
 * them.
 */
class MqttContainerConnectionDetailsFactoryTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "eclipse-mosquitto", "eclipse-mosquitto:2.0.22", "library/eclipse-mosquitto:2",
			"docker.io/library/eclipse-mosquitto:2", "registry.example.org/eclipse-mosquitto", "emqx/emqx:5.8.6",
			"hivemq/hivemq-ce:2025.5" })
	void theImageOfAContainerMakesItAServer(String image) {
		StubContainer container = new StubContainer(image, 40_001, 1883);
		with(new ContainerDefinition(container)).run((context) -> {
			assertThat(container.starts()).isZero();
			MqttConnectionDetails details = context.getBean(MqttConnectionDetails.class);
			assertThat(details.getServers()).containsExactly(URI.create("mqtt://127.0.0.1:40001"));
			assertThat(details.getUsername()).isNull();
			assertThat(details.getPassword()).isNull();
			assertThat(details.getSslBundle()).isNull();
			assertThat(Origin.from(details)).hasToString("Bean 'broker'");
			assertThat(container.starts()).isOne();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "redis:8", "eclipse-mosquitto-exporter", "emqx/emqx-exporter", "emqx" })
	void anotherImageIsNone(String image) {
		with(new ContainerDefinition(new StubContainer(image, 40_001, 1883)))
			.run((context) -> assertThat(context).getFailure().isInstanceOf(ConnectionDetailsNotFoundException.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "hivemq/hivemq-ce:2025.5", "hivemq/hivemq4", "registry.example.org/our-hivemq" })
	void theContainerOfTheHiveMqModuleIsAServerWhateverItsImage(String image) {
		with(new ContainerDefinition(new StubHiveMqContainer(image))).run((context) -> {
			assertThat(context).hasSingleBean(MqttConnectionDetails.class);
			assertThat(context.getBean(MqttConnectionDetails.class).getServers())
				.containsExactly(URI.create("mqtt://127.0.0.1:41883"));
		});
	}

	@Test
	void certificatesMeanTlsOnItsPort() {
		with(trusting(new StubContainer("eclipse-mosquitto", 40_001, 1883, 8883))).run((context) -> {
			MqttConnectionDetails details = context.getBean(MqttConnectionDetails.class);
			assertThat(details.getServers()).containsExactly(URI.create("mqtts://127.0.0.1:40002"));
			assertThat(details.getSslBundle()).isNotNull();
			assertThat(details.getSslBundle().getStores().getTrustStore()).isNotNull();
			assertThat(details.getSslBundle().getStores().getKeyStore()).isNull();
		});
	}

	@Test
	void tlsMayBeOnTheOnlyPort() {
		with(trusting(new StubContainer("eclipse-mosquitto", 40_001, 1883)))
			.run((context) -> assertThat(context.getBean(MqttConnectionDetails.class).getServers())
				.containsExactly(URI.create("mqtts://127.0.0.1:40001")));
	}

	@Test
	void tlsNeedsNoCertificates() {
		with(new ContainerDefinition(new StubContainer("eclipse-mosquitto", 40_001, 8883, 1883)).annotated(Ssl.class,
				Map.of()))
			.run((context) -> {
				MqttConnectionDetails details = context.getBean(MqttConnectionDetails.class);
				assertThat(details.getServers()).containsExactly(URI.create("mqtts://127.0.0.1:40001"));
				assertThat(details.getSslBundle()).isNull();
			});
	}

	@Test
	void theClientConnectsToTheContainerAndNotToTheServersOfTheProperties() {
		try (ScriptedBroker broker = ScriptedBroker.start()) {
			with(new ContainerDefinition(new StubContainer("eclipse-mosquitto", broker.port(), 1883)))
				.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
				.withPropertyValues("mqtt.servers=mqtt://127.0.0.1:1", "mqtt.username=nobody")
				.run((context) -> {
					assertThat(context).hasSingleBean(MqttConnectionDetails.class);
					ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
					Awaitility.await().untilAsserted(() -> assertThat(client.state()).isEqualTo(ClientState.CONNECTED));
					assertThat(client.connection().server()).hasToString(broker.uri());
				});
			assertThat(broker.connectCount()).isOne();
		}
	}

	private ApplicationContextRunner with(ContainerDefinition definition) {
		return this.runner.withInitializer(
				(context) -> ((GenericApplicationContext) context).registerBeanDefinition("broker", definition));
	}

	private static ContainerDefinition trusting(GenericContainer<?> container) {
		return new ContainerDefinition(container).annotated(PemTrustStore.class,
				Map.of("certificate", Certificates.get().authority().toUri().toString()));
	}

}
