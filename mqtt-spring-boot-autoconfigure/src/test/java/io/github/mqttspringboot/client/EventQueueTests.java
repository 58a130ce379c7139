package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.testing.LogCapture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventQueue}.
 */
class EventQueueTests {

	private final ClientLog log = new ClientLog("default", "test");

	private final ClientStatistics statistics = new ClientStatistics(this.log);

	private final List<MqttEvent> delivered = new ArrayList<>();

	private final Deque<Runnable> executor = new ArrayDeque<>();

	private final VirtualScheduler time = new VirtualScheduler();

	private final EventQueue queue = queue(this.delivered::add);

	@Test
	void eventsAreDeliveredInOrderAndNotByTheCaller() {
		List<MqttEvent> published = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			published.add((i % 3 == 0) ? connected() : rejected());
		}
		published.forEach(this.queue::publish);
		assertThat(this.delivered).isEmpty();
		runAll();
		assertThat(this.delivered).isEqualTo(published);
	}

	@Test
	void whenFullOnlyRejectionsAreDroppedAndCounted() {
		for (int i = 0; i < 10_000; i++) {
			this.queue.publish(rejected());
		}
		assertThat(this.statistics.droppedEvents()).isZero();
		for (int i = 0; i < 7; i++) {
			this.queue.publish(rejected());
		}
		MqttEvent connected = connected();
		this.queue.publish(connected);
		assertThat(this.statistics.droppedEvents()).isEqualTo(7);
		runAll();
		assertThat(this.delivered).hasSize(10_001).endsWith(connected);
		this.queue.publish(rejected());
		runAll();
		assertThat(this.delivered).hasSize(10_002);
		assertThat(this.statistics.droppedEvents()).isEqualTo(7);
	}

	@Test
	void aListenerThatThrowsStillGetsTheNext() {
		List<MqttEvent> seen = new ArrayList<>();
		EventQueue queue = queue((event) -> {
			seen.add(event);
			throw new AssertionError("on purpose");
		});
		queue.publish(rejected());
		queue.publish(connected());
		runAll();
		assertThat(seen).hasSize(2);
	}

	@Test
	void aListenerThatMakesRoomForOneNowAndThenIsOneLineAnInterval() {
		for (int i = 0; i < 10_000; i++) {
			this.queue.publish(rejected());
		}
		// The lane delivers 64 in a turn
		try (LogCapture log = LogCapture.start()) {
			for (int turn = 0; turn < 100; turn++) {
				this.executor.remove().run();
				for (int i = 0; i < 65; i++) {
					this.queue.publish(rejected());
				}
			}
			assertThat(this.statistics.droppedEvents()).isEqualTo(100);
			assertThat(log.messages()).singleElement().asString().contains("10000 events wait");
			this.time.advance(Duration.ofSeconds(10));
			assertThat(log.messages()).hasSize(2).last().asString().endsWith("[99 like it within 10 s]");
		}
	}

	@Test
	void aListenerThatThrowsOnEachOfAStormIsOneLineAnIntervalForEachKind() {
		EventQueue queue = queue((event) -> {
			if (event instanceof MqttConnectedEvent) {
				throw new AssertionError("on purpose");
			}
			throw new IllegalStateException("on purpose");
		});
		for (int i = 0; i < 1000; i++) {
			queue.publish(rejected());
		}
		queue.publish(connected());
		try (LogCapture log = LogCapture.start()) {
			runAll();
			assertThat(log.events()).hasSize(2)
				.allMatch((line) -> line.getLevel() == Level.ERROR && line.getThrowableProxy() != null);
			queue.flush();
			assertThat(log.messages()).hasSize(3).last().asString().endsWith("[999 like it within 10 s]");
			assertThat(this.time.waiting()).isZero();
		}
	}

	private EventQueue queue(Consumer<MqttEvent> listener) {
		return new EventQueue(this.executor::add, listener, this.statistics, this.log, this.time::execute, this.time,
				Duration.ofSeconds(10));
	}

	private void runAll() {
		for (Runnable task = this.executor.poll(); task != null; task = this.executor.poll()) {
			task.run();
		}
		this.time.run();
	}

	private MqttEvent connected() {
		return new MqttConnectedEvent(this, "default", "mqtt://one", false, false);
	}

	private MqttEvent rejected() {
		return new MqttPublishRejectedEvent(this, "default", MqttFailure.of(PacketType.PUBACK, 0x87).build(),
				new Classification(ErrorClass.RECOVERABLE, Classification.DEFAULT_RULE), "denied/x");
	}

}
