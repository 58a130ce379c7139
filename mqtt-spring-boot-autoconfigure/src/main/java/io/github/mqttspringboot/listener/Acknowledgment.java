package io.github.mqttspringboot.listener;

/**
 * Acknowledges one message, for listeners with {@link AckMode#MANUAL}. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Acknowledgment {

	/**
	 * Acknowledge the message. May be called on any thread, during the call of the
	 * listener or later; further calls have no effect, nor has any in other modes.
	 */
	void acknowledge();

}
