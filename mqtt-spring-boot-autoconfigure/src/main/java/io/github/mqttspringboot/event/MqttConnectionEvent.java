package io.github.mqttspringboot.event;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The network connection of a client, or its state, has changed.
 *
 * @since 0.1.0
 */
public abstract class MqttConnectionEvent extends MqttEvent {

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param failure what went wrong, {@code null} if nothing did
	 * @param classification the verdict on the failure, {@code null} without one
	 */
	protected MqttConnectionEvent(Object source, String clientName, @Nullable MqttFailure failure,
			@Nullable Classification classification) {
		super(source, clientName, failure, classification);
	}

}
