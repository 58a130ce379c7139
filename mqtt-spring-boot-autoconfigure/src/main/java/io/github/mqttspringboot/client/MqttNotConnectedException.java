package io.github.mqttspringboot.client;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * An operation that could not wait for a network connection.
 *
 * @since 0.1.0
 */
public class MqttNotConnectedException extends MqttOperationException {

	/**
	 * Create the exception.
	 * @param message what happened, to which client and topic, and what was done
	 * @param failure the failure
	 * @param classification the verdict on the failure
	 */
	public MqttNotConnectedException(String message, MqttFailure failure, Classification classification) {
		super(message, failure, classification);
	}

}
