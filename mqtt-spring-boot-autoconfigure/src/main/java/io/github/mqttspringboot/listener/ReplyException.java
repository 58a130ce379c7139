package io.github.mqttspringboot.listener;

import io.github.mqttspringboot.error.Printable;

/**
 * The result of a listener method could not be published.
 */
final class ReplyException extends RuntimeException {

	ReplyException(String topic, Throwable cause) {
		super("The result was not published to " + Printable.escape(topic) + ": " + cause.getMessage(), cause);
	}

}
