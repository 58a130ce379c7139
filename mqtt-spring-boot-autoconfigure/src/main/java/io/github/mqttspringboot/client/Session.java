package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
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

	/**
	 * The connection, which is down by now, has ended against the client's will.
	 * @param failure how
	 * @param classification the verdict on that
	 * @return what follows for what was in flight
	 */
	PoisonRuling lost(MqttFailure failure, Classification classification);

	/** Give up what was found to end connections. */
	void quarantine();

	/**
	 * Return whether it is being found out what ends connections.
	 * @return {@code true} if only one operation is sent at a time
	 */
	boolean isOnProbation();

	/** The connection has lasted and was of use. */
	void stable();

}
