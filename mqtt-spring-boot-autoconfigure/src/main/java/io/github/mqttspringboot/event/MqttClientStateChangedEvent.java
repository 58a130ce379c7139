package io.github.mqttspringboot.event;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The client has gone from one state to another. Not an {@link MqttConnectionEvent}: who
 * listens to those hears what became of the connection, without each step on the way.
 *
 * @since 0.1.0
 */
public class MqttClientStateChangedEvent extends MqttEvent {

	private final String previousState;

	private final String state;

	private final String cause;

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param previousState the name of the state before
	 * @param state the name of the state now
	 * @param cause why, in words for people
	 * @param failure what went wrong, {@code null} if nothing did
	 * @param classification the verdict on the failure, {@code null} without one
	 */
	public MqttClientStateChangedEvent(Object source, String clientName, String previousState, String state,
			String cause, @Nullable MqttFailure failure, @Nullable Classification classification) {
		super(source, clientName, failure, classification);
		this.previousState = previousState;
		this.state = state;
		this.cause = cause;
	}

	/**
	 * Return the state before.
	 * @return {@code STOPPED}, {@code CONNECTING}, {@code CONNECTED}, {@code WAITING},
	 * {@code FAILED} or {@code STOPPING}
	 */
	public String getPreviousState() {
		return this.previousState;
	}

	/**
	 * Return the state now. The client may have gone on from it when this event is heard.
	 * @return {@code STOPPED}, {@code CONNECTING}, {@code CONNECTED}, {@code WAITING},
	 * {@code FAILED} or {@code STOPPING}
	 */
	public String getState() {
		return this.state;
	}

	/**
	 * Return why the state changed.
	 * @return the cause, in words for people, control characters escaped
	 */
	public String getCause() {
		return this.cause;
	}

	@Override
	public String toString() {
		String text = super.toString();
		return text.substring(0, text.length() - 1) + ", " + this.previousState + " -> " + this.state + ": "
				+ this.cause + "]";
	}

}
