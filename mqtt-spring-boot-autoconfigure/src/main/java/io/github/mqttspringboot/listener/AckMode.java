package io.github.mqttspringboot.listener;

/**
 * When a message with QoS 1 or 2 is acknowledged to the server. Acknowledgements leave in
 * the order in which the messages came [MQTT-4.6.0-2], so that one that is held back
 * holds back those behind it.
 *
 * @since 0.1.0
 */
public enum AckMode {

	/**
	 * Once the listener is done with the message: it has returned, or its stage ended.
	 */
	AUTO,

	/** When the listener says so, with {@link Acknowledgment#acknowledge()}. */
	MANUAL,

	/**
	 * As soon as the container has taken the message, before the listener has seen it. A
	 * message is lost if the JVM ends before the listener is done.
	 */
	ON_RECEIPT

}
