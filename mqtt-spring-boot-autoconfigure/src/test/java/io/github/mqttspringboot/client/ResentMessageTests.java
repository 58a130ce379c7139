package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;
import io.github.mqttspringboot.testing.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for QoS 1 messages that the server sends again, as they were not acknowledged on
 * an earlier connection of the session.
 */
class ResentMessageTests {

	private final List<String> received = new ArrayList<>();

	/** By topic. */
	private final Map<String, CompletableFuture<Void>> open = new LinkedHashMap<>();

	private final TestClient test = new TestClient().connect();

	@Test
	void oneInHandIsNotHandedOverAgainAndAcknowledgedWhereItCameLast() {
		subscribe();
		receive("m", 7, false);
		for (int i = 0; i < 3; i++) {
			this.test.reconnect(true);
			receive("m", 7, true);
		}
		assertThat(this.received).containsExactly("m");
		assertThat(queued()).isOne();
		assertThat(acknowledged()).isEmpty();
		process("m");
		assertThat(acknowledged()).containsExactly(7);
		assertThat(queued()).isZero();
	}

	@Test
	void oneProcessedWithoutConnectionIsAcknowledgedWhenItComesAgain() {
		subscribe();
		receive("m", 7, false);
		this.test.link().close();
		process("m");
		this.test.time.advance(Duration.ofSeconds(5));
		this.test.accept(ConnAck.of(true, 0));
		assertThat(acknowledged()).isEmpty();
		receive("m", 7, true);
		assertThat(acknowledged()).containsExactly(7);
		assertThat(this.received).containsExactly("m");
	}

	@Test
	void acknowledgementsLeaveInTheOrderOfArrivalOnTheNewConnection() {
		subscribe();
		receive("1", 1, false);
		receive("2", 2, false);
		receive("3", 3, false);
		process("3");
		this.test.reconnect(true);
		receive("2", 2, true);
		receive("3", 3, true);
		receive("1", 1, true);
		receive("4", 4, false);
		process("4");
		process("1");
		assertThat(acknowledged()).isEmpty();
		process("2");
		assertThat(acknowledged()).containsExactly(2, 3, 1, 4);
		assertThat(this.received).containsExactly("1", "2", "3", "4");
	}

	@Test
	void oneThatAShortConnectionDidNotBringIsStillKnownOnTheNext() {
		subscribe();
		receive("1", 1, false);
		receive("2", 2, false);
		this.test.reconnect(true);
		receive("1", 1, true);
		this.test.reconnect(true);
		receive("1", 1, true);
		receive("2", 2, true);
		process("1");
		process("2");
		assertThat(acknowledged()).containsExactly(1, 2);
		assertThat(this.received).containsExactly("1", "2");
	}

	@Test
	void anotherMessageUnderTheSameIdentifierIsHandedOver() {
		subscribe();
		receive("first", 1, false);
		receive("second", 2, false);
		this.test.reconnect(true);
		// Not the same content, and not sent before
		receive("other", 1, true);
		receive("second", 2, false);
		assertThat(this.received).containsExactly("first", "second", "other", "second");
		this.test.reconnect(true);
		receive("first", 1, true);
		assertThat(this.received).endsWith("first").hasSize(5);
	}

	@Test
	void oneThatWasAcknowledgedIsHandedOverAgain() {
		subscribe();
		receive("m", 7, false);
		process("m");
		this.test.reconnect(true);
		receive("m", 7, true);
		assertThat(this.received).containsExactly("m", "m");
		assertThat(acknowledged()).isEmpty();
		process("m");
		assertThat(acknowledged()).containsExactly(7);
	}

	@Test
	void oneOfALostSessionIsNotTakenForAnother() {
		subscribe();
		receive("m", 7, false);
		CompletableFuture<Void> old = this.open.get("m");
		this.test.reconnect(false);
		receive("m", 7, true);
		assertThat(this.received).containsExactly("m", "m");
		old.complete(null);
		assertThat(acknowledged()).isEmpty();
		process("m");
		assertThat(acknowledged()).containsExactly(7);
	}

	@Test
	void thoseInHandCountOnceAgainstTheReceiveMaximum() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.receiveMaximum = 2)).connect();
		subscribe(test);
		for (int i = 0; i < 3; i++) {
			test.receive(message("1", 1, i > 0));
			test.receive(message("2", 2, i > 0));
			test.reconnect(true);
		}
		test.receive(message("1", 1, true));
		test.receive(message("2", 2, true));
		this.open.get("1").complete(null);
		test.receive(message("3", 3, false));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(this.received).containsExactly("1", "2", "3");
	}

	@Test
	void whoeverWaitsForTheAcknowledgementHearsThatTheSessionIsLost() {
		subscribe();
		List<WaitingStage> stages = subscribeWaiting("wait/#");
		receive("wait/1", 1, false);
		this.test.receive(new Publish(2, "wait/2", 2, false, false, PublishProperties.NONE, new byte[0]));
		this.test.reconnect(true);
		receive("wait/1", 1, true);
		assertThat(stages).hasSize(2).noneMatch(CompletableFuture::isDone);
		assertThat(queued()).isEqualTo(4);
		this.test.reconnect(false);
		assertThat(stages).allSatisfy((stage) -> assertThat(stage.abandoned).isOne());
		// Those of the other handler may still be worked on
		assertThat(queued()).isEqualTo(2);
		this.open.values().forEach((stage) -> stage.complete(null));
		assertThat(queued()).isZero();
		this.test.time.run();
		assertThat(this.test.link().sent(PacketType.PUBACK)).isEmpty();
		assertThat(this.test.link().sent(PacketType.PUBREC)).isEmpty();
	}

	@Test
	void whoeverWaitsForTheAcknowledgementHearsThatTheServerGaveTheIdentifierAway() {
		List<WaitingStage> stages = subscribeWaiting("wait/#");
		receive("wait/1", 1, false);
		this.test.receive(new Publish(2, "wait/2", 2, false, false, PublishProperties.NONE, new byte[0]));
		receive("wait/3", 3, false);
		this.test.reconnect(true);
		receive("wait/3", 3, true);
		receive("wait/new", 1, false);
		this.test.receive(new Publish(2, "wait/new", 2, false, false, PublishProperties.NONE, new byte[0]));
		assertThat(stages).extracting((stage) -> stage.abandoned).containsExactly(1, 1, 0, 0, 0);
		assertThat(queued()).isEqualTo(3);
	}

	@Test
	void messagesThatNobodyAcknowledgesDoNotCrowdOutQos0() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.queueCapacity = 3)).connect();
		List<WaitingStage> stages = new ArrayList<>();
		subscribeWaiting(test, "#", stages);
		for (int connection = 0; connection < 4; connection++) {
			test.receive(message("1", 1, false));
			test.receive(message("2", 2, false));
			test.reconnect(connection % 2 == 0);
			if (connection % 2 == 0) {
				test.receive(message("1", 1, true));
			}
		}
		int before = stages.size();
		test.receive(new Publish(0, "0", 0, false, false, PublishProperties.NONE, new byte[0]));
		assertThat(stages).hasSize(before + 1);
		assertThat(test.client.statistics().queuedMessages()).isOne();
	}

	@Test
	@RequiresMosquitto
	void aBacklogThatTakesLongerThanAConnectionLivesIsHandledOnce() throws Exception {
		List<String> handled = new CopyOnWriteArrayList<>();
		CountDownLatch goOn = new CountDownLatch(1);
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous();
				TcpProxy proxy = TcpProxy.to(broker.port());
				LiveClient sender = new LiveClient(broker.uri(), (config) -> config.clientId = "sender").connect();
				LiveClient live = new LiveClient(proxy.uri()).connect()) {
			live.client.subscribe(SubscribeRequest.to("backlog").qos(1).messageHandler((message) -> {
				goOn.await();
				handled.add(new String(message.payload(), StandardCharsets.UTF_8));
				return null;
			}).build()).join();
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 15; i++) {
				sender.client.publish(PublishRequest.to("backlog").payload("" + i).qos(1).build()).join();
				expected.add("" + i);
			}
			Awaitility.await().untilAsserted(() -> assertThat(live.client.statistics().queuedMessages()).isEqualTo(15));
			for (int connections = 2; connections < 6; connections++) {
				proxy.cutAll();
				live.awaitConnections(connections);
			}
			sender.client.publish(PublishRequest.to("backlog").payload("last").qos(1).build()).join();
			expected.add("last");
			// What came again has come before it
			Awaitility.await().untilAsserted(() -> assertThat(live.client.statistics().queuedMessages()).isEqualTo(16));
			goOn.countDown();
			Awaitility.await().untilAsserted(() -> assertThat(handled).isEqualTo(expected));
			Awaitility.await().untilAsserted(() -> assertThat(live.client.statistics().unacknowledgedAge()).isZero());
			proxy.cutAll();
			live.awaitConnections(6);
			sender.client.publish(PublishRequest.to("backlog").payload("end").qos(1).build()).join();
			expected.add("end");
			Awaitility.await().untilAsserted(() -> assertThat(handled).isEqualTo(expected));
		}
	}

	private void subscribe() {
		subscribe(this.test);
	}

	private void subscribe(TestClient test) {
		test.client.subscribe(SubscribeRequest.to("#").messageHandler((message) -> {
			this.received.add(message.topic());
			CompletableFuture<Void> stage = new CompletableFuture<>();
			this.open.put(message.topic(), stage);
			return stage;
		}).build());
		test.time.run();
	}

	private List<WaitingStage> subscribeWaiting(String filter) {
		List<WaitingStage> stages = new ArrayList<>();
		subscribeWaiting(this.test, filter, stages);
		return stages;
	}

	private static void subscribeWaiting(TestClient test, String filter, List<WaitingStage> stages) {
		test.client.subscribe(
				SubscribeRequest.to(filter).holder(SubscriptionHolder.named("waiting")).messageHandler((message) -> {
					WaitingStage stage = new WaitingStage();
					stages.add(stage);
					return stage;
				}).build());
		test.time.run();
	}

	private void process(String topic) {
		this.open.get(topic).complete(null);
		this.test.time.run();
	}

	private void receive(String topic, int packetId, boolean duplicate) {
		this.test.receive(message(topic, packetId, duplicate));
	}

	private static Publish message(String topic, int packetId, boolean duplicate) {
		return new Publish(packetId, topic, 1, false, duplicate, PublishProperties.NONE, new byte[0]);
	}

	private List<Integer> acknowledged() {
		return this.test.link()
			.sent(PacketType.PUBACK)
			.stream()
			.map((packet) -> ((PublishAck) packet).packetId())
			.toList();
	}

	private long queued() {
		return this.test.client.statistics().queuedMessages();
	}

	/**
	 * Ends when it is abandoned.
	 */
	private static final class WaitingStage extends CompletableFuture<Void> implements AbandonableStage<Void> {

		private int abandoned;

		@Override
		public void abandoned() {
			this.abandoned++;
			complete(null);
		}

	}

}
