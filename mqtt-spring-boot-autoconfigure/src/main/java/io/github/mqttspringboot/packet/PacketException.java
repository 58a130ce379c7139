package io.github.mqttspringboot.packet;

import io.github.mqttspringboot.error.LocalError;

/**
 * A packet that must end the network connection (MQTT 5 §4.13).
 *
 * @since 0.1.0
 */
public class PacketException extends Exception {

	private final LocalError error;

	/**
	 * Create the exception.
	 * @param error {@link LocalError#INBOUND_MALFORMED},
	 * {@link LocalError#INBOUND_TOO_LARGE}, {@link LocalError#INBOUND_PROTOCOL_ERROR},
	 * {@link LocalError#INBOUND_TOPIC_ALIAS_INVALID} or
	 * {@link LocalError#MQTT_3_1_1_ONLY}
	 * @param message what is wrong with the packet
	 */
	public PacketException(LocalError error, String message) {
		super(message);
		this.error = error;
	}

	/**
	 * Return how the failure is to be classified.
	 * @return the local error
	 */
	public LocalError error() {
		return this.error;
	}

}
