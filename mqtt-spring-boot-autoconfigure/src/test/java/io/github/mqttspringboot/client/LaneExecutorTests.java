package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LaneExecutor}.
 */
class LaneExecutorTests {

	private static final ClientLog LOG = new ClientLog("default", "test");

	private final LaneExecutor executor = new LaneExecutor("lane");

	private final SerialLane lane = new SerialLane(this.executor, LOG);

	private final AtomicInteger ran = new AtomicInteger();

	@Test
	void whatALaneHoldsIsRunThoughItTakesMoreThanOneTurn() {
		CountDownLatch closing = new CountDownLatch(1);
		this.lane.execute(() -> awaitQuietly(closing));
		for (int i = 0; i < 1000; i++) {
			this.lane.execute(this.ran::incrementAndGet);
		}
		CompletableFuture<Void> closed = CompletableFuture.runAsync(this.executor::close);
		Awaitility.await().until(this.executor::isClosed);
		closing.countDown();
		assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.ran).hasValue(1000);
	}

	@Test
	void aTaskThatClosesTheLaneDoesNotTakeItFromTheOthers() {
		CountDownLatch queued = new CountDownLatch(1);
		this.lane.execute(() -> {
			awaitQuietly(queued);
			this.executor.close();
		});
		for (int i = 0; i < 1000; i++) {
			this.lane.execute(this.ran::incrementAndGet);
		}
		queued.countDown();
		Awaitility.await().untilAsserted(() -> assertThat(this.ran).hasValue(1000));
	}

	@Test
	void othersAreTurnedAwayOnceItIsClosed() {
		this.executor.close();
		this.executor.execute(this.ran::incrementAndGet);
		assertThat(this.ran).hasValue(0);
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
