package io.github.mqttspringboot.integration;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.MessageHandler;
import io.github.mqttspringboot.client.ReceivedMessage;

/**
 * Keeps the messages of a resumed session for an adapter that has not subscribed yet: the
 * server sends them as soon as there is a connection. Thread-safe.
 */
final class Backlog implements MessageHandler {

	private final Deque<Waiting> waiting = new ArrayDeque<>();

	private @Nullable MessageHandler handler;

	@Override
	public synchronized @Nullable CompletionStage<?> handle(ReceivedMessage message) throws Exception {
		if (this.handler != null) {
			return this.handler.handle(message);
		}
		Waiting waiting = new Waiting(message, new CompletableFuture<>());
		this.waiting.add(waiting);
		return waiting.processed;
	}

	/**
	 * The adapter has come: hand over what has waited, in order, and what is still to
	 * come.
	 * @param handler of the adapter
	 */
	synchronized void handOver(MessageHandler handler) {
		this.handler = handler;
		for (Waiting next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			CompletableFuture<Object> processed = next.processed;
			try {
				CompletionStage<?> stage = handler.handle(next.message);
				if (stage == null) {
					processed.complete(null);
					continue;
				}
				stage.whenComplete((result, failure) -> {
					if (failure != null) {
						processed.completeExceptionally(failure);
					}
					else {
						processed.complete(result);
					}
				});
			}
			catch (Throwable ex) {
				processed.completeExceptionally(ex);
			}
		}
	}

	/**
	 * A message that waits.
	 *
	 * @param message the message
	 * @param processed ends when it has been processed
	 */
	private record Waiting(ReceivedMessage message, CompletableFuture<Object> processed) {
	}

}
