package io.github.mqttspringboot.client;

import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/**
 * Customizes Paho's connection options before each CONNECT. What the starter owns is set
 * after it: automatic reconnect, server URIs, Maximum Packet Size, Topic Alias Maximum.
 * An exception fails the attempt; nobody is shown its message, which may hold the
 * password.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttConnectionOptionsCustomizer {

	/**
	 * Customize the options.
	 * @param clientName the name of the client
	 * @param options the options
	 */
	void customize(String clientName, MqttConnectionOptions options);

}
