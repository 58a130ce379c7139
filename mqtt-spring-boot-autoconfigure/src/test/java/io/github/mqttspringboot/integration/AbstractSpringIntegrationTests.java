package io.github.mqttspringboot.integration;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.mqtt.event.MqttConnectionFailedEvent;
import org.springframework.integration.mqtt.event.MqttMessageDeliveredEvent;
import org.springframework.integration.mqtt.event.MqttSubscribedEvent;
import org.springframework.integration.mqtt.inbound.Mqttv5PahoMessageDrivenChannelAdapter;
import org.springframework.integration.mqtt.outbound.Mqttv5PahoMessageHandler;
import org.springframework.integration.mqtt.support.MqttHeaders;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.support.MessageBuilder;

import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscriptionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Spring Integration's adapters on a broker that refuses what is under {@code denied/}.
 */
abstract class AbstractSpringIntegrationTests {

	abstract String uri();

	abstract void restartBroker();

	abstract long connectionsSeenByBroker();

	@Test
	void theFlowsOfTheDocumentationWork() {
		try (FlowApp app = FlowApp.start(uri(), new Class<?>[] { FlowApp.Application.class, MeterFlows.class })) {
			app.awaitEvents(MqttSubscribedEvent.class, 1);
			List<String> receipts = new CopyOnWriteArrayList<>();
			app.client()
				.subscribe(SubscribeRequest.to("meters/+/receipt")
					.qos(1)
					.handler((message) -> receipts.add(message.topic() + ": " + new String(message.payload())))
					.build())
				.join();
			app.client().publish(PublishRequest.to("meters/7/reading").payload("42").qos(1).build()).join();
			Awaitility.await()
				.untilAsserted(() -> assertThat(receipts).containsExactly("meters/7/receipt: received 42"));
			assertThat(connectionsSeenByBroker()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void aMessageArrivesAsItWasSent(int qos) {
		try (FlowApp app = FlowApp.start(uri())) {
			FlowApp.Inbound inbound = app.inbound("good/#");
			inbound.adapter().removeTopic("good/#");
			inbound.adapter().addTopic("good/#", 2);
			app.outbound(false)
				.handleMessage(MessageBuilder.withPayload("ä")
					.setHeader(MqttHeaders.TOPIC, "good/1")
					.setHeader(MqttHeaders.QOS, qos)
					.setHeader(MqttHeaders.RESPONSE_TOPIC, "good/reply")
					.setHeader(MqttHeaders.CORRELATION_DATA, new byte[] { 1, (byte) 0xFF })
					.setHeader("contentType", "text/plain")
					.setHeader("origin", "flow")
					.build());
			Awaitility.await().untilAsserted(() -> assertThat(inbound.received()).hasSize(1));
			assertThat(inbound.received().get(0)).satisfies((message) -> {
				assertThat((byte[]) message.getPayload()).asString().isEqualTo("ä");
				assertThat(message.getHeaders()).containsEntry(MqttHeaders.RECEIVED_TOPIC, "good/1")
					.containsEntry(MqttHeaders.RECEIVED_QOS, qos)
					.containsEntry(MqttHeaders.RECEIVED_RETAINED, false)
					.containsEntry(MqttHeaders.DUPLICATE, false)
					.containsEntry(MqttHeaders.RESPONSE_TOPIC, "good/reply")
					.containsEntry("contentType", "text/plain")
					.containsEntry(MqttHeaders.CORRELATION_DATA, new byte[] { 1, (byte) 0xFF });
			});
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void aRefusedPublishMakesTheHandlerThrowAndKeepsTheConnection(int qos) {
		try (FlowApp app = FlowApp.start(uri())) {
			Mqttv5PahoMessageHandler handler = app.outbound(false);
			assertThatExceptionOfType(MessageHandlingException.class)
				.isThrownBy(() -> handler.handleMessage(FlowApp.message("denied/x", qos)))
				.havingCause()
				.isInstanceOfSatisfying(MqttException.class, (ex) -> assertThat(ex.getReasonCode()).isEqualTo(0x87));
			handler.handleMessage(FlowApp.message("good/x", qos));
			Mqttv5PahoMessageHandler async = app.outbound(true);
			async.handleMessage(FlowApp.message("good/x", qos));
			app.awaitEvents(MqttMessageDeliveredEvent.class, 1);
			assertThat(connectionsSeenByBroker()).isOne();
		}
	}

	@Test
	void afterARestartOfTheBrokerTheFlowsGoOn() {
		try (FlowApp app = FlowApp.start(uri())) {
			FlowApp.Inbound inbound = app.inbound("good/#");
			Mqttv5PahoMessageHandler handler = app.outbound(false);
			handler.handleMessage(FlowApp.message("good/1", 1));
			Awaitility.await().untilAsserted(() -> assertThat(inbound.topics()).containsExactly("good/1"));
			restartBroker();
			app.awaitEvents(MqttConnectionFailedEvent.class, 2);
			app.awaitEvents(MqttSubscribedEvent.class, 2);
			handler.handleMessage(FlowApp.message("good/2", 1));
			Awaitility.await().untilAsserted(() -> assertThat(inbound.topics()).containsExactly("good/1", "good/2"));
			assertThat(app.client().statistics().connections()).isEqualTo(2);
		}
	}

	@Test
	void anAdapterUnsubscribesWhenItStopsAndSubscribesWhenItStarts() {
		try (FlowApp app = FlowApp.start(uri())) {
			FlowApp.Inbound stopped = app.inbound("good/stopped");
			FlowApp.Inbound other = app.inbound("good/other");
			stopped.adapter().stop();
			assertThat(app.client().subscriptions()).extracting(SubscriptionStatus::filter)
				.containsExactly("good/other");
			app.client().publish(PublishRequest.to("good/stopped").payload("x").qos(1).build()).join();
			app.client().publish(PublishRequest.to("good/other").payload("x").qos(1).build()).join();
			Awaitility.await().untilAsserted(() -> assertThat(other.topics()).hasSize(1));
			stopped.adapter().start();
			app.client().publish(PublishRequest.to("good/stopped").payload("x").qos(1).build()).join();
			Awaitility.await().untilAsserted(() -> assertThat(stopped.topics()).hasSize(1));
			other.remove();
			assertThat(app.client().subscriptions()).extracting(SubscriptionStatus::filter)
				.containsExactly("good/stopped");
		}
	}

	@Test
	void whatAnAdapterDroppedWithoutAConnectionIsNotRestored() {
		try (FlowApp app = FlowApp.start(uri())) {
			FlowApp.Inbound stopped = app.inbound("good/stopped");
			FlowApp.Inbound smaller = app.inbound("good/1", "good/2");
			FlowApp.Inbound other = app.inbound("good/other");
			app.client().stop();
			stopped.adapter().stop();
			smaller.adapter().removeTopic("good/1");
			app.client().start();
			app.awaitEvents(MqttSubscribedEvent.class, 5);
			Awaitility.await()
				.untilAsserted(() -> assertThat(app.client().subscriptions())
					.filteredOn((subscription) -> subscription.state() == SubscriptionStatus.State.ACTIVE)
					.extracting(SubscriptionStatus::filter)
					.containsExactlyInAnyOrder("good/2", "good/other"));
			assertThat(other.adapter().isRunning()).isTrue();
		}
	}

	@Test
	void whatTheServerKeptForAnAdapterReachesItAfterARestartOfTheApplication() {
		Class<?>[] sources = { FlowApp.Application.class, KeptAdapter.class };
		String[] properties = { "mqtt.clean-start=false", "mqtt.session-expiry=1h" };
		try (FlowApp app = FlowApp.start(uri(), sources, properties)) {
			app.awaitEvents(MqttSubscribedEvent.class, 1);
		}
		try (FlowApp other = FlowApp.start(uri(), "mqtt.client-id=other")) {
			for (int i = 0; i < 20; i++) {
				other.client().publish(PublishRequest.to("good/" + i).payload("x").qos(1).build()).join();
			}
		}
		try (FlowApp app = FlowApp.start(uri(), sources, properties)) {
			assertThat(app.client().connection().sessionPresent()).isTrue();
			List<String> expected = IntStream.range(0, 20).mapToObj((i) -> "good/" + i).toList();
			Awaitility.await()
				.untilAsserted(
						() -> assertThat(app.bean(KeptAdapter.class).topics).containsExactlyElementsOf(expected));
			app.client().publish(PublishRequest.to("good/later").payload("x").qos(1).build()).join();
			Awaitility.await()
				.untilAsserted(() -> assertThat(app.bean(KeptAdapter.class).topics).hasSize(21).endsWith("good/later"));
		}
	}

	/** An application with an adapter whose messages the server keeps. */
	@Configuration(proxyBeanMethods = false)
	static class KeptAdapter {

		private final List<Object> topics = new CopyOnWriteArrayList<>();

		@Bean
		IntegrationFlow kept(MqttClientManager manager) {
			return IntegrationFlow.from(new Mqttv5PahoMessageDrivenChannelAdapter(manager, "good/#"))
				.handle((message) -> this.topics.add(message.getHeaders().get(MqttHeaders.RECEIVED_TOPIC)))
				.get();
		}

	}

}
