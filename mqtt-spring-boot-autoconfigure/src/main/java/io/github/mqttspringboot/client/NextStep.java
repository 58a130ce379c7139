package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.FatalKind;

/**
 * What the client does after an attempt, or a connection, has ended.
 */
sealed interface NextStep {

	/**
	 * Describe the step.
	 * @return what is done, in words for people
	 */
	String action();

	/**
	 * Try a server at once: it is still the same attempt.
	 *
	 * @param server the server
	 * @param action what is done, in words for people
	 */
	record Connect(URI server, String action) implements NextStep {

	}

	/**
	 * Wait for the next attempt.
	 *
	 * @param delay how long
	 * @param action what is done, in words for people
	 */
	record Wait(Duration delay, String action) implements NextStep {

	}

	/**
	 * Give up.
	 *
	 * @param kind why
	 * @param probe the time until the client probes whether that has changed,
	 * {@code null} for never
	 * @param action what is done, in words for people
	 */
	record Fail(FatalKind kind, @Nullable Duration probe, String action) implements NextStep {

	}

}
