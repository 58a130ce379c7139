package io.github.mqttspringboot.client;

import java.time.Duration;
import java.time.Instant;

/**
 * The one thread and the clock of an engine. Tests drive a virtual one.
 */
interface Scheduler {

	/**
	 * Run a task on the engine's thread, after those given before.
	 * @param task the task
	 */
	void execute(Runnable task);

	/**
	 * Run a task on the engine's thread after a delay.
	 * @param delay the delay
	 * @param task the task
	 * @return a handle to cancel it with
	 */
	Timer schedule(Duration delay, Runnable task);

	/**
	 * Return a monotonic time in nanoseconds.
	 * @return the time
	 */
	long nanoTime();

	/**
	 * Return the wall-clock time.
	 * @return the time
	 */
	Instant now();

	/**
	 * Drop the tasks that wait for their time, and take no more of them. Others are still
	 * run, and the thread ends when there are none.
	 */
	void close();

	/**
	 * A task that waits for its time.
	 */
	@FunctionalInterface
	interface Timer {

		/** Forget the task if it has not started. */
		void cancel();

	}

}
