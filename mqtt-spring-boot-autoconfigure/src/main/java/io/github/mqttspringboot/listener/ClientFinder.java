package io.github.mqttspringboot.listener;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.error.Printable;

/**
 * Finds the client of a listener among the beans.
 */
final class ClientFinder {

	private final @Nullable BeanFactory beanFactory;

	ClientFinder(@Nullable BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	ManagedMqttClient find(MqttListenerEndpoint endpoint) {
		String name = endpoint.client();
		if (name == null) {
			return primary(endpoint);
		}
		List<ManagedMqttClient> clients = clients();
		return clients.stream()
			.filter((client) -> name.equals(client.name()))
			.findFirst()
			.or(() -> unnamed(name))
			.orElseThrow(() -> endpoint.invalid(
					"There is no client named '" + Printable.escape(name) + "'; there " + describe(clients) + ".",
					"Set 'client' to the name of one that exists, or declare it below mqtt.clients."));
	}

	// A mock has no name but that of its bean
	private Optional<ManagedMqttClient> unnamed(String beanName) {
		if (this.beanFactory == null || !this.beanFactory.containsBean(beanName)
				|| !this.beanFactory.isTypeMatch(beanName, ManagedMqttClient.class)) {
			return Optional.empty();
		}
		ManagedMqttClient client = this.beanFactory.getBean(beanName, ManagedMqttClient.class);
		return (client.name() == null) ? Optional.of(client) : Optional.empty();
	}

	private ManagedMqttClient primary(MqttListenerEndpoint endpoint) {
		try {
			ManagedMqttClient client = (this.beanFactory != null)
					? this.beanFactory.getBeanProvider(ManagedMqttClient.class).getIfAvailable() : null;
			if (client != null) {
				return client;
			}
		}
		catch (NoUniqueBeanDefinitionException ex) {
			// Several, and none is the primary one
		}
		throw endpoint.invalid("It names no client, and there is no primary one; there " + describe(clients()) + ".",
				"Set 'client' to the name of a client, or declare the primary one with mqtt.servers.");
	}

	private List<ManagedMqttClient> clients() {
		return (this.beanFactory != null)
				? this.beanFactory.getBeanProvider(ManagedMqttClient.class).stream().distinct().toList() : List.of();
	}

	private static String describe(List<ManagedMqttClient> clients) {
		return (clients.isEmpty()) ? "is none at all"
				: clients.stream()
					.map((client) -> "'" + client.name() + "'")
					.collect(Collectors.joining(", ", (clients.size() == 1) ? "is only " : "are ", ""));
	}

}
