package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.TcpProxy;
import io.github.mqttspringboot.testing.ThreadWatch;
import io.github.mqttspringboot.testing.When;
import io.github.mqttspringboot.testing.WireProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The faults of Paho 1.2.5, by their numbers, that concern limits, packet identifiers and
 * several threads at once.
 */
class PahoFaultLimitTests {

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt.*");

	private final ScriptedBroker broker = ScriptedBroker.start();

	@AfterEach
	void nothingIsLeft() {
		assertThat(this.broker.violations()).isEmpty();
		this.broker.close();
		this.threads.assertGone();
	}

	@Test
	void p7EachSidesMaximumPacketSizeHoldsForWhatThatSideReceives() {
		this.broker.acceptWith(Reply.connack(0).maximumPacketSize(100));
		List<Integer> received = new CopyOnWriteArrayList<>();
		try (LiveClient live = new LiveClient(this.broker.uri(), (config) -> config.maximumPacketSize = 1000L)
			.connect()) {
			assertThat(this.broker.received(PacketType.CONNECT).get(0).connectFields().maximumPacketSize())
				.isEqualTo(1000);
			subscribe(live, "in", (message) -> received.add(message.payload().length));
			this.broker.lastConnection().send(Reply.publish("in", "x".repeat(900)));
			Awaitility.await().untilAsserted(() -> assertThat(received).containsExactly(900));
			assertRefused(live, PublishRequest.to("out").payload(new byte[100]).build(), LocalError.PACKET_TOO_LARGE);
			// 100 bytes in all
			live.client.publish(PublishRequest.to("out").payload(new byte[90]).qos(1).build()).join();
			assertThat(this.broker.received(PacketType.PUBLISH)).singleElement()
				.satisfies((packet) -> assertThat(packet.raw()).hasSize(100));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "nul\0", "high\uD800", "low\uDC00x" })
	void p8ATopicThatCannotBeEncodedIsRefusedOnce(String topic) {
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			for (int qos = 0; qos <= 2; qos++) {
				assertRefused(live, PublishRequest.to(topic).qos(qos).build(), LocalError.INVALID_TOPIC);
			}
			live.publish("ok", 2).join();
			this.broker.lastConnection().reset();
			live.awaitConnections(2);
			live.publish("ok", 2).join();
			assertThat(this.broker.received(PacketType.PUBLISH)).extracting(ReceivedPacket::topic)
				.containsExactly("ok", "ok");
		}
	}

	@Test
	void p10RefusedQos0PublishesCostNoPacketIdentifier() {
		this.broker.acceptWith(Reply.connack(0).maximumPacketSize(50));
		try (LiveClient live = new LiveClient(this.broker.uri(), (config) -> config.bufferSize = 100_000).connect()) {
			List<CompletableFuture<PublishResult>> refused = new ArrayList<>();
			PublishRequest large = PublishRequest.to("x").payload(new byte[50]).qos(0).build();
			for (int i = 0; i < 66_000; i++) {
				refused.add(live.client.publish(large));
			}
			live.publish("x", 1).join();
			assertThat(refused).allMatch(CompletableFuture::isCompletedExceptionally);
			assertThat(this.broker.received(PacketType.PUBLISH)).singleElement()
				.satisfies((packet) -> assertThat(packet.packetId()).isOne());
		}
	}

	@Test
	void p11ManyThreadsKeepToTheWindowAndNoneIsRefused() {
		int window = 3;
		int total = 4 * 500;
		this.broker.acceptWith(Reply.connack(0).receiveMaximum(window));
		Queue<ReceivedPacket> held = new ConcurrentLinkedQueue<>();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger count = new AtomicInteger();
		// What exceeds the window comes before the answer
		Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);
		this.broker.on(When.publish()).then((packet, connection) -> {
			held.add(packet);
			most.accumulateAndGet(held.size(), Math::max);
			if (count.incrementAndGet() == total || held.size() >= window) {
				later.execute(() -> {
					List<ReceivedPacket> answered = List.copyOf(held);
					held.removeAll(answered);
					answered.forEach((publish) -> connection.send(Reply.puback(0).id(publish.packetId())));
				});
			}
		});
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			List<CompletableFuture<PublishResult>> futures = inParallel(4, () -> {
				List<CompletableFuture<PublishResult>> own = new ArrayList<>();
				for (int i = 0; i < total / 4; i++) {
					own.add(live.publish("x", 1));
				}
				return own;
			});
			assertThat(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)))
				.succeedsWithin(Duration.ofSeconds(20));
			assertThat(most).hasValue(window);
			assertThat(futures).hasSize(total);
		}
	}

	@Test
	void p12NothingIsSentOtherwiseThanAskedFor() {
		this.broker.acceptWith(Reply.connack(0).maximumQos(1).retainAvailable(false));
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			assertRefused(live, PublishRequest.to("x").qos(2).build(), LocalError.QOS_NOT_SUPPORTED);
			assertRefused(live, PublishRequest.to("x").qos(1).retain(true).build(), LocalError.RETAIN_NOT_SUPPORTED);
			live.publish("ok", 1).join();
			assertThat(this.broker.received(PacketType.PUBLISH)).extracting(ReceivedPacket::topic)
				.containsExactly("ok");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void p14AnExceptionOfAHandlerIsReportedAndEndsNothing(int qos) {
		List<String> received = new CopyOnWriteArrayList<>();
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			subscribe(live, "in/#", (message) -> {
				received.add(message.topic());
				throw new IllegalStateException("a handler's own");
			});
			this.broker.lastConnection().send(message("in/1", qos, 1));
			this.broker.lastConnection().send(message("in/2", qos, 2));
			Awaitility.await().untilAsserted(() -> {
				assertThat(received).containsExactly("in/1", "in/2");
				assertThat(live.events(MqttListenerFailedEvent.class)).hasSize(2);
			});
			if (qos > 0) {
				this.broker.awaitReceived((qos == 1) ? PacketType.PUBACK : PacketType.PUBREC, 2);
			}
			assertThat(this.broker.connectionCount()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void p16PublishesThatRaceWithTheEndOfTheConnectionAreCompleted(boolean stop) throws Exception {
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			for (int round = 0; round < 10; round++) {
				CountDownLatch begun = new CountDownLatch(200);
				CompletableFuture<List<CompletableFuture<PublishResult>>> publishing = CompletableFuture
					.supplyAsync(() -> inParallel(2, () -> {
						List<CompletableFuture<PublishResult>> own = new ArrayList<>();
						for (int i = 0; i < 500; i++) {
							own.add(live.publish("x", 0));
							begun.countDown();
						}
						return own;
					}));
				assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
				if (stop) {
					live.client.stop();
				}
				else {
					this.broker.lastConnection().reset();
				}
				CompletableFuture<?>[] futures = publishing.join().toArray(CompletableFuture[]::new);
				Awaitility.await().untilAsserted(() -> assertThat(futures).allMatch(CompletableFuture::isDone));
				live.connect();
			}
		}
	}

	@Test
	void p16PublishesThatAStuckWriterHoldsAreCompletedByAStop() {
		try (TcpProxy proxy = TcpProxy.to(this.broker.port());
				LiveClient live = new LiveClient(proxy.uri()).connect()) {
			proxy.stall();
			PublishRequest request = PublishRequest.to("x").payload(new byte[100_000]).qos(0).build();
			List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				futures.add(live.client.publish(request));
			}
			live.client.stop();
			Awaitility.await().untilAsserted(() -> assertThat(futures).allMatch(CompletableFuture::isDone));
			assertThat(futures).anyMatch(CompletableFuture::isCompletedExceptionally);
			this.broker.lastConnection().reset();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 65_535 })
	void p18EveryReceiveMaximumIsUsedUpAndKeptTo(int receiveMaximum) {
		this.broker.acceptWith(Reply.connack(0).receiveMaximum(receiveMaximum));
		this.broker.on(When.publish()).withhold();
		try (LiveClient live = new LiveClient(this.broker.uri(), (config) -> config.maxInFlight = 65_535).connect()) {
			for (int i = 0; i <= receiveMaximum; i++) {
				live.publish("x", 1);
			}
			this.broker.awaitReceived(PacketType.PUBLISH, receiveMaximum);
			// What was published before is with the broker by then
			if (receiveMaximum < 65_535) {
				live.client.subscribe(SubscribeRequest.to("in").build()).join();
			}
			assertThat(this.broker.received(PacketType.PUBLISH)).hasSize(receiveMaximum)
				.extracting(ReceivedPacket::packetId)
				.doesNotHaveDuplicates();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 32_767, 32_768, 65_535 })
	void p19CorrelationDataOfEverySizeIsReceivedAndSent(int size) {
		byte[] data = "c".repeat(size).getBytes(StandardCharsets.US_ASCII);
		List<byte[]> received = new CopyOnWriteArrayList<>();
		try (LiveClient live = new LiveClient(this.broker.uri()).connect()) {
			subscribe(live, "in", (message) -> received.add(message.properties().correlationData()));
			this.broker.lastConnection()
				.send(Reply.publish("in", "x").binaryProperty(WireProperties.CORRELATION_DATA, data));
			Awaitility.await().untilAsserted(() -> assertThat(received).containsExactly(data));
			live.client.publish(PublishRequest.to("out").correlationData(data).qos(1).build()).join();
			assertThat(this.broker.received(PacketType.PUBLISH)
				.get(0)
				.properties()
				.binary(WireProperties.CORRELATION_DATA)).isEqualTo(data);
		}
	}

	@Test
	void p21NoTopicIsReplacedByAnAliasThatTheServerOffers() {
		this.broker.acceptWith(Reply.connack(0).topicAliasMaximum(10).sessionPresent(true));
		this.broker.on(When.publish().onConnection(0)).withhold();
		try (LiveClient live = new LiveClient(this.broker.uri(), (config) -> config.cleanStart = false).connect()) {
			List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				futures.add(live.publish("x", i % 3));
			}
			this.broker.awaitReceived(PacketType.PUBLISH, 6);
			this.broker.lastConnection().reset();
			assertThat(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)))
				.succeedsWithin(Duration.ofSeconds(20));
			assertThat(this.broker.received(When.publish().onConnection(1))).hasSize(4);
			assertThat(this.broker.received(PacketType.PUBLISH)).allSatisfy((packet) -> {
				assertThat(packet.topic()).isEqualTo("x");
				assertThat(packet.properties().has(WireProperties.TOPIC_ALIAS)).isFalse();
			});
		}
	}

	@Test
	void p22SubscribingWhileMessagesArriveLosesNone() {
		int total = 5_000;
		List<String> expected = new ArrayList<>();
		Queue<String> received = new ConcurrentLinkedQueue<>();
		try (LiveClient live = new LiveClient(this.broker.uri(), (config) -> config.queueCapacity = total).connect()) {
			subscribe(live, "in/#", (message) -> received.add(message.topic()));
			AtomicBoolean over = new AtomicBoolean();
			CompletableFuture<List<CompletableFuture<?>>> churn = CompletableFuture
				.supplyAsync(() -> inParallel(2, () -> {
					String filter = "in/" + Thread.currentThread().getId();
					List<CompletableFuture<?>> own = new ArrayList<>();
					while (!over.get()) {
						own.add(live.client.subscribe(SubscribeRequest.to(filter).handler((message) -> {
						}).build()));
						CompletableFuture<?> last = live.client.unsubscribe(filter);
						own.add(last);
						last.join();
					}
					return own;
				}));
			for (int i = 0; i < total; i++) {
				expected.add("in/" + i);
				this.broker.lastConnection().send(Reply.publish("in/" + i, "x"));
			}
			Awaitility.await().untilAsserted(() -> assertThat(received).hasSize(total));
			over.set(true);
			assertThat(churn.join()).isNotEmpty()
				.allSatisfy((future) -> assertThat(future).succeedsWithin(Duration.ofSeconds(5)));
			assertThat(received).containsExactlyElementsOf(expected);
			assertThat(live.client.incidents()).isEmpty();
		}
	}

	@Test
	void p30AServerThatSendsALargePacketSlowlyIsNotTakenForDead() throws Exception {
		this.broker.on(When.pingreq()).withhold();
		List<Integer> received = new CopyOnWriteArrayList<>();
		try (LiveClient live = new LiveClient(this.broker.uri(), (config) -> config.keepAlive = Duration.ofSeconds(1))
			.connect()) {
			subscribe(live, "in", (message) -> received.add(message.payload().length));
			byte[] packet = Reply.publish("in", "x".repeat(100_000)).encode();
			CountDownLatch pace = new CountDownLatch(1);
			for (int from = 0; from < packet.length; from += 10_000) {
				pace.await(300, TimeUnit.MILLISECONDS);
				this.broker.lastConnection()
					.send(Arrays.copyOfRange(packet, from, Math.min(from + 10_000, packet.length)));
			}
			Awaitility.await().untilAsserted(() -> assertThat(received).containsExactly(100_000));
			assertThat(this.broker.received(PacketType.PINGREQ)).isNotEmpty();
			assertThat(this.broker.connectionCount()).isOne();
		}
	}

	@Test
	void p30ADeadLinkIsNoticedThoughAWriteIsStuck() {
		try (TcpProxy proxy = TcpProxy.to(this.broker.port());
				LiveClient live = new LiveClient(proxy.uri(), (config) -> {
					config.keepAlive = Duration.ofSeconds(1);
					config.connectTimeout = Duration.ofSeconds(1);
				}).connect()) {
			proxy.stall();
			// More than all buffers between here and there
			for (int i = 0; i < 20; i++) {
				live.client.publish(PublishRequest.to("x").payload(new byte[1024 * 1024]).qos(1).build());
			}
			Awaitility.await()
				.untilAsserted(() -> assertThat(live.events(MqttConnectionLostEvent.class)).singleElement()
					.satisfies(
							(event) -> assertThat(event.getFailure().localError()).isEqualTo(LocalError.PING_TIMEOUT)));
		}
	}

	private static Reply message(String topic, int qos, int id) {
		Reply message = Reply.publish(topic, "x").qos(qos);
		return (qos > 0) ? message.id(id) : message;
	}

	private static void subscribe(LiveClient live, String filter, Consumer<ReceivedMessage> handler) {
		live.client.subscribe(SubscribeRequest.to(filter).qos(2).handler(handler).build()).join();
	}

	private static void assertRefused(LiveClient live, PublishRequest request, LocalError error) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> live.client.publish(request).join())
			.satisfies((ex) -> assertThat(((MqttOperationException) ex.getCause()).getFailure().localError())
				.isEqualTo(error));
	}

	private static <T> List<T> inParallel(int threads, Supplier<List<T>> task) {
		return IntStream.range(0, threads)
			.mapToObj((i) -> CompletableFuture.supplyAsync(task, (run) -> new Thread(run, "publisher").start()))
			.toList()
			.stream()
			.flatMap((part) -> part.join().stream())
			.toList();
	}

}
