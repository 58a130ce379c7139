package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.Deque;

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
	 */
	void release() {
		Runnable announcement = this.held.poll();
		while (announcement != null) {
			announcement.run();
			announcement = this.held.poll();
		}
	}

}
