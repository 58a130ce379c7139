package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time and in order on an executor that does neither. Thread-safe.
 */
final class SerialLane {

	private static final int TURN = 64;

	private final Starter starter;

	private final ClientLog log;

	private final Deque<Runnable> tasks = new ArrayDeque<>();

	private boolean running;

	SerialLane(Executor executor, ClientLog log) {
		this(executor, Starter.LATER, log);
	}

	SerialLane(Executor executor, Executor later, ClientLog log) {
		this.starter = new Starter(executor, later, this::run, this::refused, this::again);
		this.log = log;
	}

	void execute(Runnable task) {
		offer(task, Integer.MAX_VALUE);
	}

	/**
	 * Queue a task unless too many wait.
	 * @param task the task
	 * @param capacity how many may wait
	 * @return whether the task was queued
	 */
	boolean offer(Runnable task, int capacity) {
		synchronized (this.tasks) {
			if (this.tasks.size() >= capacity) {
				return false;
			}
			this.tasks.add(task);
			if (this.running) {
				return true;
			}
			this.running = true;
		}
		this.starter.start();
		return true;
	}

	private void run() {
		for (int i = 0; i < TURN; i++) {
			Runnable task = next();
			if (task == null) {
				return;
			}
			try {
				task.run();
			}
			catch (Throwable ex) {
				this.log.error("an error in the client itself, in a task that calls the application", ex);
			}
		}
		this.starter.start();
	}

	private void refused() {
		synchronized (this.tasks) {
			this.running = false;
		}
	}

	private void again() {
		synchronized (this.tasks) {
			if (this.running || this.tasks.isEmpty()) {
				return;
			}
			this.running = true;
		}
		this.starter.start();
	}

	private @Nullable Runnable next() {
		synchronized (this.tasks) {
			Runnable task = this.tasks.poll();
			if (task == null) {
				this.running = false;
			}
			return task;
		}
	}

}
