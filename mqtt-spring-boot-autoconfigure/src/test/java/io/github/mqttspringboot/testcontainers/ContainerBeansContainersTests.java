package io.github.mqttspringboot.testcontainers;

import java.time.Duration;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.testcontainers.junit.jupiter.Testcontainers;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with two clients and a container for each. Spring Boot takes one service
 * connection of a kind, so the other client gets its server by a property.
 */
@SpringBootTest(properties = { "mqtt.servers=mqtt://127.0.0.1:1", "mqtt.clients.archive.client-id=archive" })
@Testcontainers(disabledWithoutDocker = true)
class ContainerBeansContainersTests {

	@Autowired
	private Map<String, ManagedMqttClient> clients;

	@Autowired
	private Map<String, MosquittoContainer> containers;

	@Test
	void eachClientConnectsToItsContainer() {
		expectConnected("mqttClient", "mosquitto");
		expectConnected("archiveMqttClient", "archiveMosquitto");
	}

	private void expectConnected(String client, String container) {
		ManagedMqttClient bean = this.clients.get(client);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(bean.state()).isEqualTo(ClientState.CONNECTED));
		assertThat(bean.connection().server()).endsWith(":" + this.containers.get(container).getMappedPort(1883));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		@ServiceConnection("eclipse-mosquitto")
		MosquittoContainer mosquitto() {
			return MosquittoContainer.open();
		}

		@Bean
		MosquittoContainer archiveMosquitto() {
			return MosquittoContainer.open();
		}

		@Bean
		DynamicPropertyRegistrar archiveServer(MosquittoContainer archiveMosquitto) {
			return (registry) -> registry.add("mqtt.clients.archive.servers",
					() -> "mqtt://%s:%d".formatted(archiveMosquitto.getHost(), archiveMosquitto.getMappedPort(1883)));
		}

	}

}
