package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * What the application is told, held back until the engine has finished what it does:
 * whoever hears of an outcome finds the client's state to match. Used on the engine's
 * thread only.
 */
final class Announcements {

	private final Deque<Runnable> held = new ArrayDeque<>();

	void add(Runnable announcement) {
		this.held.add(announcement);
	}

	/**
	 * Tell what was held back, in order.
	 * @param teller tells each, whether or not the one before could be told
	 */
	void release(Executor teller) {
		Runnable announcement = this.held.poll();
		while (announcement != null) {
			teller.execute(announcement);
			announcement = this.held.poll();
		}
	}

}
