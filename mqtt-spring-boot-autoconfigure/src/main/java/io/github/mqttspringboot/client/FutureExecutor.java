package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where code of the application runs: futures, message handlers, events. A fork-join
 * pool, because it makes up for a thread that waits in {@link CompletableFuture#join()}
 * for another operation of the same client, which would starve a fixed pool.
 */
final class UserExecutor implements Executor {

	private static final int PARALLELISM = 4;

	private static final int MAX_THREADS = 256;

	private final ForkJoinPool pool;

	UserExecutor(String threadNamePrefix) {
		ClassLoader classLoader = UserExecutor.class.getClassLoader();
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

	void close() {
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
