package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThreadScheduler}.
 */
class ThreadSchedulerTests {

	private static final String THREAD = "mqtt-scheduler-test";

	private final ThreadScheduler scheduler = new ThreadScheduler(THREAD);

	@AfterEach
	void close() {
		this.scheduler.close();
	}

	@Test
	void tasksRunInOrderOnOneDaemonThread() {
		ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
		ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
		for (int i = 0; i < 500; i++) {
			int number = i;
			this.scheduler.execute(() -> {
				order.add(number);
				threads.add(Thread.currentThread());
			});
		}
		await();
		assertThat(order).containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
		assertThat(threads.stream().distinct()).singleElement().satisfies((thread) -> {
			assertThat(thread.getName()).isEqualTo(THREAD);
			assertThat(thread.isDaemon()).isTrue();
		});
	}

	@Test
	void aDelayedTaskRunsAndACancelledOneDoesNot() throws Exception {
		AtomicBoolean cancelled = new AtomicBoolean();
		CountDownLatch ran = new CountDownLatch(1);
		Scheduler.Timer timer = this.scheduler.schedule(Duration.ofMillis(1), () -> cancelled.set(true));
		timer.cancel();
		this.scheduler.schedule(Duration.ofMillis(50), ran::countDown);
		ran.await();
		assertThat(cancelled).isFalse();
	}

	@Test
	void anIdleSchedulerHoldsNoThread() {
		await();
		Awaitility.await().until(() -> !isThreadAlive());
	}

	@Test
	void aTaskThatThrowsDoesNotStopTheScheduler() {
		this.scheduler.execute(() -> {
			throw new IllegalStateException("on purpose");
		});
		await();
	}

	@Test
	void closingDropsWhatWaitsForItsTimeAndEndsTheThread() {
		AtomicBoolean late = new AtomicBoolean();
		this.scheduler.schedule(Duration.ofMillis(200), () -> late.set(true));
		this.scheduler.close();
		Awaitility.await().until(() -> !isThreadAlive());
		this.scheduler.schedule(Duration.ZERO, () -> late.set(true));
		await();
		assertThat(late).isFalse();
	}

	@Test
	void tasksThatComeAfterTheEndAreStillRun() {
		this.scheduler.close();
		await();
		Awaitility.await().until(() -> !isThreadAlive());
	}

	private void await() {
		CountDownLatch done = new CountDownLatch(1);
		this.scheduler.execute(done::countDown);
		Awaitility.await().until(() -> done.getCount() == 0);
	}

	private static boolean isThreadAlive() {
		return Thread.getAllStackTraces().keySet().stream().anyMatch((thread) -> thread.getName().equals(THREAD));
	}

}
