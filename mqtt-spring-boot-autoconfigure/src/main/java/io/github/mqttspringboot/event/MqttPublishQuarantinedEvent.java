package io.github.mqttspringboot.event;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * A publish was given up because the server ended the connection each time it was sent.
 * The failure is how the last connection ended.
 *
 * @since 0.1.0
 */
public class MqttPublishQuarantinedEvent extends MqttEvent {

	private final String topic;

	private final int qos;

	private final int strikes;

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param failure how the last connection ended, with the topic of the message
	 * @param classification the verdict on the failure
	 * @param topic the topic name
	 * @param qos the QoS, 1 or 2
	 * @param strikes how many connections in a row ended while the message was alone in
	 * flight, at least 1
	 */
	public MqttPublishQuarantinedEvent(Object source, String clientName, MqttFailure failure,
			Classification classification, String topic, int qos, int strikes) {
		super(source, clientName, failure, classification);
		this.topic = topic;
		this.qos = qos;
		this.strikes = strikes;
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

	/**
	 * Return the topic name.
	 * @return the topic name
	 */
	public String getTopic() {
		return this.topic;
	}

	/**
	 * Return the QoS.
	 * @return 1 or 2
	 */
	public int getQos() {
		return this.qos;
	}

	/**
	 * Return how many connections in a row ended while the message was alone in flight.
	 * @return at least 1
	 */
	public int getStrikes() {
		return this.strikes;
	}

}
