package io.github.mqttspringboot.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A {@link Scheduler} on the test's thread, with a clock that the test moves.
 */
class VirtualScheduler implements Scheduler {

	/** Other threads may add to it, as they do to a real engine. */
	private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();

	private final TreeSet<Task> delayed = new TreeSet<>(
			Comparator.comparingLong((Task task) -> task.due).thenComparingLong((task) -> task.order));

	private long now = 1_000_000_000_000L;

	private long order;

	@Override
	public void execute(Runnable task) {
		this.ready.add(task);
	}

	@Override
	public Timer schedule(Duration delay, Runnable task) {
		Task entry = new Task(this.now + Math.max(0, delay.toNanos()), this.order++, task);
		this.delayed.add(entry);
		return () -> this.delayed.remove(entry);
	}

	/** Run everything that is due now. */
	void run() {
		Runnable task = this.ready.poll();
		while (task != null) {
			task.run();
			task = this.ready.poll();
		}
	}

	/**
	 * Move the clock, running what comes due on the way.
	 * @param duration how far
	 */
	void advance(Duration duration) {
		run();
		long end = this.now + duration.toNanos();
		while (!this.delayed.isEmpty() && this.delayed.first().due <= end) {
			Task task = this.delayed.pollFirst();
			this.now = Math.max(this.now, task.due);
			task.task.run();
			run();
		}
		this.now = end;
	}

	int waiting() {
		return this.delayed.size();
	}

	@Override
	public long nanoTime() {
		return this.now;
	}

	@Override
	public Instant now() {
		return Instant.EPOCH.plusNanos(this.now);
	}

	@Override
	public void close() {
		this.ready.clear();
		this.delayed.clear();
	}

	private record Task(long due, long order, Runnable task) {

	}

}
