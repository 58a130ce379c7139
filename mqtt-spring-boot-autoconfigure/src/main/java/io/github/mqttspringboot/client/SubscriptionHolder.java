package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;

/**
 * Who wants a subscription: a listener, an adapter. Several holders may want the same
 * topic filter; the client subscribes it once, and unsubscribes it when the last one has
 * let it go. Each instance is a holder of its own. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SubscriptionHolder {

	private final String name;

	private final List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();

	private long come;

	private long handed;

	private SubscriptionHolder(String name) {
		this.name = Objects.requireNonNull(name, "'name' must not be null");
	}

	/**
	 * Create a holder.
	 * @param name what log lines and messages call it, such as
	 * {@code listener 'readings'}
	 * @return a holder, equal to no other
	 */
	public static SubscriptionHolder named(String name) {
		return new SubscriptionHolder(name);
	}

	/**
	 * Return what log lines and messages call it.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return how many messages have come for it, whether its handlers have been called
	 * with them yet or not: those of a client wait for each other's handlers to return.
	 * @return the number, 0 or more
	 */
	public long come() {
		synchronized (this.waiting) {
			return this.come;
		}
	}

	/**
	 * Return when its handlers have been called with all messages that have come. After
	 * an unsubscribe has ended, none comes any more.
	 * @return a new future, which ends normally
	 */
	public CompletableFuture<@Nullable Void> handedOver() {
		CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
		synchronized (this.waiting) {
			if (this.handed < this.come) {
				this.waiting.add(future);
				return future;
			}
		}
		future.complete(null);
		return future;
	}

	/** A message has come. */
	void expect() {
		synchronized (this.waiting) {
			this.come++;
		}
	}

	/** A handler has been called with a message. */
	void handed() {
		List<CompletableFuture<@Nullable Void>> done;
		synchronized (this.waiting) {
			if (++this.handed < this.come) {
				return;
			}
			done = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		done.forEach((future) -> future.complete(null));
	}

	@Override
	public String toString() {
		return Printable.escape(this.name);
	}

}
