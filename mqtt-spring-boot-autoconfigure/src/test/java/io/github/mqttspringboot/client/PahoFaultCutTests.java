package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;
import io.github.mqttspringboot.testing.TcpProxy;
import io.github.mqttspringboot.testing.ThreadWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The faults of Paho 1.2.5 that show in numbers only: many cuts under traffic with
 * Mosquitto. P21 is among them: Mosquitto offers topic aliases, and what is sent again
 * must not rely on those of the link before. The other numbers, and which of them no
 * installed broker can be made to show, are in {@link PahoFaultBrokerTests}.
 */
@RequiresMosquitto
class PahoFaultCutTests {

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt.*");

	private final MosquittoBroker broker = MosquittoBroker.builder()
		.config("log_type all", "max_queued_messages 100000")
		.start();

	private final TcpProxy proxy = TcpProxy.to(this.broker.port());

	@AfterEach
	void nothingIsLeft() {
		this.proxy.close();
		this.broker.close();
		this.threads.assertGone();
	}

	@Test
	void p23EachInboundQos2MessageIsHandedOverOnceAndNoneIsLost() {
		int cuts = 30;
		Queue<String> received = new ConcurrentLinkedQueue<>();
		AtomicInteger count = new AtomicInteger();
		try (LiveClient live = live(this.proxy.uri(), "test").connect();
				LiveClient publisher = live(this.broker.uri(), "publisher").connect()) {
			live.client.subscribe(SubscribeRequest.to("in").qos(2).messageHandler((message) -> {
				received.add(new String(message.payload(), StandardCharsets.UTF_8));
				// Some are still being handled when the next connection is there
				return (count.incrementAndGet() % 20 == 0)
						? new CompletableFuture<>().completeOnTimeout(null, 60, TimeUnit.MILLISECONDS) : null;
			}).build()).join();
			List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
			List<String> sent = new ArrayList<>();
			for (int cut = 1; cut <= cuts; cut++) {
				for (int i = 0; i < 50; i++) {
					String payload = cut + "/" + i;
					sent.add(payload);
					futures.add(publisher.client.publish(PublishRequest.to("in").payload(payload).qos(2).build()));
				}
				int some = count.get() + 1 + cut;
				await(() -> assertThat(count.get()).isGreaterThanOrEqualTo(some));
				this.proxy.cutAll();
				awaitConnections(live, cut + 1);
			}
			assertSucceed(futures);
			await(() -> assertThat(count.get()).isGreaterThanOrEqualTo(sent.size()));
			// What the broker sends again comes before what is new
			assertSucceed(List.of(publisher.client.publish(PublishRequest.to("in").payload("last").qos(2).build())));
			sent.add("last");
			await(() -> assertThat(received).contains("last"));
			assertThat(received).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(sent);
			assertThat(this.broker.log("Sending PUBLISH to test (d1")).isNotEmpty();
			assertThat(this.broker.log("New client connected", " as test ")).hasSize(cuts + 1);
			assertThat(live.events(MqttConnectedEvent.class)).filteredOn((event) -> event.isReconnect())
				.allMatch(MqttConnectedEvent::isSessionPresent);
		}
	}

	@Test
	void p26CutsUnderTrafficLeaveNoThreadAndNoOpenFuture() {
		int cuts = 100;
		Queue<String> received = new ConcurrentLinkedQueue<>();
		try (LiveClient subscriber = live(this.broker.uri(), "subscriber").connect();
				LiveClient live = live(this.proxy.uri(), "test").connect()) {
			subscriber.client
				.subscribe(
						SubscribeRequest.to("out/#").qos(2).handler((message) -> received.add(message.topic())).build())
				.join();
			int threadsBefore = this.threads.started().size();
			List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
			List<List<String>> topics = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
			for (int cut = 1; cut <= cuts; cut++) {
				for (int i = 0; i < 15; i++) {
					String topic = "out/%d/%d/%d".formatted(i % 3, cut, i);
					topics.get(i % 3).add(topic);
					futures.add(live.publish(topic, i % 3));
				}
				// In turns while they are on their way, and while they are answered
				CompletableFuture<PublishResult> early = futures.get(futures.size() - 14);
				if (cut % 2 == 0) {
					await(() -> assertThat(early).isDone());
				}
				this.proxy.cutAll();
				awaitConnections(live, cut + 1);
			}
			assertSucceed(futures);
			CompletableFuture<PublishResult> last = live.publish("out/last", 2);
			assertSucceed(List.of(last));
			await(() -> assertThat(received).contains("out/last"));
			assertThat(received).filteredOn((topic) -> topic.startsWith("out/2/"))
				.doesNotHaveDuplicates()
				.containsExactlyInAnyOrderElementsOf(topics.get(2));
			assertThat(received).containsAll(topics.get(1));
			assertThat(this.broker.log("PUBLISH from test (d1")).isNotEmpty();
			assertThat(live.client.statistics().reconnects().total()).isEqualTo(cuts);
			assertThat(this.broker.log("New client connected", " as test ")).hasSize(cuts + 1);
			await(() -> assertThat(live.events(MqttConnectionLostEvent.class)).hasSize(cuts));
			await(() -> assertThat(this.threads.started()).hasSizeLessThanOrEqualTo(threadsBefore));
		}
	}

	private static LiveClient live(String uri, String clientId) {
		return new LiveClient(uri, (config) -> config.clientId = clientId);
	}

	private static void awaitConnections(LiveClient live, int count) {
		await(() -> assertThat(live.client.statistics().connections()).isEqualTo(count));
	}

	private static void assertSucceed(List<CompletableFuture<PublishResult>> futures) {
		assertThat(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)))
			.succeedsWithin(Duration.ofSeconds(20));
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.untilAsserted(assertion);
	}

}
