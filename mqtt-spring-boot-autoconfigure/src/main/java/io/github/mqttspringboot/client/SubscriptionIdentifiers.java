package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.github.mqttspringboot.packet.Topics;

/**
 * Subscription identifiers (MQTT 5 §3.8.2.1.2): filters that overlap have different ones,
 * so that each message says which it is for. A SUBSCRIBE carries one, and so those
 * filters that may share it. Used on the engine's thread only.
 */
final class SubscriptionIdentifiers {

	private static final int MAXIMUM = 268_435_455;

	/**
	 * Somewhere, as a session that is resumed may have those of an earlier client, which
	 * had other filters.
	 */
	private int next = new SplittableRandom().nextInt(1, 2_000_000);

	private boolean available = true;

	/**
	 * Return an identifier that no filter has.
	 * @return 1 to 268,435,455
	 */
	int next() {
		int identifier = this.next;
		this.next = (identifier < MAXIMUM) ? identifier + 1 : 1;
		return identifier;
	}

	/**
	 * Return the first of some filters, and those of the others that may be in the same
	 * SUBSCRIBE.
	 * @param entries the filters
	 * @param maximum how many to return at most
	 * @param link the connection
	 * @return those that the server has under one identifier, or under none yet and which
	 * do not overlap; all where there are no identifiers
	 */
	List<HeldSubscription> together(List<HeldSubscription> entries, int maximum, Link link) {
		boolean all = !isAvailable(link);
		List<HeldSubscription> together = new ArrayList<>();
		for (HeldSubscription entry : entries) {
			if (together.size() < maximum && (all || together.stream().allMatch((other) -> fit(entry, other)))) {
				together.add(entry);
			}
		}
		return together;
	}

	private static boolean fit(HeldSubscription one, HeldSubscription other) {
		return one.identifier() == other.identifier()
				&& (one.identifier() != 0 || !Topics.overlap(one.filter(), other.filter()));
	}

	/**
	 * Return whether messages can be marked.
	 * @param link the connection
	 * @return {@code false} if the server has no identifiers
	 */
	boolean isAvailable(Link link) {
		return this.available && link.connAck().subscriptionIdentifierAvailable();
	}

	/** The server has refused them, whatever its CONNACK said. */
	void unavailable() {
		this.available = false;
	}

	boolean isAvailable() {
		return this.available;
	}

}
