package io.github.mqttspringboot.listener;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Lane}: what its executor refused is not forgotten.
 */
class LaneTests {

	private final List<String> done = new ArrayList<>();

	private final Deque<Runnable> timer = new ArrayDeque<>();

	private int refusals;

	private final Lane lane = new Lane((task) -> {
		if (this.refusals > 0) {
			this.refusals--;
			throw new RejectedExecutionException("on purpose");
		}
		task.run();
	}, 10, this.timer::add);

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
