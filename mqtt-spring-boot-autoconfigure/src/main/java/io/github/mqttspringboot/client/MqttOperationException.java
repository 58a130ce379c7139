package io.github.mqttspringboot.client;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * An operation that failed, with the failure behind it.
 *
 * @since 0.1.0
 */
public abstract class MqttOperationException extends RuntimeException {

	private final transient MqttFailure failure;

	private final transient Classification classification;

	/**
	 * Create the exception.
	 * @param message what happened, to which client and topic, and what was done
	 * @param failure the failure
	 * @param classification the verdict on the failure
	 */
	protected MqttOperationException(String message, MqttFailure failure, Classification classification) {
		super(message, failure.cause());
		this.failure = failure;
		this.classification = classification;
	}

	/**
	 * Return the failure.
	 * @return the failure
	 */
	public MqttFailure getFailure() {
		return this.failure;
	}

	/**
	 * Return the verdict on the failure.
	 * @return the class and the rule that decided
	 */
	public Classification getClassification() {
		return this.classification;
	}

}
