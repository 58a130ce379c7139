package io.github.mqttspringboot.event;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * A listener of the application failed; the connection stays.
 *
 * @since 0.1.0
 */
public class MqttListenerFailedEvent extends MqttEvent {

	private final String topic;

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param failure what went wrong
	 * @param classification the verdict on the failure
	 * @param topic the topic name
	 */
	public MqttListenerFailedEvent(Object source, String clientName, MqttFailure failure, Classification classification,
			String topic) {
		super(source, clientName, failure, classification);
		this.topic = topic;
	}

	/**
	 * Return the topic name.
	 * @return the topic name
	 */
	public String getTopic() {
		return this.topic;
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
