package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what bounds messages on their way to handlers, and for handlers that block.
 */
class InboundBoundsTests {

	private final SubscriptionHolder slow = SubscriptionHolder.named("listener 'slow'");

	private final List<CompletableFuture<Void>> open = new ArrayList<>();

	private final List<String> received = new ArrayList<>();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final TestClient test = new TestClient((config) -> config.with((c) -> c.queueCapacity = 2)).connect();

	@BeforeEach
	void listen() {
		this.log.start();
		((Logger) LoggerFactory.getLogger(ManagedMqttClient.class)).addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		((Logger) LoggerFactory.getLogger(ManagedMqttClient.class)).detachAppender(this.log);
	}

	@Test
	void qos0AboveTheCapacityIsDroppedCountedAndToldOnce() {
		subscribeSlowly("a");
		for (int i = 0; i < 5; i++) {
			message("a", 0, 0);
		}
		assertThat(this.open).hasSize(2);
		assertThat(this.test.client.statistics().droppedMessages()).isEqualTo(3);
		assertThat(this.test.client.statistics().queuedMessages()).isEqualTo(2);
		assertThat(warnings("was dropped")).singleElement()
			.asString()
			.contains("listener 'slow' has 2 messages in hand", "mqtt.listener.queue-capacity");
		end(0);
		message("a", 0, 0);
		assertThat(this.open).hasSize(3);
		end(1);
		end(2);
		assertThat(this.test.client.statistics().queuedMessages()).isZero();
	}

	@Test
	void qos1And2AreNeverDroppedThoughTheyCount() {
		subscribeSlowly("a");
		for (int id = 1; id <= 5; id++) {
			message("a", 1 + id % 2, id);
		}
		assertThat(this.open).hasSize(5);
		message("a", 0, 0);
		assertThat(this.open).hasSize(5);
		assertThat(this.test.client.statistics().droppedMessages()).isOne();
	}

	@Test
	void aHolderIsBoundedOverAllItsFiltersAndOthersAreNotHeldUp() {
		subscribeSlowly("a");
		subscribeSlowly("b");
		this.test.client
			.subscribe(SubscribeRequest.to("#").handler((message) -> this.received.add(message.topic())).build());
		message("a", 0, 0);
		message("b", 0, 0);
		message("a", 0, 0);
		message("b", 0, 0);
		assertThat(this.open).hasSize(2);
		assertThat(this.received).containsExactly("a", "b", "a", "b");
		assertThat(this.test.client.statistics().droppedMessages()).isEqualTo(2);
	}

	@Test
	void subscriptionsOfTheApplicationItselfAreBoundedEachOnItsOwn() {
		for (String filter : List.of("a", "b")) {
			this.test.client.subscribe(SubscribeRequest.to(filter).messageHandler((message) -> {
				this.received.add(message.topic());
				return new CompletableFuture<>();
			}).build());
		}
		for (int i = 0; i < 3; i++) {
			message("a", 0, 0);
			message("b", 0, 0);
		}
		assertThat(this.received).containsExactly("a", "b", "a", "b");
	}

	@Test
	void aFailedStageEndsItsMessageToo() {
		subscribeSlowly("a");
		message("a", 0, 0);
		this.open.get(0).completeExceptionally(new IllegalStateException("on purpose"));
		assertThat(this.test.client.statistics().queuedMessages()).isZero();
	}

	@Test
	void theAgeIsThatOfTheOldestUnacknowledgedMessage() {
		subscribeSlowly("a");
		assertThat(age()).isZero();
		message("a", 1, 1);
		this.test.time.advance(Duration.ofSeconds(3));
		message("a", 1, 2);
		this.test.time.advance(Duration.ofSeconds(2));
		assertThat(age()).isEqualTo(Duration.ofSeconds(5));
		end(0);
		assertThat(age()).isEqualTo(Duration.ofSeconds(2));
		end(1);
		assertThat(age()).isZero();
		message("a", 1, 3);
		this.test.link().close();
		this.test.time.run();
		assertThat(age()).isZero();
	}

	@Test
	void aHandlerThatBlocksIsNamedOnceAfterHalfAMinute() {
		TestClient test = this.test;
		subscribeSlowly("a");
		message("a", 1, 1);
		message("a", 1, 2);
		message("a", 2, 3);
		test.time.advance(Duration.ofSeconds(30).minusNanos(1));
		assertThat(warnings("holds back")).isEmpty();
		test.time.advance(Duration.ofNanos(1));
		assertThat(warnings("holds back")).singleElement()
			.asString()
			.contains("listener 'slow' holds back a message on topic a for 30 s", "of 2 messages",
					"'mqtt.receive-maximum'", "on a client of its own");
		keepAlive(Duration.ofMinutes(5));
		assertThat(warnings("holds back")).hasSize(1);
		end(0);
		keepAlive(Duration.ofSeconds(20));
		end(1);
		keepAlive(Duration.ofSeconds(20));
		end(2);
		keepAlive(Duration.ofSeconds(60));
		assertThat(warnings("holds back")).hasSize(1);
		message("a", 1, 4);
		keepAlive(Duration.ofSeconds(60));
		assertThat(warnings("holds back")).hasSize(2);
	}

	@Test
	void aHandlerThatDoesNotReturnIsNamedThoughAnotherMessageWaits() {
		List<Runnable> lane = new ArrayList<>();
		TestClient test = new TestClient((config) -> config.with((c) -> c.messages = lane::add)).connect();
		List<String> named = new ArrayList<>();
		SubscriptionHolder stuck = SubscriptionHolder.named("listener 'stuck'");
		test.client.subscribe(SubscribeRequest.to("stuck").holder(stuck).handler((message) -> {
			// In its call
			test.time.advance(Duration.ofSeconds(31));
			named.addAll(warnings("holds back"));
		}).build());
		test.client.subscribe(SubscribeRequest.to("a").holder(this.slow).handler((message) -> {
		}).build());
		test.receive(new Publish(0, "stuck", 0, false, false, PublishProperties.NONE, new byte[0]));
		test.receive(new Publish(1, "a", 1, false, false, PublishProperties.NONE, new byte[0]));
		lane.get(0).run();
		assertThat(named).singleElement()
			.asString()
			.contains("listener 'stuck' holds back a message on topic a for 30 s");
	}

	@Test
	void whoeverWaitsForALostConnectionIsNotNamed() {
		subscribeSlowly("a");
		message("a", 1, 1);
		this.test.stop();
		assertThat(this.test.time.waiting()).isZero();
		assertThat(warnings("holds back")).isEmpty();
	}

	private void keepAlive(Duration duration) {
		for (long second = 0; second < duration.toSeconds(); second += 10) {
			this.test.time.advance(Duration.ofSeconds(10));
			this.test.receive(Ping.RESPONSE);
		}
	}

	private void subscribeSlowly(String filter) {
		this.test.client.subscribe(SubscribeRequest.to(filter).holder(this.slow).messageHandler((message) -> {
			CompletableFuture<Void> stage = new CompletableFuture<>();
			this.open.add(stage);
			return stage;
		}).build());
		this.test.time.run();
	}

	private void end(int index) {
		this.open.get(index).complete(null);
		this.test.time.run();
	}

	private void message(String topic, int qos, int packetId) {
		this.test.receive(new Publish(packetId, topic, qos, false, false, PublishProperties.NONE, new byte[0]));
	}

	private Duration age() {
		return this.test.client.statistics().unacknowledgedAge();
	}

	private List<String> warnings(String text) {
		return this.log.list.stream()
			.map(ILoggingEvent::getFormattedMessage)
			.filter((message) -> message.contains(text))
			.toList();
	}

}
