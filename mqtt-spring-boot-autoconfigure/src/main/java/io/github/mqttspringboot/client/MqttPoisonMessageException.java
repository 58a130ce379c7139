package io.github.mqttspringboot.client;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * A publish that was given up because the server ended the connection each time it was
 * sent. The failure is how the last of them ended: the reason code of a DISCONNECT, or
 * {@code CONNECTION_CLOSED}. The outcome of the publish is unknown.
 *
 * @since 0.1.0
 */
public class MqttPoisonMessageException extends MqttOperationException {

	private final String clientName;

	/**
	 * Create the exception.
	 * @param message what happened, to which client and topic, and what was done
	 * @param failure how the last connection ended, with the topic of the message
	 * @param classification the verdict on the failure
	 * @param clientName the name of the client
	 */
	public MqttPoisonMessageException(String message, MqttFailure failure, Classification classification,
			String clientName) {
		super(message, failure, classification);
		this.clientName = clientName;
	}

	/**
	 * Return the name of the client.
	 * @return {@code default}, or the name under {@code mqtt.clients}
	 */
	public String getClientName() {
		return this.clientName;
	}

}
