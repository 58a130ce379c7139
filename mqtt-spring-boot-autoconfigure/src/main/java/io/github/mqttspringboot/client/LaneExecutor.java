package io.github.mqttspringboot.client;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread for code of the application, which exists only while there is something to
 * do.
 */
final class LaneExecutor implements Executor {

	private static final long CLOSE_MILLIS = 2000;

	private final ThreadPoolExecutor executor;

	private volatile Thread thread = Thread.currentThread();

	LaneExecutor(String threadName) {
		ClassLoader classLoader = LaneExecutor.class.getClassLoader();
		this.executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> {
			Thread created = new Thread(task, threadName);
			created.setDaemon(true);
			created.setContextClassLoader(classLoader);
			this.thread = created;
			return created;
		});
		this.executor.allowCoreThreadTimeOut(true);
	}

	@Override
	public void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// Closed: there is no application any more that could be told
		}
	}

	/**
	 * Take no more tasks, and wait for those there are, 2 seconds at most.
	 */
	void close() {
		this.executor.shutdown();
		if (Thread.currentThread() == this.thread) {
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
