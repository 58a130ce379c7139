package io.github.mqttspringboot.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A {@code mqtt.*} property with a value that makes no sense.
 *
 * @since 0.1.0
 */
public class InvalidMqttPropertyException extends RuntimeException {

	private final String property;

	private final @Nullable String value;

	private final String reason;

	private final String action;

	private final List<String> related;

	/**
	 * Create the exception.
	 * @param property the name of the property in its canonical form
	 * @param value the value, without secrets, {@code null} if it is missing
	 * @param reason what is wrong with it, in one sentence
	 * @param action what is allowed, in one or more sentences
	 * @param related the names of other properties that it does not go with
	 */
	public InvalidMqttPropertyException(String property, @Nullable Object value, @Nullable String reason, String action,
			String... related) {
		super(describe(property, value) + " " + reason + " " + action);
		this.property = property;
		this.value = (value != null) ? value.toString() : null;
		this.reason = String.valueOf(reason);
		this.action = action;
		this.related = List.of(related);
	}

	private static String describe(String property, @Nullable Object value) {
		return (value != null) ? "Property '" + property + "' has the invalid value '" + value + "'."
				: "Property '" + property + "' is missing.";
	}

	/**
	 * Return the name of the property.
	 * @return the name in its canonical form
	 */
	public String getProperty() {
		return this.property;
	}

	/**
	 * Return the value.
	 * @return the value, without secrets, {@code null} if it is missing
	 */
	public @Nullable String getValue() {
		return this.value;
	}

	/**
	 * Return what is wrong.
	 * @return a sentence
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Return what is allowed.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

	/**
	 * Return with which other properties it does not go.
	 * @return their names in the canonical form
	 */
	public List<String> getRelated() {
		return this.related;
	}

}
