package io.github.mqttspringboot.client;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * A {@link Scheduler} whose tasks are handed to somebody who contains their errors.
 */
final class ContainedScheduler implements Scheduler {

	private final Scheduler delegate;

	private final Consumer<Runnable> handler;

	ContainedScheduler(Scheduler delegate, Consumer<Runnable> handler) {
		this.delegate = delegate;
		this.handler = handler;
	}

	@Override
	public void execute(Runnable task) {
		this.delegate.execute(() -> this.handler.accept(task));
	}

	@Override
	public Timer schedule(Duration delay, Runnable task) {
		return this.delegate.schedule(delay, () -> this.handler.accept(task));
	}

	@Override
	public long nanoTime() {
		return this.delegate.nanoTime();
	}

	@Override
	public Instant now() {
		return this.delegate.now();
	}

	@Override
	public void close() {
		this.delegate.close();
	}

}
