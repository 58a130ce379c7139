package io.github.mqttspringboot.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many messages a holder of subscriptions, or a subscription of the application
 * itself, has in hand: handed over, and not ended. Thread-safe.
 */
final class Backlog {

	private final String name;

	private final AtomicInteger count = new AtomicInteger();

	Backlog(String name) {
		this.name = name;
	}

	/**
	 * Return what log lines call whoever has the messages.
	 * @return the name
	 */
	String name() {
		return this.name;
	}

	int count() {
		return this.count.get();
	}

	void add() {
		this.count.incrementAndGet();
	}

	void remove() {
		this.count.decrementAndGet();
	}

}
