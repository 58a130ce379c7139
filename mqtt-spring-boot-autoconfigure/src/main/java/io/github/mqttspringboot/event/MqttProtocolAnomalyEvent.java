package io.github.mqttspringboot.event;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The server sent something odd that costs nothing but this event.
 *
 * @since 0.1.0
 */
public class MqttProtocolAnomalyEvent extends MqttEvent {

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param failure what went wrong
	 * @param classification the verdict on the failure
	 */
	public MqttProtocolAnomalyEvent(Object source, String clientName, MqttFailure failure,
			Classification classification) {
		super(source, clientName, failure, classification);
	}

	@Override
	@SuppressWarnings("NullAway") // this constructor takes no null
	public MqttFailure getFailure() {
		return super.getFailure();
	}

	@Override
	@SuppressWarnings("NullAway") // this constructor takes no null
	public Classification getClassification() {
		return super.getClassification();
	}

}
