package io.github.mqttspringboot.observation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.mqtt.inbound.Mqttv5PahoMessageDrivenChannelAdapter;
import org.springframework.integration.mqtt.outbound.Mqttv5PahoMessageHandler;
import org.springframework.integration.mqtt.support.MqttHeaders;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.integration.MqttClientManager;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whichever way a message is published or handled, it is observed, and once.
 */
class ObservedOnceTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final ScriptedBroker broker = routingBroker();

	private final ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
		.web(WebApplicationType.NONE)
		.properties("spring.main.banner-mode=off", "mqtt.servers=" + this.broker.uri(),
				"mqtt.listener.retry.max-attempts=1", "mqtt.listener.dead-letter-topic=dead")
		.run();

	private final RecordedObservations observations = this.context.getBean(Recorder.class).observations();

	private final ManagedMqttClient client = this.context.getBean(ManagedMqttClient.class);

	private final MqttTemplate template = this.context.getBean(MqttTemplate.class);

	@BeforeEach
	void awaitSubscriptions() {
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.client.subscriptions()).hasSize(3)
				.allMatch((subscription) -> subscription.state() == SubscriptionStatus.State.ACTIVE));
	}

	private static ScriptedBroker routingBroker() {
		ScriptedBroker broker = ScriptedBroker.start();
		broker.routing();
		return broker;
	}

	@AfterEach
	void close() {
		this.context.close();
		this.broker.close();
	}

	@Test
	void aPublishOfTheTemplateIsObservedOnce() {
		assertThat(this.template.publish("t", "x")).succeedsWithin(PATIENCE);
		assertStopped("mqtt.publish t");
	}

	@Test
	void aPublishOfATemplateThatTheApplicationMadeIsObservedOnce() {
		assertThat(new MqttTemplate(this.client).publish("t", "x")).succeedsWithin(PATIENCE);
		assertStopped("mqtt.publish t");
	}

	@Test
	void aPublishOfTheClientIsObservedOnceUntilItsOutcome() {
		this.broker.on(When.publish("t")).answer(Reply.puback(0x87));
		this.observations.injected.put("traceparent", "new");
		byte[] payload = { 1, 2 };
		PublishRequest request = PublishRequest.to("t")
			.payload(payload)
			.qos(1)
			.retain(true)
			.contentType("a/b")
			.responseTopic("r")
			.correlationData(payload)
			.messageExpiry(Duration.ofSeconds(7))
			.userProperty("traceparent", "old")
			.userProperty("site", "north")
			.build();
		assertThat(this.client.publish(request)).failsWithin(PATIENCE);
		assertStopped("mqtt.publish t");
		assertThat(this.observations.stopped.get(0).getLowCardinalityKeyValue("error.type").getValue())
			.isEqualTo("not-authorized");
		assertThat(sent("t")).contains("traceparent", "new", "site", "north", "a/b").doesNotContain("old");
	}

	@Test
	void aHandlerOfTheApplicationIsObservedOnceWhileItRuns() {
		List<@Nullable Observation> current = new CopyOnWriteArrayList<>();
		CompletableFuture<String> stage = new CompletableFuture<>();
		assertThat(this.client.subscribe(SubscribeRequest.to("plain/+").messageHandler((message) -> {
			current.add(this.observations.registry.getCurrentObservation());
			return stage;
		}).build())).succeedsWithin(PATIENCE);
		this.broker.lastConnection().send(Reply.publish("plain/7", "x").qos(1).id(9));
		Awaitility.await().untilAsserted(() -> assertThat(current).hasSize(1));
		assertThat(this.observations.stopped).isEmpty();
		stage.complete("done");
		assertStopped("mqtt.process plain/7");
		Observation.Context context = this.observations.stopped.get(0);
		assertThat(current.get(0)).isNotNull();
		assertThat(current.get(0).getContext()).isSameAs(context);
		assertThat(context.getContextualName()).isEqualTo("process");
		assertThat(RecordedObservations.asMap(context.getLowCardinalityKeyValues()))
			.containsEntry("listener", "application")
			.containsEntry("messaging.destination.template", "none")
			.containsOnlyKeys(PublishObservationTests.names(MqttObservation.PROCESS.getLowCardinalityKeyNames()));
	}

	@Test
	void whatAHandlerThrowsIsTheErrorOfItsObservation() {
		IllegalStateException thrown = new IllegalStateException("thrown");
		assertThat(this.client.subscribe(SubscribeRequest.to("plain").handler((message) -> {
			throw thrown;
		}).build())).succeedsWithin(PATIENCE);
		this.broker.lastConnection().send(Reply.publish("plain", "x"));
		assertStopped("mqtt.process plain");
		assertThat(this.observations.stopped.get(0).getError()).isSameAs(thrown);
	}

	@Test
	void aListenerIsObservedOnceAndNotItsSubscriptionToo() {
		this.broker.lastConnection().send(Reply.publish("listened", "x"));
		assertStopped("mqtt.process listened");
	}

	@Test
	void aDeadLetterStaysInTheTraceOfItsMessage() {
		this.observations.injected.put("traceparent", "new");
		this.broker.lastConnection().send(Reply.publish("failing", "x").userProperty("traceparent", "old"));
		assertThat(sent("dead")).contains("traceparent", "old").doesNotContain("new");
		assertStopped("mqtt.process failing");
	}

	@Test
	void aFlowIsObservedOnceOnItsWayInAndOnItsWayOut() {
		this.broker.lastConnection().send(Reply.publish("flow/in", "x"));
		this.broker.awaitReceived(When.publish("flow-out"), 1);
		Awaitility.await()
			.untilAsserted(() -> assertThat(names()).containsExactlyInAnyOrder("mqtt.publish flow-out",
					"mqtt.process flow/in"));
		Observation.Context publish = this.observations.stopped.stream()
			.filter(MqttSenderContext.class::isInstance)
			.findFirst()
			.orElseThrow();
		assertThat(publish.getParentObservation()).isNotNull();
		assertThat(publish.getParentObservation().getContextView()).isInstanceOf(MqttReceiverContext.class);
	}

	@Test
	void whatIsNotToBeObservedIsNot() {
		assertThat(this.client.publish(PublishRequest.to("t").qos(1).observed(false).build())).succeedsWithin(PATIENCE);
		CompletableFuture<ReceivedMessage> received = new CompletableFuture<>();
		assertThat(
				this.client.subscribe(SubscribeRequest.to("plain").handler(received::complete).observed(false).build()))
			.succeedsWithin(PATIENCE);
		this.broker.lastConnection().send(Reply.publish("plain", "x"));
		assertThat(received).succeedsWithin(PATIENCE);
		this.client.publish(PublishRequest.to("u").qos(1).build()).join();
		assertStopped("mqtt.publish u");
	}

	private void assertStopped(String... names) {
		Awaitility.await().untilAsserted(() -> assertThat(names()).containsExactly(names));
		assertThat(this.observations.started).hasSameSizeAs(names);
	}

	/** The bytes of what the broker has got on a topic. */
	private String sent(String topic) {
		return new String(this.broker.awaitReceived(When.publish(topic), 1).get(0).raw(), StandardCharsets.UTF_8);
	}

	private List<String> names() {
		return this.observations.stopped.stream()
			.map((context) -> context.getName() + " "
					+ context.getHighCardinalityKeyValue("messaging.destination.name").getValue())
			.toList();
	}

	/** An application that publishes and handles messages in all the ways there are. */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		// Not the recording itself: Boot adds handlers that are beans to the registry
		@Bean
		Recorder recorder() {
			return new Recorder(new RecordedObservations());
		}

		@Bean
		ObservationRegistry registry(Recorder recorder) {
			return recorder.observations().registry;
		}

		@MqttListener(topics = "listened")
		void listen(String text) {
		}

		@MqttListener(topics = "failing")
		void fail(String text) {
			throw new IllegalStateException(text);
		}

		@Bean
		IntegrationFlow flow(MqttClientManager manager) {
			return IntegrationFlow.from(new Mqttv5PahoMessageDrivenChannelAdapter(manager, "flow/+"))
				.enrichHeaders((headers) -> headers.header(MqttHeaders.TOPIC, "flow-out", true))
				.handle(new Mqttv5PahoMessageHandler(manager))
				.get();
		}

	}

	/**
	 * Has what was observed.
	 *
	 * @param observations the observations
	 */
	record Recorder(RecordedObservations observations) {

	}

}
