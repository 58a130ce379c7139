package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.client.TestClient.Config;
import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttPublishQuarantinedEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.paho.PahoWire;
import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.HiveMqBroker;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.ThreadWatch;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages and filters that make a server end the connection, on the real wire.
 */
class PoisonBrokerTests {

	private static final int WINDOW = 40;

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt.*");

	private final ScriptedBroker broker = ScriptedBroker.start();

	@TempDir
	Path directory;

	private volatile boolean forgets;

	PoisonBrokerTests() {
		this.broker.on(When.connect().and((packet) -> !this.forgets && this.broker.connectionCount() > 1))
			.answer(Reply.connack(0).sessionPresent(true));
	}

	@AfterEach
	void nothingIsLeft() {
		this.broker.close();
		this.threads.assertGone();
	}

	// What is unread when the server closes may cost acknowledgements, and so one end
	// more
	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void oneOfManyThatIsClosedOnWithoutAWordIsGivenUp(int qos) {
		this.broker.on(When.publish("poison")).close();
		assertOneOfManyIsGivenUp(qos, 6, MqttFailure.local(LocalError.CONNECTION_CLOSED).build().title());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void oneOfManyThatIsResetOnIsGivenUp(int qos) {
		this.broker.on(When.publish("poison")).reset();
		assertOneOfManyIsGivenUp(qos, 7, MqttFailure.local(LocalError.CONNECTION_CLOSED).build().title());
	}

	@ParameterizedTest
	@CsvSource({ "0x95, Packet too large", "0x99, Payload format invalid", "0x90, Topic Name invalid",
			"0x87, Not authorized" })
	void oneOfManyThatTheServerNamesIsGivenUp(String code, String name) {
		this.broker.on(When.publish("poison")).answer(Reply.disconnect(Integer.decode(code))).thenClose();
		assertOneOfManyIsGivenUp(1, 4, "DISCONNECT " + code + " " + name);
	}

	private void assertOneOfManyIsGivenUp(int qos, int connections, String title) {
		List<PublishRequest> handled = new CopyOnWriteArrayList<>();
		try (LiveClient live = client(this.broker.uri(),
				(config) -> config.poisonMessages = (request, failure) -> handled.add(request))
			.connect()) {
			List<CompletableFuture<PublishResult>> others = new ArrayList<>();
			IntStream.range(0, 25).forEach((i) -> others.add(live.publish("before/" + i, qos)));
			CompletableFuture<PublishResult> poison = live.client
				.publish(PublishRequest.to("poison").payload("x".repeat(3000)).qos(qos).build());
			IntStream.range(0, 25).forEach((i) -> others.add(live.publish("after/" + i, qos)));
			MqttPoisonMessageException ex = poisoned(poison);
			assertThat(ex.getFailure().title()).isEqualTo(title);
			assertThat(ex).hasMessageContainingAll("poison", title, "quarantined");
			assertSucceed(others);
			assertThat(live.client.statistics().connections()).isLessThanOrEqualTo(connections);
			await(() -> assertThat(live.events(MqttPublishQuarantinedEvent.class)).hasSize(1));
			await(() -> assertThat(handled).extracting(PublishRequest::topic).containsExactly("poison"));
			assertEverythingWorks(live);
		}
		assertThat(this.broker.violations()).isEmpty();
	}

	@Test
	void aPubrelThatEndsTheConnectionIsGivenUp() {
		List<Integer> ids = new CopyOnWriteArrayList<>();
		this.broker.on(When.publish("poison")).then((packet, connection) -> ids.add(packet.packetId())).answerAsUsual();
		this.broker.on(When.pubrel().and((packet) -> ids.contains(packet.packetId()))).close();
		try (LiveClient live = client(this.broker.uri()).connect()) {
			List<CompletableFuture<PublishResult>> others = new ArrayList<>();
			IntStream.range(0, 10).forEach((i) -> others.add(live.publish("before/" + i, 2)));
			CompletableFuture<PublishResult> poison = live.publish("poison", 2);
			IntStream.range(0, 10).forEach((i) -> others.add(live.publish("after/" + i, 2)));
			poisoned(poison);
			assertSucceed(others);
			assertThat(live.client.statistics().connections()).isLessThanOrEqualTo(6);
			assertEverythingWorks(live);
		}
	}

	@Test
	void twoPoisonMessagesAreBothGivenUp() {
		this.broker.on(When.publish("poison/+")).close();
		try (LiveClient live = client(this.broker.uri()).connect()) {
			List<CompletableFuture<PublishResult>> others = new ArrayList<>();
			IntStream.range(0, 10).forEach((i) -> others.add(live.publish("before/" + i, 1)));
			CompletableFuture<PublishResult> first = live.publish("poison/1", 1);
			IntStream.range(0, 10).forEach((i) -> others.add(live.publish("between/" + i, 2)));
			CompletableFuture<PublishResult> second = live.publish("poison/2", 2);
			IntStream.range(0, 10).forEach((i) -> others.add(live.publish("after/" + i, i % 2)));
			poisoned(first);
			poisoned(second);
			assertSucceed(others);
			assertThat(live.client.statistics().connections()).isLessThanOrEqualTo(9);
			assertThat(live.client.statistics().quarantined()).isEqualTo(2);
			assertEverythingWorks(live);
		}
	}

	@Test
	void aSubscribeThatEndsTheConnectionIsRejected() {
		this.broker.on(When.subscribe("poison")).close();
		try (LiveClient live = client(this.broker.uri()).connect()) {
			CompletableFuture<SubscribeResult> good = live.client.subscribe(SubscribeRequest.to("good/1").build());
			CompletableFuture<SubscribeResult> mixed = live.client.subscribe(SubscribeRequest.to("good/2").build(),
					SubscribeRequest.to("poison").build(), SubscribeRequest.to("good/3").build());
			assertThat(good).succeedsWithin(Duration.ofSeconds(20));
			MqttSubscribeRejectedException ex = failure(MqttSubscribeRejectedException.class, mixed);
			assertThat(ex.getResult().entries()).extracting(SubscribeResult.Entry::isGranted)
				.containsExactly(true, false, true);
			assertThat(states(live)).containsExactlyInAnyOrder("good/1 ACTIVE", "good/2 ACTIVE", "good/3 ACTIVE",
					"poison REJECTED");
			assertThat(live.client.statistics().connections()).isLessThanOrEqualTo(6);
			assertEverythingWorks(live);
		}
	}

	@Test
	void aFilterThatWasActiveAndEndsTheConnectionLaterIsRejected() {
		try (LiveClient live = client(this.broker.uri()).connect()) {
			live.client.subscribe(SubscribeRequest.to("poison").build(), SubscribeRequest.to("good").build()).join();
			this.broker.on(When.subscribe("poison")).close();
			this.forgets = true;
			this.broker.lastConnection().close();
			await(() -> assertThat(states(live)).containsExactlyInAnyOrder("poison REJECTED", "good ACTIVE"));
			assertThat(live.client.statistics().connections()).isLessThanOrEqualTo(7);
			assertThat(live.events(MqttSubscribeRejectedEvent.class)).hasSize(1);
			assertEverythingWorks(live);
		}
	}

	@Test
	void aMessageOfAnEarlierJvmIsGivenUpAndLeavesTheDisk() {
		Consumer<Config> journalled = (config) -> {
			config.cleanStart = false;
			config.persistence = new Persistence(PersistenceType.FILE, this.directory);
		};
		this.broker.on(When.publish("poison").onConnection(0)).withhold();
		try (LiveClient before = client(this.broker.uri(), journalled).connect()) {
			before.publish("poison", 1);
			this.broker.awaitReceived(When.publish("poison"), 1);
		}
		this.broker.on(When.publish("poison")).close();
		List<String> handled = new CopyOnWriteArrayList<>();
		try (LiveClient live = client(this.broker.uri(),
				journalled.andThen((config) -> config.poisonMessages = (request, failure) -> handled
					.add(new String(request.payload(), StandardCharsets.UTF_8))))) {
			live.client.start();
			await(() -> assertThat(live.events(MqttPublishQuarantinedEvent.class)).hasSize(1));
			await(() -> assertThat(handled).containsExactly("x"));
			live.awaitState(ClientState.CONNECTED);
			assertEverythingWorks(live);
		}
		int sent = this.broker.received(When.publish("poison")).size();
		try (LiveClient after = client(this.broker.uri(), journalled).connect()) {
			assertEverythingWorks(after);
		}
		assertThat(this.broker.received(When.publish("poison"))).hasSize(sent);
	}

	@Test
	void artemisEndsTheConnectionForAMessageThatIsTooLarge() {
		try (ArtemisBroker artemis = ArtemisBroker.builder().maximumPacketSize(2000).start()) {
			assertTooLargeIsGivenUp(artemis.uri());
		}
	}

	// A client that does not know the server's limit
	private void assertTooLargeIsGivenUp(String uri) {
		PahoWire wire = new PahoWire(List.of());
		try (LiveClient live = new LiveClient(uri, (config) -> config.clientId = "unlimited",
				(request, listener) -> wire.open(request, new Unlimited(listener)))
			.connect()) {
			List<CompletableFuture<PublishResult>> others = new ArrayList<>();
			IntStream.range(0, 10).forEach((i) -> others.add(live.publish("before/" + i, 1)));
			CompletableFuture<PublishResult> poison = live.client
				.publish(PublishRequest.to("poison").payload(new byte[3000]).qos(1).build());
			IntStream.range(0, 10).forEach((i) -> others.add(live.publish("after/" + i, 2)));
			MqttPoisonMessageException ex = poisoned(poison);
			System.out.println("too large at " + uri + ": " + ex.getMessage() + ", connections "
					+ live.client.statistics().connections());
			assertThat(ex.getFailure().title()).isEqualTo("DISCONNECT 0x95 Packet too large");
			assertSucceed(others);
			assertThat(live.client.statistics().connections()).isLessThanOrEqualTo(6);
			assertEverythingWorks(live);
		}
	}

	@Test
	void hiveMqEndsTheConnectionForAMessageAndForAFilter() {
		try (HiveMqBroker hiveMq = HiveMqBroker.startAnonymous();
				LiveClient live = client(hiveMq.uri(), (config) -> config.clientId = "poisonous").connect()) {
			List<CompletableFuture<PublishResult>> others = new ArrayList<>();
			IntStream.range(0, 10).forEach((i) -> others.add(live.publish("before/" + i, 1)));
			CompletableFuture<PublishResult> poison = live.publish("disconnect/0x99/x", 1);
			IntStream.range(0, 10).forEach((i) -> others.add(live.publish("after/" + i, 1)));
			assertThat(poisoned(poison).getFailure().title()).isEqualTo("DISCONNECT 0x99 Payload format invalid");
			assertSucceed(others);
			assertThat(live.client.statistics().connections()).isLessThanOrEqualTo(6);
			assertEverythingWorks(live);
			long connections = live.client.statistics().connections();
			MqttSubscribeRejectedException refused = failure(MqttSubscribeRejectedException.class, live.client
				.subscribe(SubscribeRequest.to("good").build(), SubscribeRequest.to("disconnect/0x8F/x").build()));
			assertThat(refused.getFailure().title()).isEqualTo("DISCONNECT 0x8F Topic Filter invalid");
			assertThat(states(live)).containsExactlyInAnyOrder("good ACTIVE", "disconnect/0x8F/x REJECTED");
			assertThat(live.client.statistics().connections()).isLessThanOrEqualTo(connections + 4);
			assertEverythingWorks(live);
		}
	}

	private static LiveClient client(String uri) {
		return client(uri, (config) -> {
		});
	}

	private static LiveClient client(String uri, Consumer<Config> change) {
		return new LiveClient(uri, ((Consumer<Config>) (config) -> config.maxInFlight = WINDOW).andThen(change));
	}

	private static void assertEverythingWorks(LiveClient live) {
		// A verdict falls when a connection has ended, before the next one is there
		await(() -> assertThat(live.client.state()).isEqualTo(ClientState.CONNECTED));
		long connections = live.client.statistics().connections();
		assertSucceed(IntStream.range(0, 2 * WINDOW).mapToObj((i) -> live.publish("window/" + i, 1 + i % 2)).toList());
		assertThat(live.client.subscribe(SubscribeRequest.to("next").build())).succeedsWithin(Duration.ofSeconds(20));
		assertThat(live.client.unsubscribe("next")).succeedsWithin(Duration.ofSeconds(20));
		assertThat(live.client.statistics().connections()).isEqualTo(connections);
		await(() -> assertThat(live.client.statistics().inFlight()).isZero());
	}

	private static void assertSucceed(List<CompletableFuture<PublishResult>> futures) {
		assertThat(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)))
			.succeedsWithin(Duration.ofSeconds(20));
	}

	private static MqttPoisonMessageException poisoned(CompletableFuture<?> future) {
		return failure(MqttPoisonMessageException.class, future);
	}

	private static <T extends Throwable> T failure(Class<T> type, CompletableFuture<?> future) {
		await(() -> assertThat(future).isDone());
		Throwable thrown = future.handle((result, failure) -> failure).join();
		assertThat(thrown).isInstanceOf(type);
		return type.cast(thrown);
	}

	private static List<String> states(LiveClient live) {
		return live.client.subscriptions().stream().map((each) -> each.filter() + " " + each.state()).toList();
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
	}

	/**
	 * Hears of no limit of the server.
	 *
	 * @param delegate hears all the same
	 */
	private record Unlimited(WireListener delegate) implements WireListener {

		@Override
		public void opened() {
			this.delegate.opened();
		}

		@Override
		public void connAck(ConnAck connAck) {
			this.delegate.connAck(TestClient.Limits.connAck((limits) -> {
				limits.sessionPresent = connAck.sessionPresent();
				limits.receiveMaximum = connAck.receiveMaximum();
			}));
		}

		@Override
		public void received(MqttPacket packet) {
			this.delegate.received(packet);
		}

		@Override
		public void receiving() {
			this.delegate.receiving();
		}

		@Override
		public void writing() {
			this.delegate.writing();
		}

		@Override
		public void written(long total) {
			this.delegate.written(total);
		}

		@Override
		public void closed(MqttFailure failure) {
			this.delegate.closed(failure);
		}

	}

}
