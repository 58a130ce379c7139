package io.github.mqttspringboot.client;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Scheduler} on a thread that exists only while there is something to do or to
 * wait for, so that a stopped client holds none.
 */
final class ThreadScheduler implements Scheduler {

	private final ScheduledThreadPoolExecutor executor;

	private volatile boolean closed;

	ThreadScheduler(String threadName) {
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, threadName);
			thread.setDaemon(true);
			return thread;
		});
		this.executor.setRemoveOnCancelPolicy(true);
		this.executor.setKeepAliveTime(1, TimeUnit.SECONDS);
		this.executor.allowCoreThreadTimeOut(true);
	}

	@Override
	public void execute(Runnable task) {
		this.executor.execute(task);
	}

	@Override
	public Timer schedule(Duration delay, Runnable task) {
		if (this.closed) {
			return () -> {
			};
		}
		Future<?> future = this.executor.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
		return () -> future.cancel(false);
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public Instant now() {
		return Instant.now();
	}

	/**
	 * Drop what waits for its time. The executor itself is not shut down: a call that
	 * comes too late must still get its answer, and the thread goes when it is idle.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.executor.getQueue().removeIf((task) -> ((Delayed) task).getDelay(TimeUnit.NANOSECONDS) > 0);
		this.executor.setKeepAliveTime(10, TimeUnit.MILLISECONDS);
	}

}
