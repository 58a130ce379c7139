package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SerialLane}.
 */
class SerialLaneTests {

	private static final ClientLog LOG = new ClientLog("default", "test");

	@Test
	void tasksRunInOrderAndOneAtATimeOnManyThreads() throws Exception {
		ExecutorService pool = Executors.newFixedThreadPool(4);
		try {
			SerialLane lane = new SerialLane(pool, LOG);
			ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
			AtomicBoolean busy = new AtomicBoolean();
			AtomicBoolean overlapped = new AtomicBoolean();
			CountDownLatch done = new CountDownLatch(5000);
			for (int i = 0; i < 5000; i++) {
				int number = i;
				lane.execute(() -> {
					overlapped.compareAndSet(false, !busy.compareAndSet(false, true));
					order.add(number);
					busy.set(false);
					done.countDown();
				});
			}
			done.await();
			assertThat(order).containsExactlyElementsOf(IntStream.range(0, 5000).boxed().toList());
			assertThat(overlapped).isFalse();
		}
		finally {
			pool.shutdown();
		}
	}

	@Test
	void aTaskThatThrowsDoesNotStopTheLane() {
		List<String> ran = new ArrayList<>();
		SerialLane lane = new SerialLane(Runnable::run, LOG);
		lane.execute(() -> {
			throw new StackOverflowError("on purpose");
		});
		lane.execute(() -> ran.add("next"));
		assertThat(ran).containsExactly("next");
	}

	@Test
	void aTaskMayAddTasksThatRunAfterIt() {
		List<String> ran = new ArrayList<>();
		SerialLane lane = new SerialLane(Runnable::run, LOG);
		lane.execute(() -> {
			lane.execute(() -> ran.add("inner"));
			ran.add("outer");
		});
		assertThat(ran).containsExactly("outer", "inner");
	}

	@Test
	void noMoreTasksWaitThanTheCapacity() {
		Deque<Runnable> executor = new ArrayDeque<>();
		List<Integer> ran = new ArrayList<>();
		SerialLane lane = new SerialLane(executor::add, LOG);
		assertThat(lane.offer(() -> ran.add(1), 2)).isTrue();
		assertThat(lane.offer(() -> ran.add(2), 2)).isTrue();
		assertThat(lane.offer(() -> ran.add(3), 2)).isFalse();
		executor.remove().run();
		assertThat(ran).containsExactly(1, 2);
		assertThat(lane.offer(() -> ran.add(4), 2)).isTrue();
		executor.remove().run();
		assertThat(ran).containsExactly(1, 2, 4);
	}

	@Test
	void aBusyLaneGivesTheThreadBackNowAndThen() {
		Deque<Runnable> executor = new ArrayDeque<>();
		List<Integer> ran = new ArrayList<>();
		SerialLane lane = new SerialLane(executor::add, LOG);
		for (int i = 0; i < 200; i++) {
			int number = i;
			lane.execute(() -> ran.add(number));
		}
		executor.remove().run();
		assertThat(ran).hasSizeLessThan(200);
		while (!executor.isEmpty()) {
			executor.remove().run();
		}
		assertThat(ran).hasSize(200);
	}

}
