package io.github.mqttspringboot.listener;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Lane}: what its executor refused is not forgotten.
 */
class LaneTests {

	private final List<String> done = new ArrayList<>();

	private final Deque<Runnable> timer = new ArrayDeque<>();

	private int refusals;

	private boolean noTimer;

	private final Lane lane = new Lane((task) -> {
		if (this.refusals > 0) {
			this.refusals--;
			throw new RejectedExecutionException("on purpose");
		}
		task.run();
	}, 10, (task) -> {
		if (this.noTimer) {
			throw new OutOfMemoryError("on purpose");
		}
		this.timer.add(task);
	});

	@Test
	void whatWasRefusedIsTriedAgainUntilItIsTaken() {
		this.refusals = 2;
		this.lane.proceed(() -> this.done.add("one"));
		this.timer.remove().run();
		assertThat(this.done).isEmpty();
		this.timer.remove().run();
		assertThat(this.done).containsExactly("one");
		assertThat(this.timer).isEmpty();
	}

	@Test
	void whatWasRefusedWaitsForTheEndOfAPause() {
		this.refusals = 1;
		this.lane.proceed(() -> this.done.add("one"));
		this.lane.pause();
		this.timer.remove().run();
		assertThat(this.done).isEmpty();
		this.lane.resume();
		assertThat(this.done).containsExactly("one");
	}

	@Test
	void withoutATimerWhatWasRefusedIsTriedAgainWithTheNextMessage() {
		this.noTimer = true;
		this.refusals = 1;
		deliver("one");
		assertThat(this.done).isEmpty();
		deliver("two");
		assertThat(this.done).containsExactly("one", "two");
	}

	@Test
	void messagesThatComeMeanwhileKeepTheirOrder() {
		this.refusals = 2;
		deliver("one");
		deliver("two");
		assertThat(this.timer).hasSize(1);
		this.timer.remove().run();
		deliver("three");
		assertThat(this.done).isEmpty();
		this.timer.remove().run();
		assertThat(this.done).containsExactly("one", "two", "three");
		assertThat(this.timer).isEmpty();
	}

	private void deliver(String payload) {
		ListenerWork work = new ListenerWork("test", new RecordingClient(), (message, acknowledgment) -> {
			this.done.add(new String(message.payload(), StandardCharsets.UTF_8));
			return null;
		}, AckMode.AUTO, MqttListenerSettings.defaults(), null, false);
		ReceivedMessage message = new ReceivedMessage("a", payload.getBytes(StandardCharsets.UTF_8), 1, false, false,
				PublishProperties.NONE);
		this.lane.add(new Delivery(work, message, () -> {
		}));
	}

	@Test
	void anExecutorThatRefusesAndRunsATaskRunsItOnce() {
		Lane lane = new Lane((task) -> {
			task.run();
			throw new OutOfMemoryError("on purpose");
		}, 10, this.timer::add);
		lane.proceed(() -> this.done.add("one"));
		this.timer.remove().run();
		assertThat(this.done).containsExactly("one");
	}

}
