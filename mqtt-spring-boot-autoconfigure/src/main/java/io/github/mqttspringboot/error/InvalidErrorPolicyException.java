package io.github.mqttspringboot.error;

import java.util.Set;

/**
 * Thrown when a property asks for an error class that its failure cannot have.
 *
 * @since 0.1.0
 */
public class InvalidErrorPolicyException extends RuntimeException {

	private final String property;

	private final ErrorClass value;

	private final transient Set<ErrorClass> allowed;

	private final String reason;

	/**
	 * Create the exception.
	 * @param property the name of the property
	 * @param value the class that it asks for
	 * @param allowed the classes that it may ask for, empty if the property must go
	 * @param reason why the class is not allowed, without a full stop
	 */
	public InvalidErrorPolicyException(String property, ErrorClass value, Set<ErrorClass> allowed, String reason) {
		super("'" + property + "' cannot be '" + value.label() + "': " + reason);
		this.property = property;
		this.value = value;
		this.allowed = allowed;
		this.reason = reason;
	}

	/**
	 * Return the name of the property.
	 * @return the name, for example {@code mqtt.error-policy.connack.not-authorized}
	 */
	public String getProperty() {
		return this.property;
	}

	/**
	 * Return the class that the property asks for.
	 * @return the class
	 */
	public ErrorClass getValue() {
		return this.value;
	}

	/**
	 * Return the classes that the property may ask for.
	 * @return the classes in their order, empty if the property must go
	 */
	public Set<ErrorClass> getAllowed() {
		return this.allowed;
	}

	/**
	 * Return why the class is not allowed.
	 * @return a sentence without a full stop
	 */
	public String getReason() {
		return this.reason;
	}

}
