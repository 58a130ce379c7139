package io.github.mqttspringboot.client;

/**
 * Changes the clients that are auto-configured, before they are used. Beans of this type
 * are called in their order, for each client.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttClientCustomizer {

	/**
	 * Change a client.
	 * @param client the client, which has not been started
	 */
	void customize(DefaultManagedMqttClient client);

}
