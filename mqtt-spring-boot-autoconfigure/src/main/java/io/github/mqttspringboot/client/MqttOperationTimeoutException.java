package io.github.mqttspringboot.client;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * An operation whose time ran out. If it was sent, its outcome is unknown.
 *
 * @since 0.1.0
 */
public class MqttOperationTimeoutException extends MqttOperationException {

	/**
	 * Create the exception.
	 * @param message what happened, to which client and topic, and what was done
	 * @param failure the failure
	 * @param classification the verdict on the failure
	 */
	public MqttOperationTimeoutException(String message, MqttFailure failure, Classification classification) {
		super(message, failure, classification);
	}

}
