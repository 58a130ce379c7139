package io.github.mqttspringboot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.annotation.EnableMqttListeners;
import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.autoconfigure.MqttClientAutoConfigurationTests.RefusingWire;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.listener.DefaultMqttListenerContainerFactory;
import io.github.mqttspringboot.listener.MqttListenerContainer;
import io.github.mqttspringboot.listener.MqttListenerEndpointRegistry;
import io.github.mqttspringboot.listener.MqttMessageRecoverer;
import io.github.mqttspringboot.listener.RecordingClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttListenerAutoConfiguration}.
 */
class MqttListenerAutoConfigurationTests {

	private final RecordingClient client = new RecordingClient();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttListenerAutoConfiguration.class));

	private final ApplicationContextRunner recording = this.runner
		.withBean("mqttClient", RecordingClient.class, () -> this.client)
		.withPropertyValues("mqtt.listener.retry.max-attempts=1");

	@Test
	void listenersNeedNothingButTheAnnotation() {
		this.recording.withUserConfiguration(Listening.class).run((context) -> {
			assertThat(context).hasSingleBean(MqttListenerEndpointRegistry.class)
				.hasSingleBean(DefaultMqttListenerContainerFactory.class);
			assertThat(this.client.deliver("a", "x", 1)).succeedsWithin(Duration.ofSeconds(10));
			assertThat(context.getBean(Listening.class).received).containsExactly("x");
		});
	}

	@Test
	void enablingThemTwiceDoesNoHarm() {
		this.recording.withUserConfiguration(Listening.class, Enabling.class)
			.run((context) -> assertThat(this.client.subscribed).hasSize(1));
	}

	@Test
	void whereMqttIsDisabledThereAreNoListeners() {
		this.runner.withUserConfiguration(Listening.class)
			.withPropertyValues("mqtt.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MqttListenerEndpointRegistry.class));
	}

	@Test
	void listenersDoNotStartIfTheyAreNotToldTo() {
		this.recording.withUserConfiguration(Listening.class)
			.withPropertyValues("mqtt.listener.auto-startup=false")
			.run((context) -> assertThat(this.client.subscribed).isEmpty());
	}

	@Test
	void eachClientHasItsOwnSettings() {
		this.runner.withBean(Wire.class, RefusingWire::new)
			.withUserConfiguration(TwoClients.class)
			.withPropertyValues("mqtt.servers=mqtt://one", "mqtt.auto-startup=false",
					"mqtt.clients.other.servers=mqtt://two", "mqtt.clients.other.auto-startup=false",
					"mqtt.clients.other.listener.auto-startup=false")
			.run((context) -> {
				List<MqttListenerContainer> containers = context.getBean(MqttListenerEndpointRegistry.class)
					.getListenerContainers();
				assertThat(containers).hasSize(2)
					.allSatisfy((container) -> assertThat(container.isAutoStartup())
						.isEqualTo(container.getClient().name().equals("default")));
			});
	}

	@Test
	void aRecovererOfTheApplicationTakesMessages() {
		List<String> taken = new CopyOnWriteArrayList<>();
		this.recording.withUserConfiguration(Failing.class)
			.withBean(MqttMessageRecoverer.class, () -> (message, ex) -> {
				taken.add(message.topic());
				return null;
			})
			.withPropertyValues("mqtt.listener.dead-letter-topic=dead")
			.run((context) -> {
				CompletableFuture<?> acknowledged = this.client.deliver("a", "x", 1);
				Awaitility.await().until(acknowledged::isDone);
				assertThat(taken).containsExactly("a");
				assertThat(this.client.allPublished()).isEmpty();
			});
	}

	@Test
	void theDeadLetterTopicIsThatOfTheProperties() {
		this.recording.withUserConfiguration(Failing.class)
			.withPropertyValues("mqtt.listener.dead-letter-topic=dead")
			.run((context) -> {
				CompletableFuture<?> acknowledged = this.client.deliver("a", "x", 1);
				Awaitility.await().until(acknowledged::isDone);
				assertThat(this.client.allPublished()).extracting(PublishRequest::topic).containsExactly("dead");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt.listener.concurrency=0", "mqtt.clients.other.listener.concurrency=0" })
	void aBadValueFailsTheStartUsedOrNot(String property) {
		this.recording.withPropertyValues(property, "mqtt.clients.other.auto-startup=false")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasRootCauseInstanceOf(InvalidMqttPropertyException.class)
				.rootCause()
				.hasMessageContaining(property.substring(0, property.indexOf('='))));
	}

	@Test
	void listenersRunOnVirtualThreadsWhereTheApplicationDoes() {
		this.recording.withUserConfiguration(Listening.class)
			.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> {
				assertThat(this.client.deliver("a", "x", 1)).succeedsWithin(Duration.ofSeconds(10));
				// Java 17 has none, and the application runs without
				boolean virtual = Runtime.version().feature() >= 21;
				assertThat(context.getBean(Listening.class).threads.get(0).toString().contains("VirtualThread"))
					.isEqualTo(virtual);
			});
	}

	static class Listening {

		private final List<String> received = new CopyOnWriteArrayList<>();

		private final List<Thread> threads = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "a")
		void on(String text) {
			this.received.add(text);
			this.threads.add(Thread.currentThread());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableMqttListeners
	static class Enabling {

	}

	static class TwoClients {

		@MqttListener(topics = "a")
		void on(String text) {
		}

		@MqttListener(topics = "b", client = "other")
		void other(String text) {
		}

	}

	static class Failing {

		@MqttListener(topics = "a")
		void on(String text) {
			throw new IllegalStateException("broken");
		}

	}

}
