package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.FakeWire.FakeConnection;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.SubscribeAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InboundFlow}, through a client on a fake wire.
 */
class InboundFlowTests {

	/** What the handler got, and the stage that ends its processing. */
	private final Map<String, CompletableFuture<Void>> open = new LinkedHashMap<>();

	private final List<String> received = new ArrayList<>();

	@Test
	void aQos0MessageIsHandedOverAndNotAcknowledged() {
		TestClient test = subscribed();
		List<ReceivedMessage> messages = new ArrayList<>();
		test.client.subscribe(SubscribeRequest.to("a/#").handler(messages::add).build());
		PublishProperties properties = new PublishProperties(1, 7L, null, "reply", new byte[] { 1 }, List.of(),
				List.of(), "text/plain");
		test.receive(new Publish(0, "a/b", 0, true, false, properties, "x".getBytes(StandardCharsets.UTF_8)));
		assertThat(messages).singleElement().satisfies((message) -> {
			assertThat(message.topic()).isEqualTo("a/b");
			assertThat(message.payload()).asString(StandardCharsets.UTF_8).isEqualTo("x");
			assertThat(message.qos()).isZero();
			assertThat(message.retained()).isTrue();
			assertThat(message.duplicate()).isFalse();
			assertThat(message.properties()).isEqualTo(properties);
		});
		assertThat(acks(test)).isEmpty();
	}

	@Test
	void aQos1MessageIsAcknowledgedOnceProcessed() {
		TestClient test = subscribed();
		receive(test, "m", 1, 7);
		assertThat(acks(test)).isEmpty();
		process(test, "m");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBACK, 7));
	}

	@Test
	void aQos2MessageIsReceivedOnceProcessedAndCompletedWhenReleased() {
		TestClient test = subscribed();
		receive(test, "m", 2, 7);
		assertThat(acks(test)).isEmpty();
		process(test, "m");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBREC, 7));
		release(test, 7);
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBREC, 7), ack(PacketType.PUBCOMP, 7));
		receive(test, "again", 2, 7);
		assertThat(this.received).containsExactly("m", "again");
	}

	@Test
	void acknowledgementsLeaveInTheOrderOfArrivalWhateverTheOrderOfProcessing() {
		TestClient test = subscribed();
		receive(test, "1", 1, 11);
		receive(test, "2", 2, 12);
		receive(test, "3", 1, 13);
		receive(test, "4", 2, 14);
		assertThat(this.received).containsExactly("1", "2", "3", "4");
		process(test, "4");
		process(test, "3");
		assertThat(acks(test)).isEmpty();
		process(test, "1");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBACK, 11));
		process(test, "2");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBACK, 11), ack(PacketType.PUBREC, 12),
				ack(PacketType.PUBACK, 13), ack(PacketType.PUBREC, 14));
	}

	@Test
	void aMessageIsAcknowledgedOnceAllItsHandlersAreDone() {
		TestClient test = subscribed();
		CompletableFuture<Void> other = new CompletableFuture<>();
		test.client.subscribe(SubscribeRequest.to("m").messageHandler((message) -> other).build());
		receive(test, "m", 1, 1);
		process(test, "m");
		assertThat(acks(test)).isEmpty();
		other.complete(null);
		test.time.run();
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBACK, 1));
	}

	@Test
	void aDuplicateBeforeThePubrecIsNotHandedOverAgain() {
		TestClient test = subscribed();
		receive(test, "m", 2, 7);
		duplicate(test, "m", 7);
		process(test, "m");
		assertThat(this.received).containsExactly("m");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBREC, 7));
		duplicate(test, "m", 7);
		assertThat(this.received).containsExactly("m");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBREC, 7), ack(PacketType.PUBREC, 7));
	}

	@Test
	void aQos2MessageNotYetProcessedIsAcknowledgedOnTheConnectionItCameOnLast() {
		TestClient test = subscribed();
		receive(test, "m", 2, 7);
		test.reconnect(true);
		duplicate(test, "m", 7);
		assertThat(acks(test)).isEmpty();
		process(test, "m");
		assertThat(this.received).containsExactly("m");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBREC, 7));
		release(test, 7);
		assertThat(acks(test)).endsWith(ack(PacketType.PUBCOMP, 7));
	}

	@Test
	void aQos2MessageProcessedWithoutConnectionIsAcknowledgedWhenItComesAgain() {
		TestClient test = subscribed();
		receive(test, "m", 2, 7);
		test.link().close();
		process(test, "m");
		assertThat(acks(test)).isEmpty();
		reconnected(test, true);
		assertThat(acks(test)).isEmpty();
		duplicate(test, "m", 7);
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBREC, 7));
		assertThat(this.received).containsExactly("m");
	}

	@Test
	void aPubrelOnTheNextConnectionCompletesTheMessage() {
		TestClient test = subscribed();
		receive(test, "m", 2, 7);
		process(test, "m");
		test.reconnect(true);
		release(test, 7);
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBCOMP, 7));
		receive(test, "new", 2, 7);
		assertThat(this.received).containsExactly("m", "new");
	}

	@Test
	void aLostSessionForgetsTheMessagesNotReleased() {
		TestClient test = subscribed();
		receive(test, "m", 2, 7);
		receive(test, "n", 2, 8);
		process(test, "m");
		test.reconnect(false);
		// Of the lost session: neither acknowledged nor in the way of its identifier
		process(test, "n");
		assertThat(acks(test)).isEmpty();
		receive(test, "other", 2, 7);
		receive(test, "another", 2, 8);
		assertThat(this.received).containsExactly("m", "n", "other", "another");
		process(test, "other");
		process(test, "another");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBREC, 7), ack(PacketType.PUBREC, 8));
	}

	@Test
	void aPubrelForNoMessageIsAnsweredWithItsCode() {
		TestClient test = subscribed();
		release(test, 9);
		assertThat(acks(test)).containsExactly(new PublishAck(PacketType.PUBCOMP, 9, 0x92));
		assertKept(test);
	}

	@Test
	void aPubrelWithPacketIdentifierNotFoundDeliversOnceAndKeepsTheConnection() {
		TestClient test = subscribed();
		receive(test, "m", 2, 7);
		test.receive(new PublishAck(PacketType.PUBREL, 7, 0x92, "lost it", List.of()));
		assertThat(acks(test)).isEmpty();
		process(test, "m");
		assertThat(this.received).containsExactly("m");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBCOMP, 7));
		assertThat(test.events(MqttProtocolAnomalyEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getFailure().packet()).isEqualTo(PacketType.PUBREL);
			assertThat(event.getFailure().code()).isEqualTo(0x92);
		});
		assertThat(test.errors(ErrorClass.RECOVERABLE, "pubrel", "packet-identifier-not-found")).isOne();
		// The identifier is free, and what comes after is acknowledged
		receive(test, "n", 2, 7);
		process(test, "n");
		assertThat(acks(test)).endsWith(ack(PacketType.PUBREC, 7));
		assertKept(test);
	}

	@Test
	void moreThanTheReceiveMaximumEndsTheConnection() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.receiveMaximum = 2));
		subscribe(test.connect());
		receive(test, "1", 1, 1);
		receive(test, "2", 2, 2);
		process(test, "1");
		process(test, "2");
		// PUBACK makes room, PUBREC does not
		receive(test, "3", 1, 3);
		assertKept(test);
		receive(test, "4", 1, 4);
		assertThat(test.wire.connections.get(0).sent).endsWith(new Disconnect(0x93));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(test.events(MqttConnectionLostEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getFailure().localError()).isEqualTo(LocalError.INBOUND_RECEIVE_MAXIMUM_EXCEEDED);
			assertThat(event.getClassification().errorClass()).isEqualTo(ErrorClass.RECONNECT);
		});
		assertThat(this.received).containsExactly("1", "2", "3");
	}

	@Test
	void aReleasedMessageAndANewConnectionMakeRoomInTheReceiveMaximum() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.receiveMaximum = 1));
		subscribe(test.connect());
		for (int i = 0; i < 5; i++) {
			receive(test, "m" + i, 2, 7);
			process(test, "m" + i);
			release(test, 7);
		}
		receive(test, "open", 2, 8);
		test.reconnect(true);
		duplicate(test, "open", 8);
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		process(test, "open");
		release(test, 8);
		receive(test, "next", 1, 9);
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.wire.connections).hasSize(2);
	}

	@Test
	void qos0DoesNotCountAgainstTheReceiveMaximum() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.receiveMaximum = 1));
		subscribe(test.connect());
		for (int i = 0; i < 5; i++) {
			test.receive(message("q" + i, 0, 0, false));
		}
		assertThat(this.received).hasSize(5);
		assertKept(test);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aFailingHandlerIsReportedAndItsMessageAcknowledged(boolean asynchronous) {
		TestClient test = new TestClient().connect();
		test.client.subscribe(SubscribeRequest.to("m").messageHandler((message) -> {
			if (asynchronous) {
				return CompletableFuture.failedFuture(new IllegalStateException("no room"));
			}
			throw new IllegalStateException("no room");
		}).build());
		receive(test, "m", 1, 1);
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBACK, 1));
		assertThat(test.events(MqttListenerFailedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getTopic()).isEqualTo("m");
			assertThat(event.getFailure().localError()).isEqualTo(LocalError.LISTENER_FAILED);
			assertThat(event.getFailure().cause()).hasMessage("no room");
		});
		assertThat(test.errors(ErrorClass.RECOVERABLE, "local", "listener-failed")).isOne();
		assertThat(test.client.incidents().get(0).toString()).contains("for m", "the message handler threw java.")
			.doesNotContain("no room");
		assertKept(test);
	}

	@Test
	void anErrorOfAHandlerDoesNotStopTheOthers() {
		TestClient test = subscribed();
		test.client.subscribe(SubscribeRequest.to("m").messageHandler((message) -> {
			throw new StackOverflowError();
		}).build());
		receive(test, "m", 1, 1);
		process(test, "m");
		receive(test, "n", 1, 2);
		process(test, "n");
		assertThat(this.received).containsExactly("m", "n");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBACK, 1), ack(PacketType.PUBACK, 2));
		assertKept(test);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void aMessageWithoutHandlerIsAcknowledged(int qos) {
		TestClient test = new TestClient().connect();
		receive(test, "nobody", qos, 1);
		assertThat(acks(test)).containsExactly(ack((qos == 1) ? PacketType.PUBACK : PacketType.PUBREC, 1));
		assertKept(test);
	}

	@Test
	void aMessageWithoutHandlerWaitsForThoseBeforeIt() {
		TestClient test = subscribed("a");
		receive(test, "a", 1, 1);
		receive(test, "nobody", 1, 2);
		assertThat(acks(test)).isEmpty();
		process(test, "a");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBACK, 1), ack(PacketType.PUBACK, 2));
	}

	@Test
	void aPubackNeverLeavesOnAnotherConnection() {
		TestClient test = subscribed();
		receive(test, "old", 1, 7);
		FakeConnection first = test.wire.last();
		test.reconnect(true);
		receive(test, "new", 1, 7);
		process(test, "old");
		assertThat(acks(test)).isEmpty();
		process(test, "new");
		assertThat(acks(test)).containsExactly(ack(PacketType.PUBACK, 7));
		assertThat(first.sent(PacketType.PUBACK)).isEmpty();
	}

	@Test
	void processingMayEndAfterTheClientHasStopped() {
		TestClient test = subscribed();
		receive(test, "1", 1, 1);
		receive(test, "2", 2, 2);
		test.stop();
		process(test, "1");
		process(test, "2");
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
		assertThat(test.wire.connections).hasSize(1);
		assertThat(acks(test)).isEmpty();
		assertThat(test.client.incidents()).isEmpty();
	}

	@Test
	void nothingLeavesAfterTheDisconnect() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.maxInFlight = 1));
		subscribe(test.connect());
		receive(test, "m", 1, 1);
		CompletableFuture<PublishResult> first = test.client.publish(PublishRequest.to("x").qos(1).build());
		CompletableFuture<PublishResult> second = test.client.publish(PublishRequest.to("y").qos(1).build());
		int id = ((Publish) test.link().sent(PacketType.PUBLISH).get(0)).packetId();
		test.link().lingers = true;
		test.stop();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPING);
		process(test, "m");
		test.receive(ack(PacketType.PUBACK, id));
		test.client.subscribe(SubscribeRequest.to("late").build());
		test.time.run();
		assertThat(test.link().sent).endsWith(new Disconnect(0));
		test.link().close();
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
		assertThat(first).isCompleted();
		assertThat(test.cause(second)).isInstanceOf(MqttNotConnectedException.class);
	}

	private TestClient subscribed() {
		return subscribed("#");
	}

	private TestClient subscribed(String filter) {
		TestClient test = new TestClient().connect();
		subscribe(test, filter);
		return test;
	}

	private void subscribe(TestClient test) {
		subscribe(test, "#");
	}

	private void subscribe(TestClient test, String filter) {
		test.client.subscribe(SubscribeRequest.to(filter).messageHandler((message) -> {
			this.received.add(message.topic());
			CompletableFuture<Void> stage = new CompletableFuture<>();
			this.open.put(message.topic(), stage);
			return stage;
		}).build());
		Subscribe subscribe = (Subscribe) test.link().sent.get(0);
		test.receive(new SubscribeAck(PacketType.SUBACK, subscribe.packetId(), List.of(2), null, List.of()));
	}

	private void process(TestClient test, String topic) {
		test.time.run();
		this.open.remove(topic).complete(null);
		test.time.run();
	}

	private static void receive(TestClient test, String topic, int qos, int packetId) {
		test.receive(message(topic, qos, packetId, false));
	}

	private static void duplicate(TestClient test, String topic, int packetId) {
		test.receive(message(topic, 2, packetId, true));
	}

	private static void release(TestClient test, int packetId) {
		test.receive(ack(PacketType.PUBREL, packetId));
	}

	private static void reconnected(TestClient test, boolean sessionPresent) {
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(sessionPresent, 0));
	}

	private static Publish message(String topic, int qos, int packetId, boolean duplicate) {
		return new Publish(packetId, topic, qos, false, duplicate, PublishProperties.NONE, new byte[0]);
	}

	private static PublishAck ack(PacketType type, int packetId) {
		return new PublishAck(type, packetId, 0);
	}

	private static List<MqttPacket> acks(TestClient test) {
		return test.link().sent.stream().filter(PublishAck.class::isInstance).toList();
	}

	private static void assertKept(TestClient test) {
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.wire.connections).hasSize(1);
	}

}
