package io.github.mqttspringboot.listener;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;

/**
 * A listener that cannot be set up as it is declared.
 *
 * @since 0.1.0
 */
public class InvalidMqttListenerException extends RuntimeException {

	private final String listener;

	private final String reason;

	private final String action;

	private final List<String> properties;

	/**
	 * Create the exception.
	 * @param listener which listener, such as its method or its id
	 * @param reason what is wrong, in one sentence
	 * @param action what to change, in one or more sentences
	 */
	public InvalidMqttListenerException(String listener, String reason, String action) {
		this(listener, reason, action, null);
	}

	/**
	 * Create the exception.
	 * @param listener which listener, such as its method or its id
	 * @param reason what is wrong, in one sentence
	 * @param action what to change, in one or more sentences
	 * @param cause the cause, {@code null} for none
	 */
	public InvalidMqttListenerException(String listener, String reason, String action, @Nullable Throwable cause) {
		this(listener, reason, action, List.of(), cause);
	}

	private InvalidMqttListenerException(String listener, String reason, String action, List<String> properties,
			@Nullable Throwable cause) {
		super("MQTT listener " + Printable.escape(listener) + ": " + reason + " " + action, cause);
		this.listener = Printable.escape(listener);
		this.reason = reason;
		this.action = action;
		this.properties = properties;
	}

	/**
	 * Say by which properties the listener is declared.
	 * @param names the names in its placeholders
	 * @return a copy of this exception that has them
	 */
	public InvalidMqttListenerException withProperties(Collection<String> names) {
		return (names.isEmpty()) ? this : new InvalidMqttListenerException(this.listener, this.reason, this.action,
				List.copyOf(names), getCause());
	}

	/**
	 * Return which listener is invalid.
	 * @return its method or its id
	 */
	public String getListener() {
		return this.listener;
	}

	/**
	 * Return what is wrong.
	 * @return a sentence
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Return what to change.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

	/**
	 * Return by which properties the listener is declared.
	 * @return the names in its placeholders
	 */
	public List<String> getProperties() {
		return this.properties;
	}

}
