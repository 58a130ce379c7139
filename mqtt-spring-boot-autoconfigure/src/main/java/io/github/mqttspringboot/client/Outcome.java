package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Ends futures off the engine's thread.
 */
final class Outcome {

	private final Executor executor;

	private final Announcements announcements;

	private final Executor later;

	Outcome(Executor executor, Announcements announcements, Executor later) {
		this.executor = executor;
		this.announcements = announcements;
		this.later = later;
	}

	<T> void complete(CompletableFuture<T> future, T value) {
		end(() -> future.complete(value));
	}

	void fail(CompletableFuture<?> future, Throwable cause) {
		end(() -> future.completeExceptionally(cause));
	}

	/**
	 * Run code of the application where futures end.
	 * @param task the code; must not throw
	 */
	void run(Runnable task) {
		end(task);
	}

	private void end(Runnable ending) {
		this.announcements.add(() -> hand(ending));
	}

	private void hand(Runnable ending) {
		try {
			this.executor.execute(ending);
		}
		catch (Throwable ex) {
			// No thread could be started; a future ends once, however often it is told to
			this.later.execute(() -> hand(ending));
		}
	}

}
