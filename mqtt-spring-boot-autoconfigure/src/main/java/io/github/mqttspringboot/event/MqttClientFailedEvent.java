package io.github.mqttspringboot.event;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The client stopped because of a fatal failure.
 *
 * @since 0.1.0
 */
public class MqttClientFailedEvent extends MqttConnectionEvent {

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param failure what went wrong
	 * @param classification the verdict on the failure
	 */
	public MqttClientFailedEvent(Object source, String clientName, MqttFailure failure, Classification classification) {
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
