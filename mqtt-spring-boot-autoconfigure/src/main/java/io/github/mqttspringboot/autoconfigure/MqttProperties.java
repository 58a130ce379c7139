package io.github.mqttspringboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of the MQTT clients: of the primary one, and of further ones by name.
 *
 * @since 0.1.0
 */
@ConfigurationProperties(ClientNames.PRIMARY_PREFIX)
public class MqttProperties extends MqttClientProperties {

	/**
	 * Further clients by name, in lower case with hyphens, with the same properties as
	 * the primary one. They inherit none of its values. With further clients the primary
	 * one exists only if mqtt.servers is set.
	 */
	private final Map<String, MqttClientProperties> clients = new LinkedHashMap<>();

	public Map<String, MqttClientProperties> getClients() {
		return this.clients;
	}

	/**
	 * Return the properties of a client.
	 * @param name the name of the client
	 * @return the properties below {@code mqtt.clients.<name>} if there are any, else
	 * those of the primary client
	 */
	public MqttClientProperties forClient(String name) {
		return this.clients.getOrDefault(name, this);
	}

}
