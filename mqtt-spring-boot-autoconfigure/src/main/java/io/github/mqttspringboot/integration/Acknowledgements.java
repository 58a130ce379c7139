package io.github.mqttspringboot.integration;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mqttspringboot.client.AbandonableStage;

/**
 * The messages that wait for their receiver to acknowledge them by hand. Thread-safe.
 */
final class Acknowledgements {

	private final Map<Integer, CompletableFuture<Void>> pending = new ConcurrentHashMap<>();

	private final AtomicInteger last = new AtomicInteger();

	/**
	 * Return a number for a message, which none that waits has.
	 * @return the number, 1 or above
	 */
	int next() {
		int id;
		do {
			id = this.last.updateAndGet((value) -> (value == Integer.MAX_VALUE) ? 1 : value + 1);
		}
		while (this.pending.containsKey(id));
		return id;
	}

	/**
	 * Wait for a message to be acknowledged.
	 * @param id the message's number
	 * @return ends with the acknowledgement
	 */
	CompletableFuture<Void> await(int id) {
		return this.pending.computeIfAbsent(id, (key) -> new Pending(id));
	}

	/**
	 * Acknowledge a message. One that does not wait is left alone.
	 * @param id the message's number
	 */
	void complete(int id) {
		CompletableFuture<Void> future = this.pending.remove(id);
		if (future != null) {
			future.complete(null);
		}
	}

	/**
	 * Ends with the acknowledgement, or when that has become impossible.
	 */
	private final class Pending extends CompletableFuture<Void> implements AbandonableStage<Void> {

		private final int id;

		Pending(int id) {
			this.id = id;
		}

		@Override
		public void abandoned() {
			Acknowledgements.this.complete(this.id);
		}

	}

}
