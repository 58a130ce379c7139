package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts who works off a queue, on an executor that may have no thread for it. What was
 * refused is tried again after a second, and with each call meanwhile. Thread-safe.
 */
final class Starter {

	private static final Logger logger = LoggerFactory.getLogger(ManagedMqttClient.class);

	/** A second later, on a thread of the JDK's. */
	static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run);

	private final Executor executor;

	private final Executor later;

	private final Runnable worker;

	private final Runnable refused;

	private final Runnable again;

	private final AtomicBoolean waiting = new AtomicBoolean();

	/**
	 * Create the starter of a queue.
	 * @param executor runs the worker
	 * @param later runs what is to be tried again, after a pause
	 * @param worker works off the queue; it may be run once too often
	 * @param refused told that the worker was not started
	 * @param again to start the worker if the queue needs it
	 */
	Starter(Executor executor, Executor later, Runnable worker, Runnable refused, Runnable again) {
		this.executor = executor;
		this.later = later;
		this.worker = worker;
		this.refused = refused;
		this.again = again;
	}

	void start() {
		try {
			this.executor.execute(this.worker);
		}
		catch (Throwable ex) {
			// Such as an OutOfMemoryError, "unable to create native thread"
			this.refused.run();
			if (this.waiting.compareAndSet(false, true)) {
				logger.error("A thread of an MQTT client could not be started; it is tried again every second", ex);
				retry();
			}
		}
	}

	private void retry() {
		try {
			this.later.execute(() -> {
				this.waiting.set(false);
				this.again.run();
			});
		}
		catch (Throwable ex) {
			// There is no thread to wait on either: the next call tries again
			this.waiting.set(false);
		}
	}

}
