package io.github.mqttspringboot.event;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * A topic filter was refused, by the server or by a check before it was sent.
 *
 * @since 0.1.0
 */
public class MqttSubscribeRejectedEvent extends MqttRejectionEvent {

	private final String filter;

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param failure what went wrong
	 * @param classification the verdict on the failure
	 * @param filter the topic filter
	 */
	public MqttSubscribeRejectedEvent(Object source, String clientName, MqttFailure failure,
			Classification classification, String filter) {
		super(source, clientName, failure, classification);
		this.filter = filter;
	}

	/**
	 * Return the topic filter.
	 * @return the topic filter
	 */
	public String getFilter() {
		return this.filter;
	}

}
