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
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.annotation.EnableMqttListeners;
import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.autoconfigure.MqttClientAutoConfigurationTests.RefusingWire;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.listener.DefaultMqttListenerContainerFactory;
import io.github.mqttspringboot.listener.InvalidMqttListenerException;
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

	@Test
	void aClientThatDoesNotExistIsExplained() {
		assertFailure(UnknownClient.class, "UnknownClient.on of bean",
				"no client named 'nobody'; there is only 'default'", "mqtt.clients");
	}

	@Test
	void aBadTopicFilterIsExplained() {
		assertFailure(BadFilter.class, "BadFilter.on", "'a/#/b' cannot be subscribed", "Correct 'topics'");
	}

	@Test
	void anIdThatIsTakenIsExplained() {
		assertFailure(SameId.class, "SameId.two", "Its id 'same' is also that of SameId.one", "id of its own");
	}

	@Test
	void aPlaceholderThatCannotBeResolvedIsExplained() {
		assertFailure(Unresolvable.class, "Unresolvable.on", "placeholder in 'topics' cannot be resolved",
				"Define the property");
	}

	@Test
	void noLocalOnASharedSubscriptionIsExplained() {
		assertFailure(SharedNoLocal.class, "SharedNoLocal.on", "'$share/g/a', which is a protocol error",
				"Leave out either");
	}

	@Test
	void aVariableThatIsNoWholeLevelIsExplained() {
		assertFailure(HalfALevel.class, "HalfALevel.on", "'b{id}' is neither a whole level", "level of its own");
	}

	@Test
	void beansThatDoNotExistAreExplained() {
		assertFailure(NoFactory.class, "NoFactory.on", "no MqttListenerContainerFactory bean named 'nowhere'",
				"containerFactory");
		assertFailure(NoHandler.class, "NoHandler.on", "no MqttListenerErrorHandler bean named 'nowhere'",
				"errorHandler");
	}

	@Test
	void badValuesOfAttributesAreExplained() {
		assertFailure(BadAckMode.class, "BadAckMode.on", "Its 'ackMode' is 'sometimes'", "auto, manual or on-receipt");
		assertFailure(BadConcurrency.class, "BadConcurrency.on", "concurrency 0", "from 1 to 10000");
		assertFailure(BadQos.class, "BadQos.on", "QoS 3", "0, 1 or 2");
	}

	private void assertFailure(Class<?> listeners, String listener, String reason, String action) {
		this.recording.withUserConfiguration(listeners).run((context) -> {
			InvalidMqttListenerException failure = find(context.getStartupFailure());
			FailureAnalysis analysis = new InvalidMqttListenerFailureAnalyzer(null).analyze(failure, failure);
			assertThat(analysis.getDescription()).contains("An MQTT listener cannot be set up", listener, reason);
			assertThat(analysis.getAction()).contains(action);
		});
	}

	private static InvalidMqttListenerException find(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidMqttListenerException found) {
				return found;
			}
		}
		throw new AssertionError("no listener is to blame", failure);
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

	static class UnknownClient {

		@MqttListener(topics = "a", client = "nobody")
		void on(String text) {
		}

	}

	static class BadFilter {

		@MqttListener(topics = "a/#/b")
		void on(String text) {
		}

	}

	static class SameId {

		@MqttListener(id = "same", topics = "a")
		void one(String text) {
		}

		@MqttListener(id = "same", topics = "b")
		void two(String text) {
		}

	}

	static class Unresolvable {

		@MqttListener(topics = "a/${no.such.property}")
		void on(String text) {
		}

	}

	static class SharedNoLocal {

		@MqttListener(topics = "a", group = "g", noLocal = true)
		void on(String text) {
		}

	}

	static class HalfALevel {

		@MqttListener(topics = "a/b{id}")
		void on(String text) {
		}

	}

	static class NoFactory {

		@MqttListener(topics = "a", containerFactory = "nowhere")
		void on(String text) {
		}

	}

	static class NoHandler {

		@MqttListener(topics = "a", errorHandler = "nowhere")
		void on(String text) {
		}

	}

	static class BadAckMode {

		@MqttListener(topics = "a", ackMode = "sometimes")
		void on(String text) {
		}

	}

	static class BadConcurrency {

		@MqttListener(topics = "a", concurrency = "0")
		void on(String text) {
		}

	}

	static class BadQos {

		@MqttListener(topics = "a", qos = 3)
		void on(String text) {
		}

	}

}
