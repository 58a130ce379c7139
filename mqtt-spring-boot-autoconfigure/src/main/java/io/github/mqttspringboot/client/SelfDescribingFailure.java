package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link MessageHandler} throws, or its stage ends with, that says itself what
 * happened, in words fit for logs: without content of the message. Of other exceptions
 * only the type is repeated, as their messages may have such content.
 *
 * @since 0.1.0
 */
public interface SelfDescribingFailure {

	/**
	 * Describe the failure.
	 * @return what happened, without control characters and content of the message
	 */
	String describe();

	/**
	 * Return the exception whose stack trace goes to the log.
	 * @return the exception, by default this one with its causes and all that they say;
	 * {@code null} for none
	 */
	default @Nullable Throwable trace() {
		return (this instanceof Throwable thrown) ? thrown : null;
	}

}
