package io.github.mqttspringboot.listener;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.annotation.MqttListenerConfigurer;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.client.ImpatientClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.core.MqttMessageHeaders;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;
import io.github.mqttspringboot.testing.LogCapture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold for listeners on any broker.
 */
abstract class AbstractListenerTests {

	/** Of all listeners together. */
	private static final int MESSAGES = Integer.getInteger("listeners.messages", 50_000);

	abstract String uri();

	@Test
	void typedJsonGoesToAMethodAndItsResultBack() {
		try (ListenerApp app = ListenerApp.start(uri(), Meters.class)) {
			List<ReceivedMessage> answers = new CopyOnWriteArrayList<>();
			app.client()
				.subscribe(SubscribeRequest.to("answers/typed").handler((message) -> answers.add(message)).build())
				.join();
			byte[] correlationData = "request-1".getBytes(StandardCharsets.UTF_8);
			app.bean(MqttTemplate.class)
				.publish("meters/m7/reading", new Reading(21.5, "kWh"),
						(builder) -> builder.qos(2).responseTopic("answers/typed").correlationData(correlationData));
			Awaitility.await().untilAsserted(() -> assertThat(answers).hasSize(1));
			assertThat(app.bean(Meters.class).readings).containsExactly("m7 21.5 kWh at meters/m7/reading");
			assertThat(new String(answers.get(0).payload(), StandardCharsets.UTF_8))
				.isEqualTo("{\"id\":\"m7\",\"value\":21.5}");
			assertThat(answers.get(0).properties().correlationData()).isEqualTo(correlationData);
			assertThat(answers.get(0).properties().contentType()).isEqualTo("application/json");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void manyListenersHandleEachMessageOnceAndInOrder(int qos) throws Exception {
		int listeners = 20;
		int topics = 10;
		int perTopic = MESSAGES / listeners / topics;
		try (ListenerApp app = ListenerApp.start(uri(), Load.class, "mqtt.listener.concurrency=4",
				"mqtt.subscribe.qos=" + qos, "mqtt.receive-maximum=65535", "load.name=load-" + qos)) {
			Load received = app.bean(Load.class);
			List<CompletableFuture<?>> published = new ArrayList<>();
			for (int i = 0; i < perTopic; i++) {
				for (int topic = 0; topic < listeners * topics; topic++) {
					assertThat(received.window.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
					published.add(app.publish("load-" + qos + "/" + topic % listeners + "/" + topic / listeners,
							String.valueOf(i), qos));
				}
			}
			assertThat(CompletableFuture.allOf(published.toArray(CompletableFuture[]::new)))
				.succeedsWithin(Duration.ofMinutes(1));
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.untilAsserted(() -> assertThat(received.count.get()).isGreaterThanOrEqualTo(published.size()));
			List<Integer> expected = IntStream.range(0, perTopic).boxed().toList();
			assertThat(received.byTopic).hasSize(listeners * topics)
				.allSatisfy((topic, numbers) -> assertThat(numbers).isEqualTo(expected));
			assertThat(received.atOnce.get()).isGreaterThan(1);
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	@Test
	void theMessageOfAListenerThatAlwaysThrowsIsADeadLetterAndTheConnectionStays() {
		try (ListenerApp app = ListenerApp.start(uri(), Throwing.class, "mqtt.listener.retry.delay=10ms",
				"mqtt.listener.dead-letter-topic=dead/letters")) {
			app.publish("throwing/x", "poison", 2).join();
			Throwing throwing = app.bean(Throwing.class);
			Awaitility.await().untilAsserted(() -> assertThat(throwing.letters).hasSize(1));
			assertThat(throwing.letters.get(0)).isEqualTo("poison from throwing/x by thrower: boom");
			Awaitility.await().untilAsserted(() -> assertThat(app.events(MqttListenerFailedEvent.class)).hasSize(1));
			MqttListenerFailedEvent event = app.events(MqttListenerFailedEvent.class).get(0);
			assertThat(event.getTopic()).isEqualTo("throwing/x");
			assertThat(event.getFailure().detail()).startsWith("listener 'thrower' failed after 3 attempts")
				.contains("published to the dead-letter topic dead/letters")
				.doesNotContain("boom");
			assertThat(event.getFailure().cause()).isInstanceOfSatisfying(MqttListenerException.class, (failure) -> {
				assertThat(failure.getListenerId()).isEqualTo("thrower");
				assertThat(failure.getAttempts()).isEqualTo(3);
			});
			app.publish("throwing/x", "good", 2).join();
			Awaitility.await()
				.untilAsserted(
						() -> assertThat(throwing.handled).containsExactly("poison", "poison", "poison", "good"));
			assertThat(app.events(MqttListenerFailedEvent.class)).hasSize(1);
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	@Test
	void aFailureOfWhatWasAcknowledgedOnReceiptIsReportedOnce() {
		try (ListenerApp app = ListenerApp.start(uri(), Throwing.class, "mqtt.listener.retry.max-attempts=1",
				"mqtt.listener.ack-mode=on-receipt")) {
			app.publish("throwing/x", "poison", 1).join();
			app.publish("throwing/x", "good", 1).join();
			Awaitility.await()
				.untilAsserted(() -> assertThat(app.bean(Throwing.class).handled).containsExactly("poison", "good"));
			Awaitility.await().untilAsserted(() -> assertThat(app.events(MqttListenerFailedEvent.class)).hasSize(1));
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	@Test
	void whileAListenerBlocksOthersGoOnUpToTheReceiveMaximumAndItIsNamed() {
		try (LogCapture log = LogCapture.start(); ListenerApp app = ListenerApp.start(uri(), Impatient.class)) {
			Blocking blocking = app.bean(Blocking.class);
			try {
				app.publish("blocking/slow", "x", 1).join();
				Awaitility.await().untilAsserted(() -> assertThat(blocking.handled).contains("blocking/slow"));
				for (int i = 0; i < 30; i++) {
					app.publish("blocking/fast", "x", 1).join();
				}
				// The one that blocks and 19 more are unacknowledged
				Awaitility.await().untilAsserted(() -> assertThat(blocking.handled).hasSize(20));
				Awaitility.await().untilAsserted(() -> assertThat(warnings(log)).hasSize(1));
				assertThat(warnings(log).get(0)).contains(
						"listener 'sleeper' holds back a message on topic blocking/slow for 2 s",
						"'mqtt.receive-maximum'");
				// As long again, and without a sign of life but its own pings
				Awaitility.await()
					.during(Duration.ofSeconds(4))
					.until(() -> app.client().state() == ClientState.CONNECTED && blocking.handled.size() == 20);
				assertThat(warnings(log)).hasSize(1);
			}
			finally {
				blocking.release.countDown();
			}
			Awaitility.await().untilAsserted(() -> assertThat(blocking.handled).hasSize(31));
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	private static List<String> warnings(LogCapture log) {
		return log.messages().stream().filter((line) -> line.contains("holds back a message")).toList();
	}

	@Test
	void aListenerStopsAndStartsByItsId() {
		try (ListenerApp app = ListenerApp.start(uri(), Pair.class)) {
			Pair pair = app.bean(Pair.class);
			MqttListenerContainer one = app.registry().getListenerContainer("one");
			assertThat(one).isNotNull();
			one.stop();
			assertThat(app.client().subscriptions()).extracting(SubscriptionStatus::filter).containsExactly("pair/two");
			app.publish("pair/one", "1", 1).join();
			app.publish("pair/two", "2", 1).join();
			Awaitility.await().untilAsserted(() -> assertThat(pair.handled).containsExactly("2"));
			one.start();
			app.awaitActive();
			app.publish("pair/one", "3", 1).join();
			Awaitility.await().untilAsserted(() -> assertThat(pair.handled).containsExactly("2", "3"));
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	@Test
	void aGroupOverTwoApplicationsSharesTheMessages() {
		try (ListenerApp one = ListenerApp.start(uri(), Worker.class, "mqtt.client-id=worker-1");
				ListenerApp two = ListenerApp.start(uri(), Worker.class, "mqtt.client-id=worker-2")) {
			for (int i = 0; i < 200; i++) {
				one.publish("jobs/" + i, String.valueOf(i), 1).join();
			}
			List<String> first = one.bean(Worker.class).jobs;
			List<String> second = two.bean(Worker.class).jobs;
			Awaitility.await()
				.untilAsserted(() -> assertThat(first.size() + second.size()).isGreaterThanOrEqualTo(200));
			assertThat(first).isNotEmpty();
			assertThat(second).isNotEmpty();
			List<String> all = new ArrayList<>(first);
			all.addAll(second);
			assertThat(all).hasSize(200).doesNotHaveDuplicates();
		}
	}

	@Test
	void aSessionThatIsKeptCollectsMessagesWhileTheApplicationIsDown() {
		String[] durable = { "mqtt.client-id=durable", "mqtt.clean-start=false", "mqtt.session-expiry=1h" };
		ListenerApp.start(uri(), Durable.class, durable).close();
		try (ListenerApp other = ListenerApp.start(uri(), Worker.class, "mqtt.client-id=other")) {
			other.publish("durable/x", "while down", 1).join();
		}
		try (ListenerApp app = ListenerApp.start(uri(), Durable.class, durable)) {
			Durable listener = app.bean(Durable.class);
			Awaitility.await().untilAsserted(() -> assertThat(listener.handled).containsExactly("while down"));
			listener.acknowledgments.forEach(Acknowledgment::acknowledge);
			app.registry().getListenerContainers().forEach(MqttListenerContainer::stop);
		}
	}

	@Test
	void whatIsNotAcknowledgedWhenTheApplicationStopsComesAgain() {
		String[] durable = { "mqtt.client-id=again", "mqtt.clean-start=false", "mqtt.session-expiry=1h" };
		try (ListenerApp app = ListenerApp.start(uri(), Durable.class, durable)) {
			app.publish("durable/x", "unfinished", 1).join();
			Awaitility.await()
				.untilAsserted(() -> assertThat(app.bean(Durable.class).handled).containsExactly("unfinished"));
		}
		try (ListenerApp app = ListenerApp.start(uri(), Durable.class, durable)) {
			Durable listener = app.bean(Durable.class);
			Awaitility.await().untilAsserted(() -> assertThat(listener.handled).containsExactly("unfinished"));
			listener.acknowledgments.forEach(Acknowledgment::acknowledge);
			app.registry().getListenerContainers().forEach(MqttListenerContainer::stop);
		}
	}

	@Test
	void theBacklogOfAKeptSessionIsHandledHoweverSlowlyTheApplicationStarts() {
		String[] kept = { "mqtt.client-id=slow-start", "mqtt.clean-start=false", "mqtt.session-expiry=1h" };
		ListenerApp.start(uri(), Backlog.class, kept).close();
		try (ListenerApp other = ListenerApp.start(uri(), Worker.class, "mqtt.client-id=other")) {
			for (int i = 0; i < SlowStart.BACKLOG; i++) {
				other.publish("backlog/x", String.valueOf(i), 1).join();
			}
		}
		try (ListenerApp app = ListenerApp.start(uri(), SlowStart.class, kept)) {
			SlowStart starting = app.bean(SlowStart.class);
			assertThat(starting.handledTooEarly).isZero();
			List<String> expected = IntStream.range(0, SlowStart.BACKLOG).mapToObj(String::valueOf).toList();
			Awaitility.await().untilAsserted(() -> assertThat(starting.backlog.handled).isEqualTo(expected));
			assertThat(app.client().statistics().unmatchedMessages()).isZero();
			app.registry().getListenerContainers().forEach(MqttListenerContainer::stop);
		}
	}

	record Reading(double value, String unit) {

	}

	record Confirmation(String id, double value) {

	}

	static class Meters {

		private final List<String> readings = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "meters/{id}/reading", qos = 2)
		Confirmation reading(@DestinationVariable String id, @Payload Reading reading,
				@Header(MqttMessageHeaders.RECEIVED_TOPIC) String topic) {
			this.readings.add(id + " " + reading.value() + " " + reading.unit() + " at " + topic);
			return new Confirmation(id, reading.value());
		}

	}

	static class Load implements MqttListenerConfigurer {

		private final Map<String, List<Integer>> byTopic = new ConcurrentHashMap<>();

		/**
		 * What is handled before more is published. With many subscriptions and a backlog
		 * Artemis sends more than the Receive Maximum.
		 */
		private final Semaphore window = new Semaphore(500);

		private final AtomicInteger count = new AtomicInteger();

		private final AtomicInteger underway = new AtomicInteger();

		private final AtomicInteger atOnce = new AtomicInteger();

		@Value("${load.name}")
		private String name;

		@Override
		public void configureMqttListeners(MqttListenerEndpointRegistrar registrar) {
			for (int i = 0; i < 20; i++) {
				registrar.registerEndpoint(MqttListenerEndpoint.withId("load-" + i)
					.topics(this.name + "/" + i + "/{topic}")
					.listener(this::handle)
					.build());
			}
		}

		private @Nullable CompletionStage<?> handle(ReceivedMessage message, Acknowledgment acknowledgment) {
			this.atOnce.accumulateAndGet(this.underway.incrementAndGet(), Math::max);
			this.byTopic.computeIfAbsent(message.topic(), (topic) -> new CopyOnWriteArrayList<>())
				.add(Integer.valueOf(new String(message.payload(), StandardCharsets.UTF_8)));
			Thread.yield();
			this.underway.decrementAndGet();
			this.count.incrementAndGet();
			this.window.release();
			return null;
		}

	}

	static class Throwing {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		private final List<String> letters = new CopyOnWriteArrayList<>();

		@MqttListener(id = "thrower", topics = "throwing/#", qos = 2)
		void on(String text) {
			this.handled.add(text);
			if (text.equals("poison")) {
				throw new IllegalStateException("boom");
			}
		}

		@MqttListener(topics = "dead/letters")
		void letter(String text, @Header(DeadLetterPublishingRecoverer.ORIGINAL_TOPIC) String topic,
				@Header(DeadLetterPublishingRecoverer.LISTENER) String listener,
				@Header(DeadLetterPublishingRecoverer.EXCEPTION_MESSAGE) String message) {
			this.letters.add(text + " from " + topic + " by " + listener + ": " + message);
		}

	}

	@Import(Blocking.class)
	static class Impatient {

		@Bean
		DefaultManagedMqttClient mqttClient(@Value("${mqtt.servers}") String server,
				ApplicationEventPublisher publisher) {
			return ImpatientClient.create(server, publisher::publishEvent);
		}

	}

	static class Blocking {

		private final CountDownLatch release = new CountDownLatch(1);

		private final List<String> handled = new CopyOnWriteArrayList<>();

		@MqttListener(id = "sleeper", topics = "blocking/slow")
		void slow(ReceivedMessage message) throws InterruptedException {
			this.handled.add(message.topic());
			this.release.await();
		}

		@MqttListener(topics = "blocking/fast")
		void fast(ReceivedMessage message) {
			this.handled.add(message.topic());
		}

	}

	static class Pair {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		@MqttListener(id = "one", topics = "pair/one")
		@MqttListener(id = "two", topics = "pair/two")
		void on(String text) {
			this.handled.add(text);
		}

	}

	static class Worker {

		private final List<String> jobs = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "jobs/+", group = "workers")
		void job(String text) {
			this.jobs.add(text);
		}

	}

	static class Durable {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		private final List<Acknowledgment> acknowledgments = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "durable/x", ackMode = "manual")
		void on(String text, Acknowledgment acknowledgment) {
			this.acknowledgments.add(acknowledgment);
			this.handled.add(text);
		}

	}

	static class Backlog {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		@MqttListener(id = "backlog", topics = "backlog/x")
		void on(String text) {
			this.handled.add(text);
		}

	}

	/** Starts between the client and the listeners, and waits for what the server has. */
	@Import(Backlog.class)
	static class SlowStart implements SmartLifecycle {

		private static final int BACKLOG = 10;

		private final ManagedMqttClient client;

		private final Backlog backlog;

		private int handledTooEarly;

		private volatile boolean running;

		SlowStart(ManagedMqttClient client, Backlog backlog) {
			this.client = client;
			this.backlog = backlog;
		}

		@Override
		public void start() {
			Awaitility.await().until(() -> handed() == BACKLOG);
			this.handledTooEarly = this.backlog.handled.size();
			this.running = true;
		}

		private long handed() {
			return this.client.statistics().queuedMessages() + this.client.statistics().unmatchedMessages();
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return 1000;
		}

	}

}
