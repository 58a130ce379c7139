package io.github.mqttspringboot.client;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * An unsubscribe of which the server, or a check before sending, refused at least one
 * filter.
 *
 * @since 0.1.0
 */
public class MqttUnsubscribeRejectedException extends MqttOperationException {

	private final transient UnsubscribeResult result;

	/**
	 * Create the exception.
	 * @param message what happened, to which client and topic, and what was done
	 * @param failure the first failure
	 * @param classification the verdict on the first failure
	 * @param result the outcome for all filters
	 */
	public MqttUnsubscribeRejectedException(String message, MqttFailure failure, Classification classification,
			UnsubscribeResult result) {
		super(message, failure, classification);
		this.result = result;
	}

	/**
	 * Return the outcome for all filters.
	 * @return the result, empty if the call named no filter
	 */
	public UnsubscribeResult getResult() {
		return this.result;
	}

}
