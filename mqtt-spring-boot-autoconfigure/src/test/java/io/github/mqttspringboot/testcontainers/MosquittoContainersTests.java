package io.github.mqttspringboot.testcontainers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.event.EventListener;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose test has a Mosquitto in a container.
 */
@SpringBootTest(properties = { "mqtt.servers=mqtt://127.0.0.1:1", "mqtt.client-id=in-a-container" })
@Testcontainers(disabledWithoutDocker = true)
class MosquittoContainersTests {

	@Container
	@ServiceConnection("eclipse-mosquitto")
	static final MosquittoContainer mosquitto = MosquittoContainer.open();

	@Autowired
	private ManagedMqttClient client;

	@Autowired
	private Application application;

	@BeforeEach
	void awaitConnection() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.client.state()).isEqualTo(ClientState.CONNECTED));
	}

	@Test
	void theClientConnectsToTheContainer() {
		assertThat(this.client.connection().server())
			.isEqualTo("mqtt://%s:%d".formatted(mosquitto.getHost(), mosquitto.getMappedPort(1883)));
		assertThat(mosquitto.getLogs()).containsOnlyOnce("as in-a-container (p5");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void whatIsPublishedIsReceived(int qos) {
		List<String> received = new CopyOnWriteArrayList<>();
		String topic = "good/" + qos;
		SubscribeRequest request = SubscribeRequest.to(topic)
			.qos(2)
			.handler((message) -> received.add(new String(message.payload(), StandardCharsets.UTF_8)))
			.build();
		assertThat(this.client.subscribe(request)).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.client.publish(PublishRequest.to(topic).payload("hello").qos(qos).build()))
			.succeedsWithin(Duration.ofSeconds(10));
		Awaitility.await().untilAsserted(() -> assertThat(received).containsExactly("hello"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void rejectedPublishKeepsTheConnection(int qos) {
		String topic = "denied/" + qos;
		assertThat(this.client.publish(PublishRequest.to(topic).payload("hello").qos(qos).build()))
			.failsWithin(Duration.ofSeconds(10))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(MqttPublishRejectedException.class)
			.satisfies((ex) -> assertThat(((MqttPublishRejectedException) ex.getCause()).getFailure().code())
				.isEqualTo(0x87));
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(this.application.rejections).filteredOn((event) -> event.getTopic().equals(topic))
						.hasSize(1));
		assertThat(this.client.publish(PublishRequest.to("good/next").payload("hello").qos(qos).build()))
			.succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(this.client.statistics().connections()).isOne();
		assertThat(mosquitto.getLogs()).containsOnlyOnce("as in-a-container (p5");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final List<MqttPublishRejectedEvent> rejections = new CopyOnWriteArrayList<>();

		@EventListener
		void on(MqttPublishRejectedEvent event) {
			this.rejections.add(event);
		}

	}

}
