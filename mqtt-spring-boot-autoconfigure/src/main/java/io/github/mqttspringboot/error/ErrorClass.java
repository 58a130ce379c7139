package io.github.mqttspringboot.error;

import java.util.Locale;

/**
 * What a failure means for the network connection.
 *
 * @since 0.1.0
 */
public enum ErrorClass {

	/** Not an error. The connection stays. */
	SUCCESS,

	/** One operation failed. The connection stays. */
	RECOVERABLE,

	/** The connection ended; the client reconnects with backoff. */
	RECONNECT,

	/** The connection ended; the client reconnects with the raised floor. */
	THROTTLED,

	/** The connection ended; the client turns to another server. */
	REDIRECT,

	/** The connection ended; the client stops. */
	FATAL;

	private final String label = name().toLowerCase(Locale.ROOT);

	/**
	 * Return the name as used in metric tags and property values.
	 * @return the lower case name, for example {@code recoverable}
	 */
	public String label() {
		return this.label;
	}

	/**
	 * Return whether a failure of this class ends the network connection.
	 * @return {@code true} for all classes but {@link #SUCCESS} and {@link #RECOVERABLE}
	 */
	public boolean endsConnection() {
		return this != SUCCESS && this != RECOVERABLE;
	}

}
