package io.github.mqttspringboot.client;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Subscription identifiers (MQTT 5 §3.8.2.1.2): one for each holder, so that one
 * SUBSCRIBE can carry all its filters, and the same as long as the holder lives. Used on
 * the engine's thread only.
 */
final class SubscriptionIdentifiers {

	private static final int MAXIMUM = 268_435_455;

	/** By holder, {@code null} for the application itself. */
	private final Map<@Nullable SubscriptionHolder, Integer> identifiers = new WeakHashMap<>();

	/**
	 * Somewhere, as a session that is resumed may have those of an earlier client, which
	 * had other holders.
	 */
	private int next = RandomGenerator.getDefault().nextInt(1, 2_000_000);

	private boolean available = true;

	/**
	 * Return what messages for a holder are to be marked with.
	 * @param holder the holder, {@code null} for the application itself
	 * @param link the connection, {@code null} if there is none yet
	 * @return 1 to 268,435,455, or 0 if the server has no identifiers
	 */
	int of(@Nullable SubscriptionHolder holder, @Nullable Link link) {
		if (!this.available || link == null || !link.connAck().subscriptionIdentifierAvailable()) {
			return 0;
		}
		return this.identifiers.computeIfAbsent(holder, (key) -> next());
	}

	private int next() {
		int identifier = this.next;
		this.next = (identifier < MAXIMUM) ? identifier + 1 : 1;
		return identifier;
	}

	/** The server has refused them, whatever its CONNACK said. */
	void unavailable() {
		this.available = false;
	}

	boolean isAvailable() {
		return this.available;
	}

}
