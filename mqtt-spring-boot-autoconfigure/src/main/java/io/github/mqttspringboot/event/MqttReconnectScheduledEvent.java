package io.github.mqttspringboot.event;

import java.time.Duration;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The client waits for its next attempt to connect.
 *
 * @since 0.1.0
 */
public class MqttReconnectScheduledEvent extends MqttConnectionEvent {

	private final int attempt;

	private final Duration delay;

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param failure what went wrong
	 * @param classification the verdict on the failure
	 * @param attempt the number of the attempt since the last connection, from 1
	 * @param delay the time until the attempt
	 */
	public MqttReconnectScheduledEvent(Object source, String clientName, MqttFailure failure,
			Classification classification, int attempt, Duration delay) {
		super(source, clientName, failure, classification);
		this.attempt = attempt;
		this.delay = delay;
	}

	/**
	 * Return the number of the attempt since the last connection, from 1.
	 * @return the number of the attempt since the last connection, from 1
	 */
	public int getAttempt() {
		return this.attempt;
	}

	/**
	 * Return the time until the attempt.
	 * @return the time until the attempt
	 */
	public Duration getDelay() {
		return this.delay;
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
