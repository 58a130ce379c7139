package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Completes futures, and so runs what the application has chained to them. A fork-join
 * pool, because it makes up for a thread that waits in {@link CompletableFuture#join()}
 * for another operation of the same client, which would starve a fixed pool.
 */
final class FutureExecutor implements Executor {

	private static final int PARALLELISM = 8;

	private static final int MAX_THREADS = 256;

	private static final long CLOSE_MILLIS = 2000;

	private final ForkJoinPool pool;

	FutureExecutor(String threadNamePrefix) {
		ClassLoader classLoader = FutureExecutor.class.getClassLoader();
		AtomicInteger count = new AtomicInteger();
		this.pool = new ForkJoinPool(PARALLELISM,
				(pool) -> new Worker(pool, threadNamePrefix + count.incrementAndGet(), classLoader), null, true, 0,
				MAX_THREADS, 1, null, 1, TimeUnit.SECONDS);
	}

	@Override
	public void execute(Runnable task) {
		try {
			this.pool.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// Closed: a future must end all the same
			task.run();
		}
	}

	/**
	 * Wait for what is under way, 2 seconds at most, and take no more tasks.
	 */
	void close() {
		this.pool.awaitQuiescence(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
		this.pool.shutdown();
	}

	private static final class Worker extends ForkJoinWorkerThread {

		Worker(ForkJoinPool pool, String name, ClassLoader classLoader) {
			super(pool);
			setName(name);
			setDaemon(true);
			// The pool's own factory sets the system class loader, which sees nothing
			// of an executable jar
			setContextClassLoader(classLoader);
		}

	}

}
