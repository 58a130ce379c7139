package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttSessionLostEvent;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.ThreadWatch;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The measured faults of Paho 1.2.5, by their numbers, and how this client behaves
 * instead.
 */
class PahoFaultTests {

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt.*");

	private final ScriptedBroker broker = ScriptedBroker.start();

	@AfterEach
	void nothingIsLeft() {
		assertThat(this.broker.violations()).isEmpty();
		this.broker.close();
		this.threads.assertGone();
	}

	@Test
	void p1RejectedQos2PublishKeepsTheConnectionAndIsNeverSentAgain() {
		this.broker.on(When.publish("denied/#")).answer(Reply.pubrec(0x87).reason("no"));
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			MqttPublishRejectedException ex = rejected(live.publish("denied/x", 2));
			assertThat(ex.getFailure().code()).isEqualTo(0x87);
			assertThat(ex.getFailure().packet()).isEqualTo(PacketType.PUBREC);
			assertThat(ex.getFailure().topic()).isEqualTo("denied/x");
			assertThat(ex.getFailure().reasonString()).isEqualTo("no");
			this.broker.lastConnection().reset();
			live.awaitConnections(2);
			live.publish("ok", 2).join();
			assertThat(this.broker.received(When.publish("denied/#"))).hasSize(1);
			assertThat(live.events(MqttPublishRejectedEvent.class)).hasSize(1);
		}
	}

	@Test
	void p2AReasonBelongsToItsOwnMessageOnly() {
		this.broker.on(When.publish("slow")).withhold();
		this.broker.on(When.publish("denied")).answer(Reply.pubrec(0x97));
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			CompletableFuture<PublishResult> slow = live.publish("slow", 2);
			assertThat(rejected(live.publish("denied", 2)).getFailure().code()).isEqualTo(0x97);
			assertThat(live.publish("ok", 2).join().code()).isZero();
			assertThat(slow).isNotDone();
			ReceivedPacket publish = this.broker.awaitReceived(When.publish("slow"), 1).get(0);
			this.broker.lastConnection().send(Reply.pubrec(0).id(publish.packetId()));
			assertThat(slow.join().packet()).isEqualTo(PacketType.PUBCOMP);
			assertThat(this.broker.connectionCount()).isOne();
		}
	}

	@Test
	void p3Pubrec0x80IsARejection() {
		this.broker.on(When.publish("x")).answer(Reply.pubrec(0x80));
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			assertThat(rejected(live.publish("x", 2)).getFailure().code()).isEqualTo(0x80);
			live.publish("ok", 1).join();
			assertThat(this.broker.received(PacketType.PUBREL)).isEmpty();
			assertThat(this.broker.connectionCount()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x91, 0x99, 0xC1 })
	void p4CodesThatPahoDoesNotKnowAreRejections(int code) {
		this.broker.on(When.publish("x")).answer(Reply.puback(code));
		this.broker.on(When.subscribe("x")).answer(Reply.suback(code));
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			assertThat(rejected(live.publish("x", 1)).getFailure().code()).isEqualTo(code);
			assertThatExceptionOfType(CompletionException.class)
				.isThrownBy(() -> live.client.subscribe(SubscribeRequest.to("x").build()).join())
				.withCauseInstanceOf(MqttSubscribeRejectedException.class)
				.satisfies((ex) -> assertThat(((MqttSubscribeRejectedException) ex.getCause()).getFailure().code())
					.isEqualTo(code));
			live.publish("ok", 1).join();
			assertThat(this.broker.connectionCount()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x99, 0x9B, 0x9F, 0xC1 })
	void p4ConnackCodesThatPahoDoesNotKnowAreReported(int code) {
		this.broker.on(When.connect()).answer(Reply.connack(code)).thenClose();
		try (LiveClient live = new LiveClient(this.broker.uri())) {
			live.client.start();
			Awaitility.await().untilAsserted(() -> assertThat(live.client.incidents()).isNotEmpty());
			assertThat(live.client.incidents().get(0).failure().packet()).isEqualTo(PacketType.CONNACK);
			assertThat(live.client.incidents().get(0).failure().code()).isEqualTo(code);
		}
	}

	@Test
	void p4ADisconnectCodeThatPahoDoesNotKnowIsReported() {
		this.broker.on(When.publish("x")).answer(Reply.disconnect(0x8C)).thenClose();
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			CompletableFuture<PublishResult> future = live.publish("x", 1);
			live.awaitState(ClientState.FAILED);
			assertThat(future).failsWithin(Duration.ofSeconds(5));
			assertThat(live.client.incidents()).filteredOn((incident) -> !incident.isRejection())
				.singleElement()
				.satisfies((incident) -> assertThat(incident.failure().title())
					.isEqualTo("DISCONNECT 0x8C Bad authentication method"));
		}
	}

	@Test
	void p5Pubrel0x92KeepsTheConnection() {
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			this.broker.lastConnection().send(Reply.pubrel(0x92).id(9));
			this.broker.awaitReceived(PacketType.PUBCOMP, 1);
			live.publish("ok", 2).join();
			assertThat(this.broker.connectionCount()).isOne();
			Awaitility.await().untilAsserted(() -> assertThat(live.events(MqttProtocolAnomalyEvent.class)).hasSize(1));
		}
	}

	@Test
	void p6APubrecWithAnUnknownIdCostsNothing() {
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			this.broker.lastConnection().send(Reply.pubrec(0).id(4711));
			assertThat(this.broker.awaitReceived(PacketType.PUBREL, 1).get(0).packetId()).isEqualTo(4711);
			live.publish("ok", 2).join();
			assertThat(this.broker.connectionCount()).isOne();
			Awaitility.await().untilAsserted(() -> assertThat(live.events(MqttProtocolAnomalyEvent.class)).hasSize(1));
		}
	}

	@Test
	void p9EmptySubscriptionsAreNotSent() {
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> live.client.subscribe().join())
				.satisfies((ex) -> assertThat(((MqttOperationException) ex.getCause()).getFailure().localError())
					.isEqualTo(LocalError.EMPTY_SUBSCRIPTION));
			assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> live.client.unsubscribe().join())
				.satisfies((ex) -> assertThat(((MqttOperationException) ex.getCause()).getFailure().localError())
					.isEqualTo(LocalError.EMPTY_SUBSCRIPTION));
			live.publish("ok", 1).join();
			assertThat(this.broker.received(PacketType.SUBSCRIBE)).isEmpty();
			assertThat(this.broker.received(PacketType.UNSUBSCRIBE)).isEmpty();
			assertThat(this.broker.connectionCount()).isOne();
		}
	}

	@Test
	void p13NegativeAcknowledgementsFailTheirFutures() {
		this.broker.on(When.publish("x")).answer(Reply.puback(0x87));
		this.broker.on(When.subscribe("x")).answer(Reply.suback(0x87));
		this.broker.on(When.unsubscribe("x")).answer(Reply.unsuback(0x87));
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			assertThat(live.publish("x", 1)).failsWithin(Duration.ofSeconds(5));
			assertThat(live.client.subscribe(SubscribeRequest.to("x").build())).failsWithin(Duration.ofSeconds(5));
			assertThat(live.client.unsubscribe("x")).failsWithin(Duration.ofSeconds(5));
			assertThat(this.broker.connectionCount()).isOne();
		}
	}

	@Test
	void p20AServerThatSendsNoConnackIsGivenUpAndTriedAgain() {
		this.broker.on(When.connect()).withhold().times(2);
		try (LiveClient live = new LiveClient(this.broker.uri(),
				(config) -> config.connectTimeout = Duration.ofMillis(200))) {
			live.client.start();
			live.awaitConnections(1);
			assertThat(this.broker.connectionCount()).isEqualTo(3);
			assertThat(live.client.incidents()).extracting((incident) -> incident.failure().localError())
				.containsExactly(LocalError.CONNACK_TIMEOUT, LocalError.CONNACK_TIMEOUT);
		}
	}

	@Test
	void p23InboundQos2IsDeliveredOnceAndAcknowledgedWhenProcessed() {
		List<String> received = new CopyOnWriteArrayList<>();
		List<CompletableFuture<Void>> processed = new CopyOnWriteArrayList<>();
		this.broker.on(When.pubrec()).withhold();
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			live.client.subscribe(SubscribeRequest.to("in").qos(2).messageHandler((message) -> {
				received.add(message.topic());
				CompletableFuture<Void> done = new CompletableFuture<>();
				processed.add(done);
				return done;
			}).build()).join();
			this.broker.lastConnection().send(Reply.publish("in", "x").qos(2).id(5));
			Awaitility.await().untilAsserted(() -> assertThat(received).hasSize(1));
			assertThat(this.broker.received(PacketType.PUBREC)).isEmpty();
			this.broker.lastConnection().send(Reply.publish("in", "x").qos(2).id(5).duplicate());
			this.broker.acceptWith(Reply.connack(0).sessionPresent(true));
			this.broker.lastConnection().reset();
			live.awaitConnections(2);
			this.broker.lastConnection().send(Reply.publish("in", "x").qos(2).id(5).duplicate());
			processed.get(0).complete(null);
			this.broker.awaitReceived(PacketType.PUBREC, 1);
			this.broker.lastConnection().send(Reply.publish("in", "x").qos(2).id(5).duplicate());
			this.broker.awaitReceived(PacketType.PUBREC, 2);
			assertThat(this.broker.received(PacketType.PUBCOMP)).isEmpty();
			this.broker.lastConnection().send(Reply.pubrel(0).id(5));
			assertThat(this.broker.awaitReceived(PacketType.PUBCOMP, 1).get(0).packetId()).isEqualTo(5);
			assertThat(received).hasSize(1);
		}
	}

	@Test
	void p24NothingOfALostSessionIsSent() {
		this.broker.on(When.publish("x").onConnection(0)).withhold();
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			CompletableFuture<PublishResult> future = live.publish("x", 2);
			this.broker.awaitReceived(When.publish("x"), 1);
			this.broker.lastConnection().reset();
			live.awaitConnections(2);
			assertThat(future).failsWithin(Duration.ofSeconds(5))
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(MqttSessionLostException.class);
			live.publish("ok", 2).join();
			assertThat(this.broker.received(When.publish("x"))).hasSize(1);
			assertThat(live.events(MqttSessionLostEvent.class)).hasSize(1);
		}
	}

	@Test
	void p25AServerThatAcceptsAndClosesLeaksNoThread() {
		this.broker.on(When.connect()).close();
		try (LiveClient live = new LiveClient(this.broker.uri())) {
			live.client.start();
			Awaitility.await().untilAsserted(() -> assertThat(this.broker.connectionCount()).isGreaterThan(30));
			assertThat(this.threads.started()).hasSizeLessThan(15);
		}
	}

	@Test
	void p26CutsUnderTrafficLeaveNoThreadAndNoOpenFuture() {
		this.broker.acceptWith(Reply.connack(0).sessionPresent(true));
		List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
		try (LiveClient live = new LiveClient(this.broker.uri(), (config) -> config.cleanStart = false).connect()) {
			for (int cut = 1; cut <= 50; cut++) {
				for (int i = 0; i < 20; i++) {
					futures.add(live.publish("x", i % 3));
				}
				this.broker.lastConnection().reset();
				live.awaitConnections(cut + 1);
			}
			assertThat(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)))
				.succeedsWithin(Duration.ofSeconds(20));
			assertThat(this.threads.started()).hasSizeLessThan(20);
			assertThat(live.client.statistics().reconnects().total()).isEqualTo(50);
		}
	}

	@Test
	void p27AcknowledgingWhileDisconnectedHarmsNothing() {
		List<CompletableFuture<Void>> processed = new CopyOnWriteArrayList<>();
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			live.client.subscribe(SubscribeRequest.to("in").messageHandler((message) -> {
				CompletableFuture<Void> done = new CompletableFuture<>();
				processed.add(done);
				return done;
			}).build()).join();
			this.broker.lastConnection().send(Reply.publish("in", "x").qos(1).id(5));
			Awaitility.await().untilAsserted(() -> assertThat(processed).hasSize(1));
			this.broker.stop();
			Awaitility.await().untilAsserted(() -> assertThat(live.client.state()).isNotEqualTo(ClientState.CONNECTED));
			processed.get(0).complete(null);
			this.broker.restart();
			live.awaitConnections(2);
			live.publish("ok", 2).join();
			assertThat(this.broker.received(PacketType.PUBACK)).isEmpty();
		}
	}

	@Test
	void p28ALinkLostRightAfterTheConnackIsSeen() {
		this.broker.on(When.connect()).answer(Reply.connack(0)).thenReset().times(20);
		try (LiveClient live = new LiveClient(this.broker.uri())) {
			live.client.start();
			Awaitility.await().untilAsserted(() -> assertThat(this.broker.connectCount()).isGreaterThan(20));
			live.awaitState(ClientState.CONNECTED);
			live.publish("ok", 1).join();
			// A reset may overtake the CONNACK on its way; what was connected was lost
			assertThat(live.events(MqttConnectionLostEvent.class))
				.hasSize((int) live.client.statistics().connections() - 1);
		}
	}

	@Test
	void p29WhatIsSentAgainKeepsToTheNewReceiveMaximum() {
		this.broker.on(When.publish().onConnection(0)).withhold();
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				futures.add(live.publish("x", 1 + i % 2));
			}
			this.broker.awaitReceived(PacketType.PUBLISH, 50);
			this.broker.acceptWith(Reply.connack(0).sessionPresent(true).receiveMaximum(2));
			List<ReceivedPacket> held = new CopyOnWriteArrayList<>();
			this.broker.on(When.publish().onConnection(1)).then((packet, connection) -> held.add(packet)).times(2);
			this.broker.lastConnection().reset();
			live.awaitConnections(2);
			Awaitility.await().untilAsserted(() -> assertThat(held).hasSize(2));
			live.client.publish(PublishRequest.to("ping").qos(0).build());
			assertThat(this.broker.received(When.publish().onConnection(1))).hasSize(2);
			held.forEach((packet) -> this.broker.lastConnection()
				.send((packet.qos() == 1) ? Reply.puback(0).id(packet.packetId())
						: Reply.pubrec(0).id(packet.packetId())));
			assertThat(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)))
				.succeedsWithin(Duration.ofSeconds(20));
		}
	}

	private static MqttPublishRejectedException rejected(CompletableFuture<PublishResult> future) {
		Throwable cause = Awaitility.await()
			.until(() -> future.handle((result, ex) -> ex).getNow(null), (ex) -> ex != null);
		assertThat(cause).isInstanceOf(MqttPublishRejectedException.class);
		return (MqttPublishRejectedException) cause;
	}

}
