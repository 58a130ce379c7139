package io.github.mqttspringboot.integration;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.eclipse.paho.mqttv5.client.IMqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.integration.IntegrationMessageHeaderAccessor;
import org.springframework.integration.acks.SimpleAcknowledgment;
import org.springframework.integration.mqtt.event.MqttConnectionFailedEvent;
import org.springframework.integration.mqtt.event.MqttMessageDeliveredEvent;
import org.springframework.integration.mqtt.event.MqttMessageNotDeliveredEvent;
import org.springframework.integration.mqtt.event.MqttMessageSentEvent;
import org.springframework.integration.mqtt.event.MqttSubscribedEvent;
import org.springframework.integration.mqtt.inbound.Mqttv5PahoMessageDrivenChannelAdapter;
import org.springframework.integration.mqtt.outbound.Mqttv5PahoMessageHandler;
import org.springframework.integration.mqtt.support.MqttHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandlingException;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The faults of Spring Integration's adapters, each of which the shared connection does
 * not have.
 */
class SpringIntegrationFaultTests {

	private final ScriptedBroker broker = ScriptedBroker.start();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void aRefusedPublishMakesTheHandlerThrow(int qos) {
		this.broker.on(When.publish("denied/#")).answer((qos == 1) ? Reply.puback(0x87) : Reply.pubrec(0x87));
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			Mqttv5PahoMessageHandler handler = app.outbound(false);
			assertThatExceptionOfType(MessageHandlingException.class)
				.isThrownBy(() -> handler.handleMessage(FlowApp.message("denied/x", qos)))
				.havingCause()
				.isInstanceOfSatisfying(MqttException.class, (ex) -> assertThat(ex.getReasonCode()).isEqualTo(0x87))
				.withMessageContaining("0x87");
			handler.handleMessage(FlowApp.message("good/x", qos));
			assertThat(app.client().statistics().connections()).isOne();
		}
		assertThat(this.broker.connectionCount()).isOne();
	}

	@Test
	void aRefusedAsynchronousPublishIsAFailedDelivery() {
		this.broker.on(When.publish("denied/#")).answer(Reply.puback(0x97));
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			Mqttv5PahoMessageHandler handler = app.outbound(true);
			handler.handleMessage(FlowApp.message("denied/x", 1));
			MqttMessageNotDeliveredEvent refused = app.awaitEvents(MqttMessageNotDeliveredEvent.class, 1).get(0);
			assertThat(refused.getException()).isInstanceOfSatisfying(MqttException.class,
					(ex) -> assertThat(ex.getReasonCode()).isEqualTo(0x97));
			assertThat(app.awaitEvents(MqttMessageSentEvent.class, 1).get(0).getMessageId())
				.isEqualTo(refused.getMessageId());
			assertThat(app.events(MqttMessageDeliveredEvent.class)).isEmpty();
			handler.handleMessage(FlowApp.message("good/x", 1));
			MqttMessageDeliveredEvent delivered = app.awaitEvents(MqttMessageDeliveredEvent.class, 1).get(0);
			assertThat(app.awaitEvents(MqttMessageSentEvent.class, 2).get(1).getMessageId())
				.isEqualTo(delivered.getMessageId())
				.isNotEqualTo(refused.getMessageId());
			assertThat(app.events(MqttMessageNotDeliveredEvent.class)).hasSize(1);
		}
		assertThat(this.broker.connectionCount()).isOne();
	}

	@Test
	void aRefusedFilterIsNeverSubscribed() {
		this.broker.on(When.subscribe("denied/#")).answer(Reply.suback(0x87));
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			FlowApp.Inbound denied = app.inbound("denied/#");
			MqttConnectionFailedEvent failed = app.awaitEvents(MqttConnectionFailedEvent.class, 1).get(0);
			assertThat(failed.getSource()).isSameAs(denied.adapter());
			assertThat(FlowApp.code(failed)).isEqualTo(0x87);
			assertThat(failed.getCause()).hasMessageContaining("denied/#").hasMessageContaining("0x87");
			app.inbound("good/#");
			app.awaitEvents(MqttSubscribedEvent.class, 1);
			assertThat(app.events(MqttSubscribedEvent.class)).extracting(MqttSubscribedEvent::getMessage)
				.allMatch((message) -> message.contains("good/#"));
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	@Test
	void withOneOfTwoFiltersRefusedNobodySeesSubscribedAndTheOtherWorks() {
		this.broker.routing();
		this.broker.on(When.subscribe("denied/#")).answer(Reply.suback(1, 0x87));
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			FlowApp.Inbound both = app.inbound("good/#", "denied/#");
			app.awaitEvents(MqttConnectionFailedEvent.class, 1);
			assertThat(app.events(MqttSubscribedEvent.class)).isEmpty();
			assertThat(app.client().subscriptions()).extracting(SubscriptionStatus::state)
				.containsExactly(SubscriptionStatus.State.ACTIVE, SubscriptionStatus.State.REJECTED);
			this.broker.lastConnection().send(Reply.publish("good/1", "x"));
			Awaitility.await().untilAsserted(() -> assertThat(both.topics()).containsExactly("good/1"));
			assertThat(this.broker.connectionCount()).isOne();
		}
	}

	@Test
	void aFilterThatEndsTheConnectionIsNotSubscribedForEver() {
		this.broker.on(When.subscribe("poison/#")).close();
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			FlowApp.Inbound poisoned = app.inbound("good/1/#", "poison/#", "good/2/#");
			FlowApp.Inbound other = app.inbound("other/#");
			Awaitility.await().untilAsserted(() -> {
				assertThat(app.client().state()).isEqualTo(ClientState.CONNECTED);
				assertThat(app.client().subscriptions())
					.filteredOn((subscription) -> subscription.state() == SubscriptionStatus.State.ACTIVE)
					.extracting(SubscriptionStatus::filter)
					.containsExactlyInAnyOrder("good/1/#", "good/2/#", "other/#");
				assertThat(app.events(MqttConnectionFailedEvent.class)).map(MqttConnectionFailedEvent::getCause)
					.anySatisfy((cause) -> assertThat(cause).hasMessageContaining("poison/#")
						.hasMessageContaining("adapter is restarted"));
			});
			int attempts = this.broker.received(When.subscribe("poison/#")).size();
			// With others first, then alone
			assertThat(attempts).isEqualTo(1 + FilterGuard.MAX_STRIKES);
			int connections = this.broker.connectionCount();
			// It stays barred on new connections
			app.client().reconnect();
			this.broker.awaitConnection(connections);
			Awaitility.await()
				.untilAsserted(() -> assertThat(app.events(MqttSubscribedEvent.class))
					.filteredOn((event) -> event.getSource() == other.adapter())
					.hasSizeGreaterThanOrEqualTo(2));
			assertThat(this.broker.received(When.subscribe("poison/#"))).hasSize(attempts);
			assertThat(app.events(MqttSubscribedEvent.class)).extracting(MqttSubscribedEvent::getSource)
				.doesNotContain(poisoned.adapter());
		}
	}

	@Test
	void aLostConnectionIsToldAndEveryoneSubscribedAgain() {
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			FlowApp.Inbound inbound = app.inbound("a/#");
			app.awaitEvents(MqttSubscribedEvent.class, 1);
			this.broker.lastConnection().send(Reply.disconnect(0x8B));
			app.awaitEvents(MqttConnectionLostEvent.class, 1);
			List<MqttConnectionFailedEvent> failed = app.awaitEvents(MqttConnectionFailedEvent.class, 2);
			assertThat(failed).extracting(MqttConnectionFailedEvent::getSource)
				.containsExactlyInAnyOrder(app.manager(), inbound.adapter());
			assertThat(app.failureCodes()).containsOnly(0x8B);
			assertThat(failed.get(0).getCause()).hasMessageContaining("0x8B");
			app.awaitEvents(MqttSubscribedEvent.class, 2);
			assertThat(app.manager().isConnected()).isTrue();
			assertThat(app.client().statistics().connections()).isEqualTo(2);
		}
	}

	@Test
	void theHandlersOwnConnectIsHarmless() {
		try (FlowApp app = FlowApp.start(this.broker.uri(), "mqtt.reconnect.floor=1h", "mqtt.reconnect.max-delay=2h")) {
			Mqttv5PahoMessageHandler handler = app.outbound(false);
			this.broker.stop();
			app.awaitState(ClientState.WAITING);
			assertThatExceptionOfType(MessageHandlingException.class)
				.isThrownBy(() -> handler.handleMessage(FlowApp.message("a", 1)))
				.havingCause()
				.isInstanceOfSatisfying(MqttException.class,
						(ex) -> assertThat(ex.getReasonCode())
							.isEqualTo(MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED))
				.withMessageContaining("It connects by itself");
			assertThat(app.client().state()).isEqualTo(ClientState.WAITING);
			this.broker.restart();
			app.client().reconnect();
			app.awaitState(ClientState.CONNECTED);
			handler.handleMessage(FlowApp.message("a", 1));
			assertThat(this.broker.connectionCount()).isEqualTo(2);
		}
	}

	@Test
	void nobodyEndsTheSharedConnectionThroughTheClient() throws MqttException {
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			IMqttAsyncClient client = app.manager().getClient();
			assertThat(client).isNotNull().isSameAs(app.manager().getClient());
			client.disconnect().waitForCompletion(1000);
			client.disconnectForcibly();
			client.close();
			client.reconnect();
			client.connect().waitForCompletion(1000);
			app.manager().stop();
			app.manager().start();
			assertThat(client.isConnected()).isTrue();
			client.publish("a", new byte[0], 1, false).waitForCompletion(5000);
			assertThat(client.getClientId()).isEqualTo("flows");
			assertThat(client.getCurrentServerURI()).isEqualTo(this.broker.uri());
		}
		assertThat(this.broker.connectionCount()).isOne();
		assertThat(this.broker.received(When.disconnect())).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anExceptionInTheFlowIsReportedAndTheMessageAcknowledged(boolean manualAcks) {
		this.broker.routing();
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			app.manager().setManualAcks(manualAcks);
			app.inbound(new Mqttv5PahoMessageDrivenChannelAdapter(app.manager(), "a/#"), (message) -> {
				throw new IllegalStateException("no");
			});
			app.awaitEvents(MqttSubscribedEvent.class, 1);
			app.client().publish(PublishRequest.to("a/1").qos(1).build()).join();
			app.client().publish(PublishRequest.to("a/2").qos(1).build()).join();
			app.awaitEvents(MqttListenerFailedEvent.class, 2);
			this.broker.awaitReceived(PacketType.PUBACK, 2);
			assertThat(this.broker.connectionCount()).isOne();
		}
	}

	@Test
	void aMessageIsAcknowledgedByHandWhenTheFlowSaysSo() {
		this.broker.routing();
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			app.manager().setManualAcks(true);
			List<SimpleAcknowledgment> acknowledgments = new CopyOnWriteArrayList<>();
			app.inbound(new Mqttv5PahoMessageDrivenChannelAdapter(app.manager(), "a/#"),
					(message) -> acknowledgments.add(acknowledgment(message)));
			app.awaitEvents(MqttSubscribedEvent.class, 1);
			for (int i = 0; i < 3; i++) {
				app.client().publish(PublishRequest.to("a/" + i).qos(1).build()).join();
			}
			Awaitility.await().untilAsserted(() -> assertThat(acknowledgments).hasSize(3));
			assertThat(this.broker.received(PacketType.PUBACK)).isEmpty();
			acknowledgments.get(1).acknowledge();
			acknowledgments.get(0).acknowledge();
			acknowledgments.get(0).acknowledge();
			this.broker.awaitReceived(PacketType.PUBACK, 2);
			// Orderly: by then a third would have been sent, too
			app.client().publish(PublishRequest.to("b").qos(1).build()).join();
			assertThat(this.broker.received(PacketType.PUBACK)).extracting(ReceivedPacket::packetId)
				.hasSize(2)
				.isSorted();
			acknowledgments.get(2).acknowledge();
			this.broker.awaitReceived(PacketType.PUBACK, 3);
		}
	}

	private static SimpleAcknowledgment acknowledgment(Message<?> message) {
		SimpleAcknowledgment acknowledgment = message.getHeaders()
			.get(IntegrationMessageHeaderAccessor.ACKNOWLEDGMENT_CALLBACK, SimpleAcknowledgment.class);
		assertThat(acknowledgment).isNotNull();
		assertThat(message.getHeaders().get(MqttHeaders.ID, Integer.class)).isPositive();
		return acknowledgment;
	}

}
