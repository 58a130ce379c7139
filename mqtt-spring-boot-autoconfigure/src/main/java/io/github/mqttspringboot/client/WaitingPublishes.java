package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Publishes that have not been sent, or are to be sent anew, in the order of the calls.
 * Used on the engine's thread only.
 */
final class WaitingPublishes {

	private final Deque<OutboundPublish> publishes = new ArrayDeque<>();

	void add(OutboundPublish publish) {
		publish.waiting = true;
		this.publishes.add(publish);
	}

	/**
	 * Put publishes before all others.
	 * @param earlier the publishes in their order
	 */
	void putBack(List<OutboundPublish> earlier) {
		for (int i = earlier.size() - 1; i >= 0; i--) {
			earlier.get(i).waiting = true;
			this.publishes.addFirst(earlier.get(i));
		}
	}

	@Nullable OutboundPublish first() {
		return this.publishes.peek();
	}

	void removeFirst() {
		this.publishes.remove().waiting = false;
	}

	/**
	 * Take a publish out, wherever it stands.
	 * @param publish the publish
	 * @return whether it was waiting
	 */
	boolean withdraw(OutboundPublish publish) {
		if (!publish.waiting) {
			return false; // without a search: many come due at once
		}
		publish.waiting = false;
		return this.publishes.remove(publish);
	}

	/**
	 * Take all out.
	 * @return the publishes in their order
	 */
	List<OutboundPublish> drain() {
		List<OutboundPublish> all = List.copyOf(this.publishes);
		this.publishes.clear();
		all.forEach((publish) -> publish.waiting = false);
		return all;
	}

	int size() {
		return this.publishes.size();
	}

}
