package io.github.mqttspringboot.client;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * A publish that the server refused, or that a check refused before it was sent.
 *
 * @since 0.1.0
 */
public class MqttPublishRejectedException extends MqttOperationException {

	/**
	 * Create the exception.
	 * @param message what happened, to which client and topic, and what was done
	 * @param failure the failure
	 * @param classification the verdict on the failure
	 */
	public MqttPublishRejectedException(String message, MqttFailure failure, Classification classification) {
		super(message, failure, classification);
	}

}
