package consumer.integration;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import consumer.broker.Broker;
import consumer.broker.ClassPath;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.integration.mqtt.support.MqttHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.integration.MqttClientManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The starter as it is brings Spring Integration, and its adapters share the connection.
 */
@SpringBootTest(properties = { "mqtt.startup-mode=fail-fast", "mqtt.client-id=integration" })
class IntegrationApplicationTests {

	private static final Broker broker = Broker.start();

	@Autowired
	private ApplicationContext context;

	@Autowired
	private ManagedMqttClient client;

	@Autowired
	private MqttTemplate mqtt;

	@Autowired
	@Qualifier("outbound")
	private MessageChannel outbound;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("mqtt.servers", broker::uri);
	}

	@AfterAll
	static void stopBroker() {
		broker.close();
	}

	@Test
	void runsOnTheVersionThatIsAskedFor() {
		assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.version"));
	}

	@Test
	void starterBringsSpringIntegrationAndNothingElse() {
		assertThat(ClassPath.artifacts()).containsExactlyInAnyOrder(
				// Ours
				"mqtt-spring-boot-autoconfigure", "mqtt-spring-boot-starter", "org.eclipse.paho.mqttv5.client",
				// Spring Integration with Boot's starter
				"reactive-streams", "reactor-core", "spring-boot-integration", "spring-boot-persistence",
				"spring-boot-starter-integration", "spring-boot-transaction", "spring-integration-core",
				"spring-integration-mqtt", "spring-messaging", "spring-tx",
				// Boot's starter
				"commons-logging", "jakarta.annotation-api", "jspecify", "jul-to-slf4j", "log4j-api", "log4j-to-slf4j",
				"logback-classic", "logback-core", "micrometer-commons", "micrometer-observation", "slf4j-api",
				"snakeyaml", "spring-aop", "spring-beans", "spring-boot", "spring-boot-autoconfigure",
				"spring-boot-starter", "spring-boot-starter-logging", "spring-context", "spring-core",
				"spring-expression");
	}

	@Test
	void managerIsThere() {
		assertThat(this.context.getBeansOfType(MqttClientManager.class)).hasSize(1);
	}

	@Test
	void flowsReceiveAndPublishOnTheConnectionOfTheClient() {
		List<String> receipts = new CopyOnWriteArrayList<>();
		this.client
			.subscribe(SubscribeRequest.to("meters/+/receipt")
				.qos(1)
				.handler((message) -> receipts
					.add(message.topic() + ": " + new String(message.payload(), StandardCharsets.UTF_8)))
				.build())
			.join();
		await().until(() -> this.client.subscriptions()
			.stream()
			.anyMatch(
					(status) -> status.filter().equals("meters/+/reading") && status.state().name().equals("ACTIVE")));
		this.mqtt.publish("meters/7/reading", "42").join();
		await().untilAsserted(() -> assertThat(receipts).containsExactly("meters/7/receipt: received 42"));
		assertThat(broker.connections()).isOne();
	}

	@Test
	void refusedPublishOfAFlowKeepsTheConnection() {
		Message<String> message = MessageBuilder.withPayload("no").setHeader(MqttHeaders.TOPIC, "denied/x").build();
		assertThatExceptionOfType(MessageHandlingException.class).isThrownBy(() -> this.outbound.send(message))
			.havingCause()
			.isInstanceOfSatisfying(MqttException.class, (ex) -> assertThat(ex.getReasonCode()).isEqualTo(0x87));
		assertThat(this.mqtt.publish("open/x", "yes").join().qos()).isOne();
		assertThat(broker.connections()).isOne();
	}

}
