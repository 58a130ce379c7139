package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttSessionLostEvent;
import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.TcpProxy;
import io.github.mqttspringboot.testing.ThreadWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measured faults of Paho 1.2.5, by their numbers, and how this client behaves with
 * ActiveMQ Artemis behind a network that fails. What was sent is counted where Artemis
 * refuses it.
 * <p>
 * Artemis sends PUBACK, PUBREC and SUBACK 0x87 and keeps the link, and that is all it can
 * be made to show of P1 to P6 and P13: no other code in an acknowledgement, no negative
 * UNSUBACK, no PUBREL 0x92, no unsolicited PUBREC. Its Receive Maximum is the same in
 * each CONNACK (P29).
 */
class PahoFaultArtemisTests {

	private static ArtemisBroker broker;

	private final ThreadWatch threads = ThreadWatch.on("(?i)^mqtt");

	private final TcpProxy proxy = TcpProxy.to(broker.port());

	@BeforeAll
	static void start() {
		broker = ArtemisBroker.startAnonymous();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	@AfterEach
	void nothingIsLeft() {
		this.proxy.close();
		this.threads.assertGone();
	}

	@Test
	void p1ARefusedQos2PublishIsNotSentAgainAfterACut() {
		int refusals = broker.refusalCount();
		try (LiveClient live = new LiveClient(this.proxy.uri()).connect()) {
			List<CompletableFuture<PublishResult>> good = new ArrayList<>();
			good.add(live.publish("good/0", 2));
			CompletableFuture<PublishResult> refused = live.publish("denied/x", 2);
			good.add(live.publish("good/1", 2));
			assertRefused(refused, PacketType.PUBREC, "denied/x");
			assertSucceed(good);
			assertThat(this.proxy.linkCount()).isOne();
			for (int connections = 2; connections <= 4; connections++) {
				this.proxy.cutAll();
				live.awaitConnections(connections);
			}
			assertSucceed(List.of(live.publish("good/2", 2)));
			assertThat(broker.refusalCount() - refusals).isOne();
			Awaitility.await().untilAsserted(() -> assertThat(live.events(MqttPublishRejectedEvent.class)).hasSize(1));
		}
	}

	@Test
	void p2AReasonBelongsToItsOwnMessageOnly() {
		int refusals = broker.refusalCount();
		List<String> received = new CopyOnWriteArrayList<>();
		List<String> topics = new ArrayList<>();
		try (LiveClient subscriber = new LiveClient(broker.uri(), (config) -> config.clientId = "subscriber").connect();
				LiveClient live = new LiveClient(this.proxy.uri()).connect()) {
			subscriber.client
				.subscribe(
						SubscribeRequest.to("p2/#").qos(2).handler((message) -> received.add(message.topic())).build())
				.join();
			List<CompletableFuture<PublishResult>> good = new ArrayList<>();
			List<CompletableFuture<PublishResult>> refused = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				if (i % 10 == 5) {
					refused.add(live.publish("denied/" + i, 2));
				}
				else {
					topics.add("p2/" + i);
					good.add(live.publish("p2/" + i, 2));
				}
			}
			assertSucceed(good);
			for (int i = 0; i < refused.size(); i++) {
				assertRefused(refused.get(i), PacketType.PUBREC, "denied/" + (i * 10 + 5));
			}
			assertThat(this.proxy.linkCount()).isOne();
			this.proxy.cutAll();
			live.awaitConnections(2);
			assertSucceed(List.of(live.publish("p2/last", 2)));
			topics.add("p2/last");
			Awaitility.await().untilAsserted(() -> assertThat(received).contains("p2/last"));
			assertThat(received).containsExactlyInAnyOrderElementsOf(topics);
			assertThat(broker.refusalCount() - refusals).isEqualTo(10);
		}
	}

	@Test
	void p13NegativeAcknowledgementsFailTheirFutures() {
		try (LiveClient live = new LiveClient(this.proxy.uri()).connect()) {
			assertRefused(live.publish("denied/x", 1), PacketType.PUBACK, "denied/x");
			assertThat(failure(live.client.subscribe(SubscribeRequest.to("denied/x").qos(1).build())))
				.isInstanceOfSatisfying(MqttSubscribeRejectedException.class, (ex) -> {
					assertThat(ex.getFailure().packet()).isEqualTo(PacketType.SUBACK);
					assertThat(ex.getFailure().code()).isEqualTo(0x87);
				});
			assertSucceed(List.of(live.publish("good/x", 1)));
			assertThat(this.proxy.linkCount()).isOne();
		}
	}

	@Test
	void p24OfALostSessionQos1IsSentOnceMoreAndQos2Fails() {
		List<String> received = new CopyOnWriteArrayList<>();
		try (LiveClient subscriber = new LiveClient(broker.uri(), (config) -> config.clientId = "subscriber").connect();
				LiveClient live = new LiveClient(this.proxy.uri()).connect()) {
			subscriber.client
				.subscribe(
						SubscribeRequest.to("p24/#").qos(1).handler((message) -> received.add(message.topic())).build())
				.join();
			this.proxy.stall();
			CompletableFuture<PublishResult> again = live.publish("p24/again", 1);
			CompletableFuture<PublishResult> once = live.publish("p24/once", 2);
			// Completes when written, and the others were written before
			assertSucceed(List.of(live.publish("p24/written", 0)));
			broker.stop();
			this.proxy.cutAll();
			broker.start();
			subscriber.awaitConnections(2);
			Awaitility.await()
				.untilAsserted(() -> assertThat(subscriber.client.subscriptions())
					.allMatch((subscription) -> subscription.state() == SubscriptionStatus.State.ACTIVE));
			this.proxy.resume();
			live.awaitConnections(2);
			assertSucceed(List.of(again));
			assertThat(failure(once)).isInstanceOf(MqttSessionLostException.class);
			assertSucceed(List.of(live.publish("p24/after", 2)));
			Awaitility.await().untilAsserted(() -> assertThat(received).contains("p24/after"));
			assertThat(received).containsExactly("p24/again", "p24/after");
			Awaitility.await().untilAsserted(() -> assertThat(live.events(MqttSessionLostEvent.class)).hasSize(1));
		}
	}

	private static void assertSucceed(List<CompletableFuture<PublishResult>> futures) {
		assertThat(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)))
			.succeedsWithin(Duration.ofSeconds(20));
	}

	private static void assertRefused(CompletableFuture<PublishResult> future, PacketType packet, String topic) {
		assertThat(failure(future)).isInstanceOfSatisfying(MqttPublishRejectedException.class, (ex) -> {
			assertThat(ex.getFailure().packet()).isEqualTo(packet);
			assertThat(ex.getFailure().code()).isEqualTo(0x87);
			assertThat(ex.getFailure().topic()).isEqualTo(topic);
		});
	}

	private static Throwable failure(CompletableFuture<?> future) {
		Awaitility.await().until(future::isDone);
		return future.handle((result, ex) -> ex).join();
	}

}
