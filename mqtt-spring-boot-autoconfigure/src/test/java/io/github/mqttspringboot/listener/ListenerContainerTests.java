package io.github.mqttspringboot.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.retry.RetryPolicy;

import io.github.mqttspringboot.client.AbandonableStage;
import io.github.mqttspringboot.client.MqttNotConnectedException;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionHolder;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DefaultMqttListenerContainer} and the way of a message through it.
 */
class ListenerContainerTests {

	private final RecordingClient client = new RecordingClient();

	private final DefaultMqttListenerContainerFactory factory = new DefaultMqttListenerContainerFactory();

	private final List<DefaultMqttListenerContainer> containers = new ArrayList<>();

	private final List<String> handled = new CopyOnWriteArrayList<>();

	@AfterEach
	void destroy() {
		this.containers.forEach(DefaultMqttListenerContainer::destroy);
	}

	@Test
	void itSubscribesWithTheOptionsOfTheListener() {
		start((message, acknowledgment) -> null, (settings) -> settings, "a/{x}", "b/#");
		assertThat(this.client.subscribed).extracting("filter").containsExactly("a/+", "b/#");
		assertThat(this.client.subscribed).allSatisfy((request) -> {
			assertThat(request.qos()).isEqualTo(2);
			assertThat(request.holder()).hasToString("listener 'test'");
		});
	}

	@Test
	void aMessageIsAcknowledgedWhenTheListenersStageEnds() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		start((message, acknowledgment) -> stage);
		CompletableFuture<?> acknowledged = this.client.deliver("a", "x", 1);
		assertThat(acknowledged).isNotDone();
		stage.complete("done");
		assertThat(acknowledged).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void aManualAcknowledgementMayComeLaterAndTheLaneGoesOn() {
		List<Acknowledgment> acknowledgments = new CopyOnWriteArrayList<>();
		start((message, acknowledgment) -> {
			acknowledgments.add(acknowledgment);
			return null;
		}, (settings) -> settings.withAckMode(AckMode.MANUAL));
		CompletableFuture<?> first = this.client.deliver("a", "1", 1);
		CompletableFuture<?> second = this.client.deliver("a", "2", 2);
		CompletableFuture<?> unacknowledgeable = this.client.deliver("a", "3", 0);
		assertThat(unacknowledgeable).succeedsWithin(Duration.ofSeconds(10));
		assertThat(acknowledgments).hasSize(3);
		assertThat(first).isNotDone();
		acknowledgments.get(1).acknowledge();
		assertThat(second).isDone();
		assertThat(first).isNotDone();
		acknowledgments.get(0).acknowledge();
		acknowledgments.get(0).acknowledge();
		assertThat(first).isDone();
		assertThat(this.client.reported).isEmpty();
	}

	@Test
	void whatCannotBeAcknowledgedAnyMoreEndsOnceTheListenerIsDoneWithIt() {
		CompletableFuture<Void> working = new CompletableFuture<>();
		List<Acknowledgment> acknowledgments = new CopyOnWriteArrayList<>();
		start((message, acknowledgment) -> {
			acknowledgments.add(acknowledgment);
			return (acknowledgments.size() == 2) ? working : null;
		}, (settings) -> settings.withAckMode(AckMode.MANUAL));
		CompletableFuture<?> waiting = this.client.deliver("a", "1", 1);
		CompletableFuture<?> underway = this.client.deliver("a", "2", 1);
		Awaitility.await().untilAsserted(() -> assertThat(acknowledgments).hasSize(2));
		assertThat(waiting).isNotDone();
		((AbandonableStage<?>) waiting).abandoned();
		((AbandonableStage<?>) underway).abandoned();
		assertThat(waiting).isCompleted();
		assertThat(underway).isNotDone();
		working.complete(null);
		assertThat(underway).succeedsWithin(Duration.ofSeconds(10));
		acknowledgments.forEach(Acknowledgment::acknowledge);
		assertThat(this.client.reported).isEmpty();
	}

	@Test
	void acknowledgingHasNoEffectUnlessItIsManual() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		CountDownLatch called = new CountDownLatch(1);
		start((message, acknowledgment) -> {
			acknowledgment.acknowledge();
			called.countDown();
			return stage;
		});
		CompletableFuture<?> acknowledged = this.client.deliver("a", "x", 1);
		await(called);
		assertThat(acknowledged).isNotDone();
	}

	@Test
	void onReceiptAcknowledgesBeforeTheListenerIsDoneUntilTheLaneIsFull() {
		CompletableFuture<String> first = new CompletableFuture<>();
		CompletableFuture<String> second = new CompletableFuture<>();
		AtomicInteger calls = new AtomicInteger();
		MqttListenerSettings defaults = MqttListenerSettings.defaults();
		start((message, acknowledgment) -> (calls.incrementAndGet() == 1) ? first : second,
				(settings) -> new MqttListenerSettings(true, 1, AckMode.ON_RECEIPT, defaults.retryPolicy(),
						defaults.recoveryBackOff(), null, defaults.shutdownTimeout(), 2));
		assertThat(this.client.deliver("a", "1", 1)).isDone();
		Awaitility.await().until(() -> calls.get() == 1);
		assertThat(this.client.deliver("a", "2", 1)).isDone();
		assertThat(this.client.deliver("a", "3", 1)).isDone();
		CompletableFuture<?> waiting = this.client.deliver("a", "4", 1);
		CompletableFuture<?> behind = this.client.deliver("a", "5", 1);
		assertThat(waiting).isNotDone();
		first.complete("done");
		assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
		assertThat(behind).isNotDone();
		second.complete("done");
		assertThat(behind).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void aFailureAfterTheReceiptIsReportedToTheClientOnce() {
		start((message, acknowledgment) -> {
			throw new IllegalStateException("broken");
		}, (settings) -> settings.withAckMode(AckMode.ON_RECEIPT));
		assertThat(this.client.deliver("a", "1", 1)).isDone().isNotCompletedExceptionally();
		Awaitility.await().untilAsserted(() -> assertThat(this.client.reported).hasSize(1));
		assertThat(this.client.reported.get(0)).isInstanceOf(MqttListenerException.class)
			.hasMessageContaining("listener 'test' failed after 3 attempts")
			.hasMessageContaining("with java.lang.IllegalStateException; ")
			.message()
			.doesNotContain("broken");
	}

	@Test
	void aListenerThatFailsIsCalledAgainAndItsMessageIsADeadLetter() {
		start((message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			throw new IllegalStateException("broken\n");
		}, (settings) -> settings.withDeadLetterTopic("dead/letters"));
		MqttListenerException failure = failure(this.client.deliver("a/7", "x", 2,
				RecordingClient.properties("text/csv", "answers", new UserProperty("k", "v"))));
		assertThat(this.handled).containsExactly("x", "x", "x");
		assertThat(failure.getListenerId()).isEqualTo("test");
		assertThat(failure.getTopic()).isEqualTo("a/7");
		assertThat(failure.getAttempts()).isEqualTo(3);
		assertThat(failure.getOutcome()).contains("published to the dead-letter topic dead/letters");
		assertThat(failure).hasCauseInstanceOf(IllegalStateException.class);
		PublishRequest letter = this.client.allPublished().get(0);
		assertThat(letter.topic()).isEqualTo("dead/letters");
		assertThat(letter.payload()).asString().isEqualTo("x");
		assertThat(letter.qos()).isEqualTo(1);
		assertThat(letter.contentType()).isEqualTo("text/csv");
		assertThat(letter.responseTopic()).isEqualTo("answers");
		assertThat(letter.correlationData()).containsExactly(7);
		assertThat(letter.userProperties()).contains(new UserProperty("k", "v"),
				new UserProperty("dead-letter-original-topic", "a/7"), new UserProperty("dead-letter-listener", "test"),
				new UserProperty("dead-letter-reason", "not processed after 3 attempts"),
				new UserProperty("dead-letter-exception", IllegalStateException.class.getName()),
				new UserProperty("dead-letter-exception-message", "broken\\u000A"));
		assertThat(this.client.reported).isEmpty();
	}

	@Test
	void anAttemptThatSucceedsIsNoFailure() {
		AtomicInteger calls = new AtomicInteger();
		start((message, acknowledgment) -> (calls.incrementAndGet() < 3)
				? CompletableFuture.failedFuture(new IllegalStateException("not yet")) : null);
		assertThat(this.client.deliver("a", "x", 1)).succeedsWithin(Duration.ofSeconds(10));
		assertThat(calls).hasValue(3);
	}

	@Test
	void whatTheRetryPolicyExcludesIsNotTriedAgain() {
		start((message, acknowledgment) -> {
			this.handled.add("called");
			throw new IllegalArgumentException("never");
		}, (settings) -> settings.withRetryPolicy(RetryPolicy.builder()
			.maxRetries(5)
			.delay(Duration.ZERO)
			.excludes(IllegalArgumentException.class)
			.build()));
		MqttListenerException failure = failure(this.client.deliver("a", "x", 1));
		assertThat(this.handled).hasSize(1);
		assertThat(failure).hasMessageContaining("failed after 1 attempt with")
			.hasMessageContaining("neither 'mqtt.listener.dead-letter-topic' nor a MqttMessageRecoverer");
	}

	@Test
	void aRetryPolicyMayEndByTime() {
		start((message, acknowledgment) -> {
			this.handled.add("called");
			throw new IllegalStateException("never");
		}, (settings) -> settings.withRetryPolicy(
				RetryPolicy.builder().maxRetries(5).delay(Duration.ofHours(1)).timeout(Duration.ofMinutes(1)).build()));
		failure(this.client.deliver("a", "x", 1));
		assertThat(this.handled).hasSize(1);
	}

	@Test
	void aDeadLetterThatIsRefusedIsPublishedAgainAndTheMessageWaits() {
		this.client.refusals.add(refused(MqttFailure.local(LocalError.NOT_CONNECTED).build()));
		this.client.refusals.add(refused(MqttFailure.local(LocalError.NOT_CONNECTED).build()));
		start((message, acknowledgment) -> {
			this.handled.add("called");
			throw new IllegalStateException("broken");
		}, (settings) -> settings.withDeadLetterTopic("dead"));
		assertThat(failure(this.client.deliver("a", "x", 1)).getOutcome()).contains("dead-letter topic dead");
		assertThat(this.client.allPublished()).hasSize(3);
		assertThat(this.handled).hasSize(3);
	}

	@Test
	void aDeadLetterThatIsTooLargeKeepsItsPayloadAndLosesTheRest() {
		this.client.refusals.add(refused(MqttFailure.local(LocalError.PACKET_TOO_LARGE).build()));
		start(failing(), (settings) -> settings.withDeadLetterTopic("dead"));
		failure(this.client.deliver("a", "x", 1,
				RecordingClient.properties("text/csv", null, new UserProperty("k", "v"))));
		assertThat(this.client.allPublished()).hasSize(2);
		PublishRequest letter = this.client.allPublished().get(1);
		assertThat(letter.payload()).asString().isEqualTo("x");
		assertThat(letter.contentType()).isNull();
		assertThat(letter.userProperties()).extracting(UserProperty::name)
			.containsExactly("dead-letter-original-topic", "dead-letter-listener", "dead-letter-reason",
					"dead-letter-exception");
	}

	@Test
	void aDeadLetterThatNeverFitsIsGivenUp() {
		this.client.refusals.add(refused(MqttFailure.local(LocalError.PACKET_TOO_LARGE).build()));
		this.client.refusals.add(refused(MqttFailure.local(LocalError.PACKET_TOO_LARGE).build()));
		start(failing(), (settings) -> settings.withDeadLetterTopic("dead"));
		assertThat(failure(this.client.deliver("a", "x", 1)).getOutcome()).contains("acknowledged and dropped",
				"too large for the server");
	}

	@Test
	void aDeadLetterIsNotPublishedToItsOwnTopicAgain() {
		start(failing(), (settings) -> settings.withDeadLetterTopic("a/dead"));
		assertThat(failure(this.client.deliver("a/dead", "x", 1)).getOutcome())
			.contains("came by the dead-letter topic a/dead");
		assertThat(this.client.allPublished()).isEmpty();
	}

	@Test
	void aDeadLetterDoesNotKeepAResponseTopicThatIsNone() {
		start(failing(), (settings) -> settings.withDeadLetterTopic("dead"));
		failure(this.client.deliver("a", "x", 1, RecordingClient.properties(null, "not/#")));
		assertThat(this.client.allPublished().get(0).responseTopic()).isNull();
	}

	@Test
	void aRecovererTakesTheMessageInstead() {
		this.factory.setRecoverer((message, failure) -> {
			this.handled
				.add(message.topic() + " after " + failure.getAttempts() + ": " + failure.getCause().getMessage());
			return null;
		});
		start(failing(), (settings) -> settings.withDeadLetterTopic("dead"));
		assertThat(failure(this.client.deliver("a", "x", 1)).getOutcome())
			.contains("MqttMessageRecoverer has taken it");
		assertThat(this.handled).containsExactly("a after 3: broken");
		assertThat(this.client.allPublished()).isEmpty();
	}

	@Test
	void afterARecovererThatFailsTheMessageIsAcknowledgedAllTheSame() {
		this.factory.setRecoverer((message, failure) -> {
			throw new IllegalStateException("so am I");
		});
		start(failing());
		MqttListenerException failure = failure(this.client.deliver("a", "x", 1));
		assertThat(failure.getOutcome())
			.isEqualTo("the message is acknowledged and dropped, as its recoverer failed with "
					+ IllegalStateException.class.getName());
		assertThat(failure.getCause().getSuppressed()).singleElement()
			.hasToString(IllegalStateException.class.getName() + ": so am I");
	}

	@Test
	void aFailureAfterAManualAcknowledgementIsReportedAndNotTriedAgain() {
		start((message, acknowledgment) -> {
			this.handled.add("called");
			acknowledgment.acknowledge();
			throw new IllegalStateException("too late");
		}, (settings) -> settings.withAckMode(AckMode.MANUAL));
		assertThat(this.client.deliver("a", "x", 1)).succeedsWithin(Duration.ofSeconds(10));
		Awaitility.await().untilAsserted(() -> assertThat(this.client.reported).hasSize(1));
		assertThat(this.client.reported.get(0)).hasMessageContaining("had acknowledged the message before");
		assertThat(this.handled).hasSize(1);
	}

	@Test
	void whileATopicWaitsForItsNextAttemptOthersGoOnAndItsOwnMessagesKeepTheirOrder() {
		CompletableFuture<String> blocked = new CompletableFuture<>();
		start((message, acknowledgment) -> {
			this.handled.add(message.topic() + new String(message.payload()));
			return message.topic().equals("t0") ? blocked : null;
		}, (settings) -> settings.withConcurrency(4));
		this.client.deliver("t0", "-1", 1);
		this.client.deliver("t0", "-2", 1);
		List<CompletableFuture<?>> others = new ArrayList<>();
		IntStream.range(1, 40).forEach((i) -> others.add(this.client.deliver("t" + i, "", 1)));
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(others).filteredOn(CompletableFuture::isDone).hasSizeGreaterThanOrEqualTo(15));
		assertThat(this.handled).contains("t0-1").doesNotContain("t0-2");
		blocked.complete("done");
		Awaitility.await().untilAsserted(() -> assertThat(others).allMatch(CompletableFuture::isDone));
		Awaitility.await().untilAsserted(() -> assertThat(this.handled).contains("t0-2"));
	}

	@Test
	void messagesOfOneTopicAreHandledInOrderOneAtATime() {
		Map<String, AtomicInteger> underway = new ConcurrentHashMap<>();
		AtomicInteger atOnce = new AtomicInteger();
		start((message, acknowledgment) -> {
			AtomicInteger own = underway.computeIfAbsent(message.topic(), (topic) -> new AtomicInteger());
			atOnce.accumulateAndGet(own.incrementAndGet(), Math::max);
			this.handled.add(message.topic() + "#" + new String(message.payload()));
			return CompletableFuture.runAsync(own::decrementAndGet);
		}, (settings) -> settings.withConcurrency(4));
		List<CompletableFuture<?>> all = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			all.add(this.client.deliver("t" + i % 7, String.valueOf(i), 1));
		}
		assertThat(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)))
			.succeedsWithin(Duration.ofSeconds(30));
		assertThat(atOnce).hasValue(1);
		for (int topic = 0; topic < 7; topic++) {
			String prefix = "t" + topic + "#";
			assertThat(this.handled.stream()
				.filter((text) -> text.startsWith(prefix))
				.map((text) -> Integer.valueOf(text.substring(prefix.length())))).isSorted().hasSizeGreaterThan(140);
		}
	}

	@Test
	void aStopUnsubscribesAndWaitsForWhatHasCome() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> stage);
		CompletableFuture<?> acknowledged = this.client.deliver("a", "x", 1);
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		container.stop(() -> stopped.complete(null));
		assertThat(container.isRunning()).isFalse();
		assertThat(this.client.unsubscribed).containsExactly("listener 'test' a/#");
		assertThat(stopped).isNotDone();
		stage.complete("done");
		assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
		assertThat(acknowledged).isDone();
		container.start();
		assertThat(this.client.subscribed).hasSize(2);
		assertThat(this.client.deliver("a", "x", 1)).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void aStopWaitsForWhatTheClientHasNotHandedOverYet() {
		DefaultMqttListenerContainer container = start(recording());
		SubscriptionHolder holder = holder();
		this.client.expect(holder);
		container.stop(() -> this.handled.add("stopped"));
		assertThat(this.handled).isEmpty();
		assertThat(this.client.deliver("a", "1", 1)).succeedsWithin(Duration.ofSeconds(10));
		this.client.handed(holder);
		Awaitility.await().untilAsserted(() -> assertThat(this.handled).containsExactly("1", "stopped"));
	}

	@Test
	void whatIsHandedOverAfterTheStopHasEndedWaitsForTheNextStart() {
		this.factory.setTaskExecutor(Runnable::run);
		DefaultMqttListenerContainer container = start(recording(),
				(settings) -> patience(settings, Duration.ofMillis(50)));
		this.client.expect(holder());
		container.stop();
		CompletableFuture<?> late = this.client.deliver("a", "late", 1);
		this.client.handed(holder());
		assertThat(this.handled).isEmpty();
		assertThat(late).isNotDone();
		container.start();
		assertThat(late).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.handled).containsExactly("late");
	}

	@Test
	void whatComesAfterAStopHasEndedAsTheServerHasNotUnsubscribedYetDoesNotHoldUpTheConnection() {
		DefaultMqttListenerContainer container = start(recording(),
				(settings) -> patience(settings, Duration.ofMillis(50)));
		this.client.unsubscribing = new CompletableFuture<>();
		assertThat(this.client.deliver("a", "1", 1)).succeedsWithin(Duration.ofSeconds(10));
		container.stop();
		assertThat(this.client.deliver("a", "late", 1)).isDone();
		container.start();
		assertThat(this.client.deliver("a", "2", 1)).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.handled).containsExactly("1", "2");
	}

	@Test
	void whatIsNotBegunWhenAStopEndsWaitsForTheNextStart() {
		CompletableFuture<String> first = new CompletableFuture<>();
		this.factory.setTaskExecutor(Runnable::run);
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			return first;
		}, (settings) -> patience(settings, Duration.ofMillis(50)));
		CompletableFuture<?> underway = this.client.deliver("a", "1", 1);
		CompletableFuture<?> queued = this.client.deliver("a", "2", 1);
		container.stop();
		first.complete("done");
		assertThat(underway).isDone();
		assertThat(queued).isNotDone();
		assertThat(this.handled).containsExactly("1");
		container.start();
		assertThat(queued).isDone();
		assertThat(this.handled).containsExactly("1", "2");
	}

	@Test
	void theAttemptsThatAreLeftWhenAStopEndsWaitForTheNextStart() {
		this.factory.setTaskExecutor(Runnable::run);
		CompletableFuture<String> first = new CompletableFuture<>();
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			return (this.handled.size() == 1) ? first : null;
		}, (settings) -> patience(settings, Duration.ofMillis(50)));
		CompletableFuture<?> failing = this.client.deliver("a", "1", 1);
		container.stop();
		first.completeExceptionally(new IllegalStateException("too late for a further attempt"));
		assertThat(failing).isNotDone();
		container.start();
		assertThat(failing).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.handled).containsExactly("1", "1");
	}

	@Test
	void aSecondStopWaitsForTheFirst() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> stage);
		this.client.deliver("a", "x", 1);
		container.stop(() -> this.handled.add("first"));
		container.stop(() -> this.handled.add("second"));
		container.suspend(() -> this.handled.add("application"));
		assertThat(this.handled).isEmpty();
		stage.complete("done");
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.handled).containsExactlyInAnyOrder("first", "second", "application"));
		container.stop();
		assertThat(this.client.unsubscribed).hasSize(1);
	}

	@Test
	void aStartDuringAStopEndsItAndTheListenerGoesOn() {
		DefaultMqttListenerContainer container = start(recording());
		SubscriptionHolder holder = holder();
		this.client.expect(holder);
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		container.stop(() -> stopped.complete(null));
		assertThat(stopped).isNotDone();
		container.start();
		assertThat(stopped).isDone();
		this.client.handed(holder);
		assertThat(this.client.deliver("a", "1", 1)).succeedsWithin(Duration.ofSeconds(10));
		assertThat(container.isRunning()).isTrue();
	}

	@Test
	void startsAndStopsAtTheSameTimeEndSubscribedIfAndOnlyIfItRuns() throws Exception {
		DefaultMqttListenerContainer container = start(recording());
		for (int i = 0; i < 200; i++) {
			CompletableFuture<Void> stopping = CompletableFuture.runAsync(container::stop);
			CompletableFuture<Void> starting = CompletableFuture.runAsync(container::start);
			CompletableFuture.allOf(stopping, starting).get(10, TimeUnit.SECONDS);
			assertThat(this.client.calls.get(this.client.calls.size() - 1))
				.isEqualTo((container.isRunning()) ? "subscribe" : "unsubscribe");
		}
	}

	@Test
	void aStopInAMessageHandlerOfTheClientDoesNotWait() {
		this.client.handlerThread = Thread.currentThread();
		DefaultMqttListenerContainer container = start(recording(),
				(settings) -> patience(settings, Duration.ofHours(1)));
		SubscriptionHolder holder = holder();
		this.client.expect(holder);
		container.stop();
		assertThat(container.isRunning()).isFalse();
		assertThat(this.client.deliver("a", "behind", 1)).succeedsWithin(Duration.ofSeconds(10));
		this.client.handed(holder);
	}

	private SubscriptionHolder holder() {
		return Objects.requireNonNull(this.client.subscribed.get(0).holder());
	}

	private MqttMessageListener recording() {
		return (message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			return null;
		};
	}

	@Test
	void aStopEndsAfterTheShutdownTimeout() {
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> new CompletableFuture<>(),
				(settings) -> patience(settings, Duration.ofMillis(50)));
		this.client.deliver("a", "x", 1);
		container.stop();
		assertThat(container.isRunning()).isFalse();
	}

	@Test
	void aListenerMayStopItself() {
		List<DefaultMqttListenerContainer> self = new CopyOnWriteArrayList<>();
		self.add(start((message, acknowledgment) -> {
			self.get(0).stop();
			return null;
		}, (settings) -> patience(settings, Duration.ofHours(1))));
		assertThat(this.client.deliver("a", "x", 1)).succeedsWithin(Duration.ofSeconds(10));
		assertThat(self.get(0).isRunning()).isFalse();
	}

	@Test
	void whatComesWhileTheApplicationStopsWaitsForTheNextStart() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			return stage;
		});
		CompletableFuture<?> underway = this.client.deliver("a", "1", 1);
		CompletableFuture<Void> suspended = new CompletableFuture<>();
		container.suspend(() -> suspended.complete(null));
		CompletableFuture<?> late = this.client.deliver("a", "2", 1);
		assertThat(suspended).isNotDone();
		stage.complete("done");
		assertThat(suspended).succeedsWithin(Duration.ofSeconds(10));
		assertThat(underway).isDone();
		assertThat(late).isNotDone();
		assertThat(this.handled).containsExactly("1");
		assertThat(this.client.unsubscribed).isEmpty();
		container.start();
		assertThat(late).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.handled).containsExactly("1", "2");
		assertThat(this.client.subscribed).hasSize(1);
	}

	@Test
	void afterTheShutdownTimeoutNothingBegins() {
		AtomicInteger calls = new AtomicInteger();
		CompletableFuture<String> first = new CompletableFuture<>();
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			return (calls.incrementAndGet() == 1) ? first : null;
		}, (settings) -> patience(settings, Duration.ofMillis(50)));
		CompletableFuture<?> underway = this.client.deliver("a", "1", 1);
		CompletableFuture<?> queued = this.client.deliver("a", "2", 1);
		CompletableFuture<Void> suspended = new CompletableFuture<>();
		container.suspend(() -> suspended.complete(null));
		assertThat(suspended).succeedsWithin(Duration.ofSeconds(10));
		// It fails too late for a further attempt
		first.completeExceptionally(new IllegalStateException("stopped"));
		container.start();
		assertThat(underway).succeedsWithin(Duration.ofSeconds(10));
		assertThat(queued).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.handled).containsExactly("1", "1", "2");
	}

	@Test
	void afterTheShutdownTimeoutWhatIsQueuedWaitsForTheNextStart() {
		this.factory.setTaskExecutor(Runnable::run);
		CompletableFuture<String> first = new CompletableFuture<>();
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			return first;
		}, (settings) -> patience(settings, Duration.ofMillis(50)));
		this.client.deliver("a", "1", 1);
		CompletableFuture<?> queued = this.client.deliver("a", "2", 1);
		CompletableFuture<Void> suspended = new CompletableFuture<>();
		container.suspend(() -> suspended.complete(null));
		assertThat(suspended).succeedsWithin(Duration.ofSeconds(10));
		first.complete("done");
		assertThat(this.handled).containsExactly("1");
		container.start();
		assertThat(this.handled).containsExactly("1", "2");
		assertThat(queued).isDone();
	}

	@Test
	void anExecutorThatRefusesNowAndThenDelaysAMessageAndNoMore() {
		AtomicInteger refusals = new AtomicInteger(1);
		this.factory.setTaskExecutor((task) -> {
			if (refusals.getAndDecrement() > 0) {
				throw new OutOfMemoryError("unable to create native thread (on purpose)");
			}
			task.run();
		});
		start((message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			return null;
		});
		CompletableFuture<?> refused = this.client.deliver("a", "1", 1);
		CompletableFuture<?> next = this.client.deliver("a", "2", 1);
		assertThat(refused).succeedsWithin(Duration.ofSeconds(10));
		assertThat(next).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.handled).containsExactly("1", "2");
	}

	@Test
	void aStartWhileAMessageIsStillUnderWayFromBeforeTheStopLastsThoughThatMessageTakesLonger() {
		CompletableFuture<String> first = new CompletableFuture<>();
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			return (this.handled.size() == 1) ? first : null;
		}, (settings) -> patience(settings, Duration.ofMillis(50)));
		this.client.deliver("a", "1", 1);
		CompletableFuture<Void> suspended = new CompletableFuture<>();
		container.suspend(() -> suspended.complete(null));
		container.start();
		assertThat(suspended).succeedsWithin(Duration.ofSeconds(10));
		first.complete("done");
		assertThat(this.client.deliver("a", "2", 1)).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.handled).containsExactly("1", "2");
	}

	@Test
	void aStopAfterTheApplicationsStopUnsubscribesAndProcessesWhatWasPutAside() {
		DefaultMqttListenerContainer container = start((message, acknowledgment) -> {
			this.handled.add(new String(message.payload()));
			return null;
		});
		CompletableFuture<Void> suspended = new CompletableFuture<>();
		container.suspend(() -> suspended.complete(null));
		assertThat(suspended).succeedsWithin(Duration.ofSeconds(10));
		CompletableFuture<?> aside = this.client.deliver("a", "1", 1);
		assertThat(container.isSuspended()).isTrue();
		container.stop();
		assertThat(this.client.unsubscribed).containsExactly("listener 'test' a/#");
		assertThat(aside).isDone();
		assertThat(this.handled).containsExactly("1");
		assertThat(container.isSuspended()).isFalse();
		container.start();
		assertThat(this.client.subscribed).hasSize(2);
	}

	@Test
	void theNextStartOfTheApplicationStartsWhatItsStopHasStopped() {
		MqttListenerEndpointRegistry registry = new MqttListenerEndpointRegistry();
		this.factory.setClient(this.client);
		for (String id : List.of("started", "stopped", "never")) {
			registry.registerListenerContainer(MqttListenerEndpoint.withId(id)
				.topics(id)
				.autoStartup(false)
				.listener((message, acknowledgment) -> null)
				.build(), this.factory);
		}
		registry.start();
		assertThat(running(registry)).isEmpty();
		container(registry, "started").start();
		container(registry, "stopped").start();
		registry.stop();
		container(registry, "stopped").stop();
		registry.start();
		assertThat(running(registry)).containsExactly("started");
		assertThat(this.client.subscribed).extracting("filter").containsExactly("started", "stopped");
		registry.destroy();
	}

	private static MqttListenerContainer container(MqttListenerEndpointRegistry registry, String id) {
		return Objects.requireNonNull(registry.getListenerContainer(id));
	}

	private static List<String> running(MqttListenerEndpointRegistry registry) {
		return registry.getListenerContainers()
			.stream()
			.filter(MqttListenerContainer::isRunning)
			.map(MqttListenerContainer::getId)
			.toList();
	}

	@Test
	void whatComesBeforeTheStartOfTheApplicationsListenersWaitsForIt() {
		StartingClient starting = new StartingClient(true);
		DefaultMqttListenerContainer container = prepared(starting, true);
		assertThat(starting.subscribed).extracting("filter").containsExactly("a", "b");
		CompletableFuture<?> early = starting.deliver("a", "1", 1);
		assertThat(container.isRunning()).isFalse();
		assertThat(this.handled).isEmpty();
		container.start();
		assertThat(early).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.handled).containsExactly("1");
		assertThat(starting.subscribed).hasSize(2);
	}

	@Test
	void nothingIsSubscribedBeforeTheStartUnlessListenerAndClientStartByThemselves() {
		for (boolean client : List.of(true, false)) {
			StartingClient starting = new StartingClient(client);
			prepared(starting, !client);
			assertThat(starting.subscribed).isEmpty();
		}
		StartingClient connected = new StartingClient(true);
		connected.connected("mqtt://broker:1883", Instant.now(), false);
		prepared(connected, true);
		assertThat(connected.subscribed).isEmpty();
	}

	@Test
	void whatTheClientHasGivenUpBeforeTheStartIsSubscribedAgain() {
		StartingClient starting = new StartingClient(true);
		MqttFailure failure = MqttFailure.of(PacketType.SUBACK, 0x87).build();
		starting.subscribing = CompletableFuture.failedFuture(refused(failure));
		DefaultMqttListenerContainer container = prepared(starting, true);
		starting.subscriptions(new SubscriptionStatus("b", 2, SubscriptionStatus.State.REJECTED, -1, failure));
		container.start();
		assertThat(starting.subscribed).extracting("filter").containsExactly("a", "b", "a");
	}

	private DefaultMqttListenerContainer prepared(RecordingClient starting, boolean autoStartup) {
		this.factory.setClient(starting);
		DefaultMqttListenerContainer container = (DefaultMqttListenerContainer) this.factory
			.createContainer(MqttListenerEndpoint.withId("early")
				.topics("a", "b")
				.autoStartup(autoStartup)
				.listener((message, ack) -> {
					this.handled.add(new String(message.payload()));
					return null;
				})
				.build());
		this.containers.add(container);
		container.prepare();
		return container;
	}

	private static MqttMessageListener failing() {
		return (message, acknowledgment) -> {
			throw new IllegalStateException("broken");
		};
	}

	private static MqttListenerSettings patience(MqttListenerSettings settings, Duration shutdownTimeout) {
		return new MqttListenerSettings(true, 1, AckMode.AUTO, settings.retryPolicy(), settings.recoveryBackOff(), null,
				shutdownTimeout, 10);
	}

	private DefaultMqttListenerContainer start(MqttMessageListener listener) {
		return start(listener, (settings) -> settings);
	}

	private DefaultMqttListenerContainer start(MqttMessageListener listener,
			UnaryOperator<MqttListenerSettings> change) {
		return start(listener, change, "a/#");
	}

	private DefaultMqttListenerContainer start(MqttMessageListener listener, UnaryOperator<MqttListenerSettings> change,
			String... topics) {
		MqttListenerSettings defaults = MqttListenerSettings.defaults();
		this.factory.setClient(this.client);
		this.factory.setSettings(new MqttListenerSettings(true, 1, AckMode.AUTO,
				RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build(),
				MqttListenerSettings.endless(Duration.ofMillis(1), 1, Duration.ofMillis(1)), null,
				defaults.shutdownTimeout(), 1000));
		this.factory.changeSettings(change);
		DefaultMqttListenerContainer container = (DefaultMqttListenerContainer) this.factory
			.createContainer(MqttListenerEndpoint.withId("test").topics(topics).qos(2).listener(listener).build());
		this.containers.add(container);
		container.start();
		return container;
	}

	private static MqttListenerException failure(CompletableFuture<?> acknowledged) {
		Awaitility.await().until(acknowledged::isDone);
		try {
			acknowledged.join();
		}
		catch (CompletionException ex) {
			assertThat(ex).hasCauseInstanceOf(MqttListenerException.class);
			return (MqttListenerException) ex.getCause();
		}
		throw new AssertionError("the message was processed");
	}

	private static MqttOperationException refused(MqttFailure failure) {
		Classification classification = new Classification(ErrorClass.RECOVERABLE, "default");
		return (failure.localError() == LocalError.NOT_CONNECTED)
				? new MqttNotConnectedException("no connection", failure, classification)
				: new MqttPublishRejectedException("refused", failure, classification);
	}

	private static void await(CountDownLatch latch) {
		Awaitility.await().until(() -> latch.getCount() == 0);
	}

	/** A client that the application context starts. */
	private static final class StartingClient extends RecordingClient implements SmartLifecycle {

		private final boolean autoStartup;

		private CompletableFuture<SubscribeResult> subscribing = CompletableFuture
			.completedFuture(new SubscribeResult(List.of()));

		StartingClient(boolean autoStartup) {
			this.autoStartup = autoStartup;
		}

		@Override
		public CompletableFuture<SubscribeResult> subscribe(SubscribeRequest... requests) {
			super.subscribe(requests);
			return this.subscribing;
		}

		@Override
		public boolean isAutoStartup() {
			return this.autoStartup;
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

}
