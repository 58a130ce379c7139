package io.github.mqttspringboot.client;

import java.util.Objects;

import io.github.mqttspringboot.error.Printable;

/**
 * Who wants a subscription: a listener, an adapter. Several holders may want the same
 * topic filter; the client subscribes it once, and unsubscribes it when the last one has
 * let it go. Immutable; each instance is a holder of its own.
 *
 * @since 0.1.0
 */
public final class SubscriptionHolder {

	private final String name;

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

	@Override
	public String toString() {
		return Printable.escape(this.name);
	}

}
