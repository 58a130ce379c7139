package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.MqttFailure;

/**
 * What lives on a connection and outlives it, as the {@link Supervisor} sees it. Used on
 * the engine's thread only.
 */
interface Session {

	/** A connection is going to come. */
	void started();

	void linkUp(Link link, boolean sessionKept);

	void linkDown();

	/**
	 * No connection is going to come.
	 * @param detail why
	 * @param cause the failure behind it, {@code null} if it was told to
	 */
	void stopped(String detail, @Nullable MqttFailure cause);

	/** The session has ended for good. */
	void forget();

	/**
	 * Return whether every publish has its outcome.
	 * @return {@code true} if nobody waits for one
	 */
	boolean isQuiet();

	/**
	 * Return whether the server owes no acknowledgement.
	 * @return {@code true} if nothing is in flight
	 */
	boolean isIdle();

}
