package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * One thread for code of the application, which exists only while there is something to
 * do.
 */
final class LaneExecutor implements Executor {

	private static final long CLOSE_MILLIS = 2000;

	private final ThreadPoolExecutor executor;

	/** What the thread gave itself to do after it was closed; used by it alone. */
	private final Queue<Runnable> rest = new ArrayDeque<>();

	private volatile @Nullable Thread thread;

	LaneExecutor(String threadName) {
		ClassLoader classLoader = LaneExecutor.class.getClassLoader();
		ThreadFactory threadFactory = (task) -> {
			Thread created = new Thread(task, threadName);
			created.setDaemon(true);
			created.setContextClassLoader(classLoader);
			this.thread = created;
			return created;
		};
		this.executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threadFactory) {

			@Override
			protected void afterExecute(Runnable task, @Nullable Throwable problem) {
				runRest();
			}

		};
		this.executor.allowCoreThreadTimeOut(true);
	}

	@Override
	public void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// Closed: for others there is no application any more that could be told, but
			// a lane that goes on with its next turn must come to its end
			if (isCurrentThread()) {
				this.rest.add(task);
			}
		}
	}

	private void runRest() {
		Runnable task = this.rest.poll();
		while (task != null) {
			task.run();
			task = this.rest.poll();
		}
	}

	boolean isClosed() {
		return this.executor.isShutdown();
	}

	boolean isCurrentThread() {
		return Thread.currentThread() == this.thread;
	}

	/**
	 * Take no more tasks but from those there are, and wait for them, 2 seconds at most.
	 */
	void close() {
		this.executor.shutdown();
		if (isCurrentThread()) {
			return; // told by a listener: it would wait for itself
		}
		try {
			this.executor.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
