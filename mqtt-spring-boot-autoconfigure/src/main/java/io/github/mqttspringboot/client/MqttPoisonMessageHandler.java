package io.github.mqttspringboot.client;

/**
 * Receives messages that the client has given up because the server ended the connection
 * each time they were sent, so that the application can keep them. A bean of this type is
 * for all clients. Without one, only the event, the failed future and the log tell of
 * them.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttPoisonMessageHandler {

	/**
	 * Handle a message that was quarantined. Called once a message, on the client's own
	 * executor for futures, so that it may block and use the client. What it throws is
	 * logged.
	 * @param request the message as it was published, with QoS and RETAIN set; its expiry
	 * is what was left when it was sent last. It may come from before the start of the
	 * JVM if {@code mqtt.persistence.type} is {@code file}
	 * @param failure how the last connection ended, of which client, and why the message
	 * is to blame
	 */
	void handle(PublishRequest request, MqttPoisonMessageException failure);

}
