package io.github.mqttspringboot.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The messages of an actor: handled one after the other, many in one turn of its thread.
 * Thread-safe.
 */
final class Mailbox implements Executor {

	private static final int TURN = 1024;

	private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final Starter starter;

	private final Consumer<Runnable> handler;

	Mailbox(Executor thread, Consumer<Runnable> handler) {
		this(thread, handler, Starter.LATER);
	}

	Mailbox(Executor thread, Consumer<Runnable> handler, Executor later) {
		this.starter = new Starter(thread, later, this::turn, () -> this.scheduled.set(false), this::again);
		this.handler = handler;
	}

	@Override
	public void execute(Runnable message) {
		this.messages.add(message);
		schedule();
	}

	private void schedule() {
		if (this.scheduled.compareAndSet(false, true)) {
			this.starter.start();
		}
	}

	private void turn() {
		try {
			for (int i = 0; i < TURN; i++) {
				Runnable message = this.messages.poll();
				if (message == null) {
					break;
				}
				this.handler.accept(message);
			}
		}
		finally {
			this.scheduled.set(false);
			again();
		}
	}

	private void again() {
		if (!this.messages.isEmpty()) {
			schedule();
		}
	}

}
