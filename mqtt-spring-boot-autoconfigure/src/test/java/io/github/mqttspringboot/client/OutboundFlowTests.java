package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutboundFlow}, through a client on a fake wire.
 */
class OutboundFlowTests {

	@Test
	void qos0CompletesWhenWritten() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> future = publish(test, 0);
		test.time.run();
		assertThat(future).isNotDone();
		test.wire.last().writeAll();
		test.time.run();
		assertThat(future).isCompletedWithValueMatching((result) -> result.packet() == PacketType.PUBLISH);
	}

	@Test
	void qos1CompletesWithTheCodeOfThePuback() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> future = publish(test, 1);
		test.receive(new PublishAck(PacketType.PUBACK, id(test, 0), 0x10));
		assertThat(future)
			.isCompletedWithValueMatching((result) -> result.reasonCode() == ReasonCode.NO_MATCHING_SUBSCRIBERS);
		assertThat(test.events(MqttPublishRejectedEvent.class)).isEmpty();
	}

	@Test
	void qos2CompletesAtThePubcomp() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> future = publish(test, 2);
		int id = id(test, 0);
		test.receive(new PublishAck(PacketType.PUBREC, id, 0));
		assertThat(test.link().sent).endsWith(new PublishAck(PacketType.PUBREL, id, 0));
		assertThat(future).isNotDone();
		test.receive(new PublishAck(PacketType.PUBCOMP, id, 0));
		assertThat(future).isCompletedWithValueMatching((result) -> result.packet() == PacketType.PUBCOMP);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void rejectedPublishFailsAloneAndKeepsTheConnection(int qos) {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> rejected = publish(test, qos);
		CompletableFuture<PublishResult> good = publish(test, qos);
		PacketType packet = (qos == 1) ? PacketType.PUBACK : PacketType.PUBREC;
		test.receive(new PublishAck(packet, id(test, 0), 0x87, "no way", List.of()));
		assertThat(rejected).isCompletedExceptionally();
		assertThat(cause(rejected)).isInstanceOfSatisfying(MqttPublishRejectedException.class, (ex) -> {
			assertThat(ex.getFailure().packet()).isEqualTo(packet);
			assertThat(ex.getFailure().code()).isEqualTo(0x87);
			assertThat(ex.getFailure().topic()).isEqualTo("a/b");
			assertThat(ex.getFailure().reasonString()).isEqualTo("no way");
			assertThat(ex.getClassification().errorClass()).isEqualTo(ErrorClass.RECOVERABLE);
			assertThat(ex).hasMessageContaining("0x87 Not authorized").hasMessageContaining("'default'");
		});
		assertThat(good).isNotDone();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.wire.connections).hasSize(1);
		assertThat(test.events(MqttPublishRejectedEvent.class)).hasSize(1);
		assertThat(test.client.statistics().errors().total(ErrorClass.RECOVERABLE)).isOne();
		assertThat(test.link().sent(PacketType.PUBREL)).isEmpty();
	}

	@Test
	void qos2RejectedWith0x80IsNotReleased() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> future = publish(test, 2);
		test.receive(new PublishAck(PacketType.PUBREC, id(test, 0), 0x80));
		assertThat(future).isCompletedExceptionally();
		assertThat(test.link().sent(PacketType.PUBREL)).isEmpty();
	}

	@Test
	void theWindowIsTheSmallerOfReceiveMaximumAndMaxInFlight() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.maxInFlight = 2)).connect();
		for (int i = 0; i < 5; i++) {
			publish(test, 1);
		}
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(2);
		test.receive(new PublishAck(PacketType.PUBACK, id(test, 0), 0x87));
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void manyRejectionsLeaveTheWindowAsItWas(int qos) {
		TestClient test = new TestClient((config) -> config.with((c) -> c.maxInFlight = 3)).connect();
		List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
		for (int i = 0; i < 70_000; i++) {
			futures.add(publish(test, qos));
			test.time.run();
			Publish publish = (Publish) test.wire.last().sent.remove(0);
			test.receive(new PublishAck((qos == 1) ? PacketType.PUBACK : PacketType.PUBREC, publish.packetId(), 0x97));
			test.wire.last().listener.written(i + 1);
		}
		test.time.run();
		assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
		for (int i = 0; i < 5; i++) {
			publish(test, qos);
		}
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(3);
		assertThat(test.client.statistics().errors().total(ErrorClass.RECOVERABLE)).isEqualTo(70_000);
	}

	@Test
	void inFlightPublishesAreSentAgainInOrderWithinTheNewWindow() {
		TestClient test = new TestClient().connect();
		for (int i = 0; i < 4; i++) {
			publish(test, 1 + i % 2);
		}
		int second = id(test, 1);
		test.receive(new PublishAck(PacketType.PUBREC, second, 0));
		reconnect(test, true, 2);
		List<MqttPacket> sent = test.link().sent;
		assertThat(sent).hasSize(2);
		assertThat(((Publish) sent.get(0)).duplicate()).isTrue();
		assertThat(sent.get(1)).isEqualTo(new PublishAck(PacketType.PUBREL, second, 0));
		test.receive(new PublishAck(PacketType.PUBCOMP, second, 0));
		assertThat(test.link().sent).hasSize(3);
		test.receive(new PublishAck(PacketType.PUBACK, ((Publish) sent.get(0)).packetId(), 0));
		assertThat(test.link().sent).hasSize(4);
		assertThat(((Publish) test.link().sent.get(3)).duplicate()).isTrue();
	}

	@Test
	void afterALostSessionQos1IsSentAnewAndQos2Fails() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> qos1 = publish(test, 1);
		CompletableFuture<PublishResult> qos2 = publish(test, 2);
		reconnect(test, false, 10);
		List<MqttPacket> sent = test.link().sent;
		assertThat(sent).singleElement().isInstanceOfSatisfying(Publish.class, (publish) -> {
			assertThat(publish.qos()).isOne();
			assertThat(publish.duplicate()).isFalse();
		});
		assertThat(cause(qos2)).isInstanceOf(MqttSessionLostException.class);
		test.receive(new PublishAck(PacketType.PUBACK, ((Publish) sent.get(0)).packetId(), 0));
		assertThat(qos1).isCompleted();
	}

	@Test
	void lostSessionsLeaveNoIdentifierTaken() {
		TestClient test = new TestClient().connect();
		for (int i = 0; i < 70; i++) {
			for (int n = 0; n < 1000; n++) {
				publish(test, 2);
			}
			assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(1000);
			test.link().writeAll();
			test.client.reconnect();
			test.time.run();
			test.accept(ConnAck.of(false, 0));
		}
	}

	@Test
	void afterALostSessionQos1FailsIfToldSo() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.onSessionLoss = OnSessionLoss.FAIL))
			.connect();
		CompletableFuture<PublishResult> qos1 = publish(test, 1);
		reconnect(test, false, 10);
		assertThat(test.link().sent).isEmpty();
		assertThat(cause(qos1)).isInstanceOf(MqttSessionLostException.class);
	}

	@Test
	void qos0NotYetWrittenWaitsForTheNextConnection() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> future = publish(test, 0);
		reconnect(test, true, 10);
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(1);
		test.wire.last().writeAll();
		test.time.run();
		assertThat(future).isCompleted();
	}

	@Test
	void publishesMadeWithoutConnectionAreSentInOrder() {
		TestClient test = new TestClient().start();
		for (String topic : List.of("1", "2", "3")) {
			test.client.publish(PublishRequest.to(topic).qos(1).build());
		}
		test.accept(ConnAck.of(false, 0));
		assertThat(test.link().sent(PacketType.PUBLISH)).map((packet) -> ((Publish) packet).topic())
			.containsExactly("1", "2", "3");
	}

	@Test
	void theNewestFailsWhenTheBufferIsFull() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.bufferSize = 1)).start();
		CompletableFuture<PublishResult> first = publish(test, 1);
		CompletableFuture<PublishResult> second = publish(test, 1);
		test.time.run();
		assertThat(first).isNotDone();
		assertThat(cause(second)).isInstanceOfSatisfying(MqttNotConnectedException.class, (ex) -> {
			assertThat(ex.getFailure().localError()).isEqualTo(LocalError.NOT_CONNECTED);
			assertThat(ex).hasMessageContaining("mqtt.publish.buffer-size");
		});
	}

	@Test
	void withoutConnectionAPublishFailsIfToldSo() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.whenDisconnected = WhenDisconnected.FAIL))
			.start();
		assertThat(cause(test, publish(test, 0))).isInstanceOf(MqttNotConnectedException.class);
	}

	@Test
	void aPublishThatIsNotAcknowledgedTimesOutAndKeepsItsPermit() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.maxInFlight = 1)).connect();
		CompletableFuture<PublishResult> first = publish(test, 1);
		CompletableFuture<PublishResult> second = publish(test, 1);
		int id = id(test, 0);
		keepAliveFor(test, Duration.ofSeconds(31));
		assertThat(cause(first)).isInstanceOfSatisfying(MqttOperationTimeoutException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.ACK_TIMEOUT));
		assertThat(cause(second)).isInstanceOfSatisfying(MqttOperationTimeoutException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.IN_FLIGHT_WINDOW_FULL));
		CompletableFuture<PublishResult> third = publish(test, 1);
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(1);
		test.receive(new PublishAck(PacketType.PUBACK, id, 0));
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(2);
		assertThat(third).isNotDone();
		assertThat(test.wire.connections).hasSize(1);
	}

	@Test
	void aMessageThatExpiresInTheBufferFailsWithoutBeingSent() {
		TestClient test = new TestClient().start();
		CompletableFuture<PublishResult> future = test.client
			.publish(PublishRequest.to("a").messageExpiry(Duration.ofSeconds(5)).build());
		test.time.advance(Duration.ofMillis(5001));
		assertThat(cause(future)).hasMessageContaining("message expiry of 5 s");
		test.accept(ConnAck.of(false, 0));
		assertThat(test.link().sent).isEmpty();
	}

	@Test
	void aMessageThatHasWaitedIsSentWithWhatIsLeftOfItsExpiry() {
		TestClient test = new TestClient().start();
		test.client.publish(PublishRequest.to("a").messageExpiry(Duration.ofSeconds(60)).build());
		test.time.advance(Duration.ofSeconds(7));
		test.accept(ConnAck.of(false, 0));
		Publish sent = (Publish) test.link().sent.get(0);
		assertThat(sent.properties().messageExpiryInterval()).isEqualTo(53);
	}

	@Test
	void whatTheServerWouldRefuseIsNotSent() {
		TestClient test = new TestClient().start();
		test.accept(new ConnAck(false, 0, null, 65535, 1, false, 100L, null, 0, true, true, true, null, null, null,
				List.of()));
		assertThat(localError(test, test.client.publish(PublishRequest.to("a").qos(2).build())))
			.isEqualTo(LocalError.QOS_NOT_SUPPORTED);
		assertThat(localError(test, test.client.publish(PublishRequest.to("a").retain(true).build())))
			.isEqualTo(LocalError.RETAIN_NOT_SUPPORTED);
		assertThat(localError(test, test.client.publish(PublishRequest.to("a").payload(new byte[100]).build())))
			.isEqualTo(LocalError.PACKET_TOO_LARGE);
		assertThat(localError(test, test.client.publish(PublishRequest.to("a/#").build())))
			.isEqualTo(LocalError.INVALID_TOPIC);
		assertThat(localError(test, test.client.publish(PublishRequest.to("a\u0000b").build())))
			.isEqualTo(LocalError.INVALID_TOPIC);
		assertThat(localError(test, test.client.publish(PublishRequest.to("a\ud800b").build())))
			.isEqualTo(LocalError.INVALID_TOPIC);
		assertThat(localError(test, test.client.publish(PublishRequest.to("a").responseTopic("+").build())))
			.isEqualTo(LocalError.INVALID_TOPIC);
		assertThat(test.link().sent).isEmpty();
		assertThat(test.events(MqttPublishRejectedEvent.class)).hasSize(7);
		CompletableFuture<PublishResult> good = publish(test, 1);
		assertThat(id(test, 0)).isOne();
		assertThat(good).isNotDone();
	}

	@Test
	void anUnknownPubrecIsAnsweredAndCostsNothing() {
		TestClient test = new TestClient().connect();
		test.receive(new PublishAck(PacketType.PUBREC, 77, 0));
		test.receive(new PublishAck(PacketType.PUBREC, 78, 0x87));
		test.receive(new PublishAck(PacketType.PUBACK, 79, 0));
		test.receive(new PublishAck(PacketType.PUBCOMP, 80, 0));
		assertThat(test.link().sent).containsExactly(new PublishAck(PacketType.PUBREL, 77, 0x92));
		assertThat(test.events(MqttProtocolAnomalyEvent.class)).hasSize(4);
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void aCodeOverriddenToReconnectFailsThePublishOnceAndReconnects() {
		TestClient test = new TestClient(
				(config) -> config.with((c) -> c.policy = DefaultErrorClassificationPolicy.builder()
					.override(PacketType.PUBREC, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECONNECT)
					.build()))
			.connect();
		CompletableFuture<PublishResult> future = publish(test, 2);
		test.receive(new PublishAck(PacketType.PUBREC, id(test, 0), 0x87));
		assertThat(cause(future)).isInstanceOfSatisfying(MqttPublishRejectedException.class,
				(ex) -> assertThat(ex.getClassification().rule()).isEqualTo("mqtt.error-policy.pubrec.not-authorized"));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(true, 0));
		assertThat(test.link().sent).isEmpty();
		assertThat(test.wire.connections).hasSize(2);
		assertThat(test.client.statistics().errors().total()).isOne();
		assertThat(test.client.statistics().reconnects().total(ErrorClass.RECONNECT)).isOne();
	}

	@Test
	void stopFailsWhatIsOpen() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.maxInFlight = 1)).connect();
		CompletableFuture<PublishResult> inFlight = publish(test, 1);
		CompletableFuture<PublishResult> waiting = publish(test, 1);
		test.time.run();
		test.stop();
		assertThat(cause(inFlight)).isInstanceOf(MqttNotConnectedException.class).hasMessageContaining("unknown");
		assertThat(cause(waiting)).isInstanceOf(MqttNotConnectedException.class);
		assertThat(test.time.waiting()).isZero();
		assertThat(cause(test, publish(test, 1))).isInstanceOf(MqttNotConnectedException.class);
	}

	private static CompletableFuture<PublishResult> publish(TestClient test, int qos) {
		return test.client.publish(PublishRequest.to("a/b").payload("x").qos(qos).build());
	}

	private static int id(TestClient test, int index) {
		return ((Publish) test.link().sent(PacketType.PUBLISH).get(index)).packetId();
	}

	private static void reconnect(TestClient test, boolean sessionPresent, int receiveMaximum) {
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		test.accept(new ConnAck(sessionPresent, 0, null, receiveMaximum, 2, true, null, null, 0, true, true, true, null,
				null, null, List.of()));
	}

	private static void keepAliveFor(TestClient test, Duration duration) {
		test.time.advance(duration);
	}

	private static LocalError localError(TestClient test, CompletableFuture<PublishResult> future) {
		return ((MqttPublishRejectedException) cause(test, future)).getFailure().localError();
	}

	private static Throwable cause(TestClient test, CompletableFuture<?> future) {
		test.time.run();
		return cause(future);
	}

	private static Throwable cause(CompletableFuture<?> future) {
		assertThat(future).isCompletedExceptionally();
		return future.handle((result, cause) -> cause).join();
	}

}
