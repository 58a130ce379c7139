package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.util.List;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.integration.MqttClientManager;

/**
 * Makes the managers of the clients, all in the same way.
 */
class MqttClientManagerFactory {

	private final MqttProperties properties;

	private final ConfigurableListableBeanFactory beanFactory;

	MqttClientManagerFactory(MqttProperties properties, ConfigurableListableBeanFactory beanFactory) {
		this.properties = properties;
		this.beanFactory = beanFactory;
	}

	MqttClientManager namedManager(String name) {
		return manager(this.beanFactory.getBean(ClientNames.clientBean(name), ManagedMqttClient.class));
	}

	MqttClientManager manager(ManagedMqttClient client) {
		String name = ClientNames.of(client);
		MqttClientProperties settings = this.properties.forClient(name);
		MqttConnectionDetails details = new ConnectionDetailsResolver(this.beanFactory).find(name);
		List<String> servers = (details != null) ? details.getServers().stream().map(URI::toString).toList()
				: settings.getServers();
		return new MqttClientManager(client, servers.isEmpty() ? "" : servers.get(0), settings.isCleanStart(),
				settings.getReconnect().getProbeInterval());
	}

}
