package consumer.listeners;

import java.time.Instant;

import consumer.broker.Broker;
import consumer.broker.ClassPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.ClassUtils;

import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Listeners take JSON where Jackson is there, and validate it where a validator is.
 */
@SpringBootTest(properties = { "mqtt.startup-mode=fail-fast", "mqtt.client-id=listeners" })
class ListenersApplicationTests {

	private static final Broker broker = Broker.start();

	@Autowired
	private MqttTemplate mqtt;

	@Autowired
	private Meters meters;

	@Autowired
	private Failures failures;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("mqtt.servers", broker::uri);
	}

	@AfterAll
	static void stopBroker() {
		broker.close();
	}

	@BeforeEach
	void forget() {
		this.meters.readings().clear();
		this.failures.events().clear();
	}

	@Test
	void runsOnTheVersionThatIsAskedFor() {
		assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.version"));
	}

	@Test
	void classPathHasJacksonAndAValidatorButNoActuator() {
		assertThat(ClassPath.artifacts()).contains("hibernate-validator", "jackson-databind")
			.doesNotContain("micrometer-core", "spring-boot-actuator", "spring-boot-health");
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.micrometer.core.instrument.MeterRegistry",
			"org.springframework.boot.actuate.endpoint.annotation.Endpoint",
			"org.springframework.boot.health.contributor.HealthIndicator",
			"org.testcontainers.containers.GenericContainer" })
	void whatIsNotAskedForIsAbsent(String name) {
		assertThat(ClassUtils.isPresent(name, null)).isFalse();
	}

	@Test
	void jsonGoesToTheListenerAndItsAnswerBack() {
		Reading reading = new Reading(42.5, "kWh", Instant.parse("2026-11-01T12:00:00Z"));
		assertThat(this.mqtt.request("meters/7/reading", reading, Meters.Receipt.class).join())
			.isEqualTo(new Meters.Receipt("7", 1));
		assertThat(this.meters.readings()).containsExactly(reading);
	}

	@Test
	void whatIsNotValidDoesNotReachTheListenerAndKeepsTheConnection() {
		this.mqtt.publish("meters/7/reading", new Reading(-1, "", null)).join();
		assertThat(failure().getFailure().cause()).hasRootCauseInstanceOf(MethodArgumentNotValidException.class);
		theNextOneArrives();
	}

	@Test
	void whatIsNoJsonDoesNotReachTheListenerAndKeepsTheConnection() {
		this.mqtt.publish("meters/7/reading", "{").join();
		assertThat(failure().getFailure().cause()).hasCauseInstanceOf(MessageConversionException.class);
		theNextOneArrives();
	}

	private MqttListenerFailedEvent failure() {
		await().untilAsserted(() -> assertThat(this.failures.events()).hasSize(1));
		MqttListenerFailedEvent event = this.failures.events().get(0);
		assertThat(event.getTopic()).isEqualTo("meters/7/reading");
		return event;
	}

	private void theNextOneArrives() {
		this.mqtt.publish("meters/7/reading", new Reading(1, "kWh", null)).join();
		await().untilAsserted(() -> assertThat(this.meters.readings()).hasSize(1));
		assertThat(broker.connections()).isOne();
	}

}
