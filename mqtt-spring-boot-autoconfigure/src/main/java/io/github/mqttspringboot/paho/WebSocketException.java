package io.github.mqttspringboot.paho;

import java.io.IOException;

/**
 * The server broke the rules of WebSocket, or those of MQTT for it.
 */
final class WebSocketException extends IOException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message what is wrong
	 */
	WebSocketException(String message) {
		super(message);
	}

}
