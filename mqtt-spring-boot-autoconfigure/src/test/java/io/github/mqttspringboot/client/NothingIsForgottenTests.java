package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttSessionLostEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.SubscribeAck;
import io.github.mqttspringboot.packet.Unsubscribe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Corners in which an outcome, a subscription or a message could get lost.
 */
class NothingIsForgottenTests {

	@Test
	void nullIsRefusedByTheCallAndCostsNothing() {
		TestClient test = new TestClient().connect();
		assertThatNullPointerException().isThrownBy(() -> test.client.unsubscribe((String) null));
		assertThatNullPointerException().isThrownBy(() -> test.client.subscribe((SubscribeRequest) null));
		assertThatNullPointerException().isThrownBy(() -> test.client.publish(null));
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void whoObservesCountsCannotBreakARejection() {
		TestClient test = new TestClient().connect();
		test.client.statistics().errors().observe((key, count) -> {
			if (key.packet().equals("puback")) {
				throw new IllegalStateException("no such meter");
			}
		});
		CompletableFuture<PublishResult> future = publish(test, 1);
		test.receive(new PublishAck(PacketType.PUBACK, id(test), 0x87));
		assertThat(test.cause(future)).isInstanceOf(MqttPublishRejectedException.class);
		assertThat(test.errors(ErrorClass.RECOVERABLE, "puback", "not-authorized")).isOne();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void aSessionThatWasReplacedAtAnotherServerIsNotResumed() {
		TestClient test = new TestClient((config) -> config
			.with((c) -> c.servers = List.of(URI.create("mqtt://one:1883"), URI.create("mqtt://two:1883")))).connect();
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(test.link().request.server()).hasHost("two");
		test.accept(ConnAck.of(false, 0));
		test.client.subscribe(SubscribeRequest.to("new/#").build());
		test.receive(new SubscribeAck(PacketType.SUBACK,
				((Subscribe) test.link().sent(PacketType.SUBSCRIBE).get(0)).packetId(), List.of(1), null, List.of()));
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.link().request.server()).hasHost("one");
		test.accept(ConnAck.of(true, 0));
		assertThat(test.client.incidents().get(0).failure().localError())
			.isEqualTo(LocalError.UNEXPECTED_SESSION_PRESENT);
		assertThat(test.link().request.server()).hasHost("one");
		assertThat(test.link().request.cleanStart()).isTrue();
		test.accept(ConnAck.of(false, 0));
		assertThat(test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
		assertThat(test.events(MqttSessionLostEvent.class)).hasSize(2);
	}

	@Test
	void aSessionThatAClusterSharesIsResumed() {
		TestClient test = new TestClient((config) -> config
			.with((c) -> c.servers = List.of(URI.create("mqtt://one:1883"), URI.create("mqtt://two:1883")))).connect();
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		test.accept(ConnAck.of(true, 0));
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.link().request.server()).hasHost("one");
		test.accept(ConnAck.of(true, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void anUnsubscribeThatRanOutOfTimeIsMadeUpForWhenTheSessionIsResumed() {
		TestClient test = new TestClient().connect();
		List<String> received = new ArrayList<>();
		test.client.subscribe(SubscribeRequest.to("a").handler((message) -> received.add(message.topic())).build());
		test.receive(new SubscribeAck(PacketType.SUBACK,
				((Subscribe) test.link().sent(PacketType.SUBSCRIBE).get(0)).packetId(), List.of(1), null, List.of()));
		test.link().close();
		test.time.run();
		CompletableFuture<UnsubscribeResult> future = test.client.unsubscribe("a");
		test.time.advance(Duration.ofSeconds(31));
		assertThat(test.cause(future)).isInstanceOf(MqttOperationTimeoutException.class);
		test.accept(ConnAck.of(true, 0));
		test.receive(new Publish(0, "a", 0, false, false, PublishProperties.NONE, new byte[0]));
		assertThat(received).isEmpty();
		Unsubscribe sent = (Unsubscribe) test.link().sent(PacketType.UNSUBSCRIBE).get(0);
		assertThat(sent.filters()).containsExactly("a");
		test.receive(new SubscribeAck(PacketType.UNSUBACK, sent.packetId(), List.of(0), null, List.of()));
		assertThat(test.client.subscriptions()).isEmpty();
	}

	@Test
	void theHandlerOfARefusedFilterReceivesNothing() {
		TestClient test = new TestClient().connect();
		List<String> received = new ArrayList<>();
		test.client.subscribe(SubscribeRequest.to("denied/#").handler((message) -> received.add("denied")).build(),
				SubscribeRequest.to("#").handler((message) -> received.add("all")).build());
		test.receive(new SubscribeAck(PacketType.SUBACK,
				((Subscribe) test.link().sent(PacketType.SUBSCRIBE).get(0)).packetId(), List.of(0x87, 1), null,
				List.of()));
		test.receive(new Publish(0, "denied/x", 0, false, false, PublishProperties.NONE, new byte[0]));
		assertThat(received).containsExactly("all");
	}

	@Test
	void messagesWithoutHandlerAreCounted() {
		TestClient test = new TestClient().connect();
		test.receive(new Publish(7, "x", 1, false, false, PublishProperties.NONE, new byte[0]));
		test.receive(new Publish(0, "y", 0, false, false, PublishProperties.NONE, new byte[0]));
		assertThat(test.client.statistics().unmatchedMessages()).isEqualTo(2);
		assertThat(test.link().sent).containsExactly(new PublishAck(PacketType.PUBACK, 7, 0));
	}

	@Test
	void whatCannotBeSentAgainIsNotSaidToBeUnsentAndKeepsItsIdentifier() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> future = test.client
			.publish(PublishRequest.to("a").payload(new byte[200]).qos(2).build());
		int id = id(test);
		test.reconnect(
				new ConnAck(true, 0, null, 10, 2, true, 100L, null, 0, true, true, true, null, null, null, List.of()));
		assertThat(test.cause(future)).hasMessageContaining("outcome is unknown")
			.hasMessageNotContaining("nothing was sent");
		assertThat(test.link().sent).isEmpty();
		for (int i = 0; i < 5; i++) {
			publish(test, 1);
		}
		assertThat(test.link().sent(PacketType.PUBLISH)).extracting((packet) -> ((Publish) packet).packetId())
			.hasSize(5)
			.doesNotContain(id);
		test.reconnect(
				new ConnAck(true, 0, null, 10, 2, true, 100L, null, 0, true, true, true, null, null, null, List.of()));
		assertThat(test.events(MqttPublishRejectedEvent.class)).hasSize(1);
	}

	@Test
	void withoutAConnectionNothingIsSaidToBeKept() {
		TestClient test = new TestClient().start();
		assertThat(test.cause(test.client.publish(PublishRequest.to("a/#").build())))
			.hasMessageNotContaining("connection is kept");
		assertThat(test.client.incidents().get(0).action()).isEqualTo("publish failed");
	}

	@Test
	void aBlockedCallbackHoldsUpNeitherHandlersNorEvents() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger events = new AtomicInteger();
		AtomicInteger messages = new AtomicInteger();
		FakeWire wire = new FakeWire();
		TestClient.Config config = new TestClient.Config();
		DefaultManagedMqttClient client = new DefaultManagedMqttClient(config.settings(), wire, config.policy, null,
				(event) -> events.incrementAndGet());
		try {
			client.start();
			for (int i = 0; i < 50; i++) {
				client.publish(PublishRequest.to("a/#").build()).whenComplete((result, cause) -> await(release));
			}
			Awaitility.await().until(() -> !wire.connections.isEmpty());
			wire.last().accept();
			client.subscribe(SubscribeRequest.to("m").handler((message) -> messages.incrementAndGet()).build());
			wire.last().receive(new Publish(0, "m", 0, false, false, PublishProperties.NONE, new byte[0]));
			Awaitility.await().untilAsserted(() -> {
				assertThat(messages).hasValue(1);
				assertThat(events).hasValueGreaterThanOrEqualTo(51);
			});
		}
		finally {
			release.countDown();
			client.destroy();
		}
	}

	@Test
	void everyFutureAndEventIsOutWhenTheBeanIsDestroyed() {
		AtomicInteger events = new AtomicInteger();
		TestClient.Config config = new TestClient.Config();
		DefaultManagedMqttClient client = new DefaultManagedMqttClient(config.settings(), new FakeWire(), config.policy,
				null, (event) -> {
					if (event instanceof MqttPublishRejectedEvent) {
						events.incrementAndGet();
					}
				});
		AtomicInteger ended = new AtomicInteger();
		client.start();
		for (int i = 0; i < 500; i++) {
			client.publish(PublishRequest.to("a").build()).whenComplete((result, cause) -> ended.incrementAndGet());
		}
		client.destroy();
		assertThat(ended).hasValue(500);
		assertThat(events).hasValue(500);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static CompletableFuture<PublishResult> publish(TestClient test, int qos) {
		return test.client.publish(PublishRequest.to("a/b").payload("x").qos(qos).build());
	}

	private static int id(TestClient test) {
		return ((Publish) test.link().sent(PacketType.PUBLISH).get(0)).packetId();
	}

}
