package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.FakeWire.FakeConnection;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.ScriptedBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A QoS 0 message never leaves on two connections, however the first one ended.
 */
class AtMostOnceTests {

	@Test
	void aReconnectLeavesToTheOldConnectionWhatItHasTakenAndNoMore() {
		TestClient test = new TestClient().connect();
		List<CompletableFuture<PublishResult>> futures = publish(test, 3);
		FakeConnection old = test.link();
		old.taken = 1;
		test.client.reconnect();
		test.time.run();
		assertThat(topics(old)).containsExactly("0");
		assertThat(old.left()).last().isEqualTo(new Disconnect(0));
		assertThat(futures.get(0)).isCompleted();
		test.accept(ConnAck.of(true, 0));
		assertThat(topics(test.link())).containsExactly("1", "2");
		assertThat(futures.get(1)).isNotDone();
		test.link().writeAll();
		test.time.run();
		assertThat(futures).allMatch((future) -> future.isDone() && !future.isCompletedExceptionally());
	}

	@Test
	void anAcknowledgementThatEndsTheConnectionTakesBackWhatHasNotLeft() {
		TestClient test = new TestClient(
				(config) -> config.with((c) -> c.policy = DefaultErrorClassificationPolicy.builder()
					.override(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECONNECT)
					.build()))
			.connect();
		test.client.publish(PublishRequest.to("refused").qos(1).build());
		publish(test, 3);
		FakeConnection old = test.link();
		old.taken = 2;
		test.receive(new PublishAck(PacketType.PUBACK, 1, 0x87));
		assertThat(topics(old)).containsExactly("refused", "0");
		assertThat(old.left()).last().isEqualTo(new Disconnect(0));
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(true, 0));
		assertThat(topics(test.link())).containsExactly("1", "2");
	}

	@Test
	void aServerThatBreaksTheProtocolGetsNoMoreThanTheDisconnect() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.receiveMaximum = 1)).connect();
		test.client
			.subscribe(SubscribeRequest.to("in").qos(1).messageHandler((message) -> new CompletableFuture<>()).build());
		test.time.run();
		List<CompletableFuture<PublishResult>> futures = publish(test, 2);
		FakeConnection old = test.link();
		old.taken = 1;
		for (int id = 1; id <= 2; id++) {
			test.receive(new Publish(id, "in", 1, false, false, PublishProperties.NONE, new byte[0]));
		}
		assertThat(topics(old)).isEmpty();
		assertThat(old.left()).last().isEqualTo(new Disconnect(0x93));
		assertThat(futures).noneMatch(CompletableFuture::isDone);
	}

	@Test
	void whatALostConnectionHasTakenCountsAsWrittenAndIsNotSentAgain() {
		TestClient test = new TestClient().connect();
		List<CompletableFuture<PublishResult>> futures = publish(test, 3);
		test.link().taken = 2;
		test.reconnect(true);
		assertThat(topics(test.link())).containsExactly("2");
		assertThat(futures.subList(0, 2)).allMatch((future) -> future.isDone() && !future.isCompletedExceptionally());
		assertThat(futures.get(2)).isNotDone();
	}

	@Test
	void aStopWritesWhatItHasTaken() {
		TestClient test = new TestClient().connect();
		publish(test, 3);
		FakeConnection link = test.link();
		link.lingers = true;
		test.stop();
		assertThat(topics(link)).containsExactly("0", "1", "2");
	}

	@Test
	void reconnectsUnderLoadDoubleNothing() {
		try (ScriptedBroker broker = ScriptedBroker.start()) {
			try (LiveClient live = new LiveClient(broker.uri(), (config) -> config.bufferSize = 10_000).connect()) {
				List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
				for (int round = 1; round <= 5; round++) {
					for (int i = 0; i < 500; i++) {
						futures.add(live.client.publish(
								PublishRequest.to("load/" + futures.size()).payload(new byte[200]).qos(0).build()));
					}
					live.client.reconnect();
					live.awaitConnections(round + 1);
				}
				await().until(() -> futures.stream().allMatch(CompletableFuture::isDone));
			}
			broker.awaitNoOpenConnection();
			assertThat(broker.received(PacketType.PUBLISH)).extracting(ReceivedPacket::topic).doesNotHaveDuplicates();
		}
	}

	private static List<CompletableFuture<PublishResult>> publish(TestClient test, int count) {
		List<CompletableFuture<PublishResult>> futures = IntStream.range(0, count)
			.mapToObj((number) -> test.client.publish(PublishRequest.to("" + number).qos(0).build()))
			.toList();
		test.time.run();
		return futures;
	}

	private static List<String> topics(FakeConnection connection) {
		List<MqttPacket> left = connection.left();
		return left.stream().filter(Publish.class::isInstance).map((packet) -> ((Publish) packet).topic()).toList();
	}

}
