package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventQueue}.
 */
class EventQueueTests {

	private final ClientLog log = new ClientLog("default", "test");

	private final ClientStatistics statistics = new ClientStatistics(this.log);

	private final List<MqttEvent> delivered = new ArrayList<>();

	private final Deque<Runnable> executor = new ArrayDeque<>();

	private final EventQueue queue = new EventQueue(this.executor::add, this.delivered::add, this.statistics, this.log);

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
		EventQueue queue = new EventQueue(this.executor::add, (event) -> {
			seen.add(event);
			throw new AssertionError("on purpose");
		}, this.statistics, this.log);
		queue.publish(rejected());
		queue.publish(connected());
		runAll();
		assertThat(seen).hasSize(2);
	}

	private void runAll() {
		for (Runnable task = this.executor.poll(); task != null; task = this.executor.poll()) {
			task.run();
		}
	}

	private MqttEvent connected() {
		return new MqttConnectedEvent(this, "default", "mqtt://one", false, false);
	}

	private MqttEvent rejected() {
		return new MqttPublishRejectedEvent(this, "default", MqttFailure.of(PacketType.PUBACK, 0x87).build(),
				new Classification(ErrorClass.RECOVERABLE, Classification.DEFAULT_RULE), "denied/x");
	}

}
