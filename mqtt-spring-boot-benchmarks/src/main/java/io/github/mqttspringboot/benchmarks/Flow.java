package io.github.mqttspringboot.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets messages in, as long as not too many are under way, and waits for the last. It
 * deals in batches, so that it costs next to nothing beside what is measured.
 */
final class Flow {

	static final int BATCH = 100;

	private static final int PATIENCE_SECONDS = 30;

	private final int total;

	private final Semaphore batches;

	private final AtomicInteger begun = new AtomicInteger();

	private final AtomicInteger ended = new AtomicInteger();

	private final CountDownLatch last = new CountDownLatch(1);

	/**
	 * Create a flow.
	 * @param total how many messages there will be, a multiple of the batch
	 * @param window how many may be under way, a multiple of the batch
	 */
	Flow(int total, int window) {
		this.total = total;
		this.batches = new Semaphore(window / BATCH);
	}

	/**
	 * Wait until a message may begin.
	 * @throws InterruptedException if interrupted
	 */
	void begin() throws InterruptedException {
		if (this.begun.getAndIncrement() % BATCH == 0) {
			require(this.batches.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS));
		}
	}

	void end() {
		int count = this.ended.incrementAndGet();
		if (count % BATCH == 0) {
			this.batches.release();
		}
		if (count == this.total) {
			this.last.countDown();
		}
	}

	void awaitLast() throws InterruptedException {
		require(this.last.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
	}

	private void require(boolean inTime) {
		if (!inTime) {
			throw new IllegalStateException(this.ended + " messages of " + this.total + " have ended, " + this.begun
					+ " have begun, and nothing goes on");
		}
	}

}
