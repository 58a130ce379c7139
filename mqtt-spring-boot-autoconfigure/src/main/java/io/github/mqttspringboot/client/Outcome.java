package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Ends futures off the engine's thread.
 */
final class Outcome {

	private final Executor executor;

	private final Announcements announcements;

	Outcome(Executor executor, Announcements announcements) {
		this.executor = executor;
		this.announcements = announcements;
	}

	<T> void complete(CompletableFuture<T> future, T value) {
		end(() -> future.complete(value));
	}

	void fail(CompletableFuture<?> future, Throwable cause) {
		end(() -> future.completeExceptionally(cause));
	}

	private void end(Runnable ending) {
		this.announcements.add(() -> this.executor.execute(ending));
	}

}
