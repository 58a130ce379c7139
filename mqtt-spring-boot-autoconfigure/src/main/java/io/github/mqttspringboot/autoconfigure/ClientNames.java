package io.github.mqttspringboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.error.Printable;

/**
 * The names of clients, and where each has its properties and beans.
 */
final class ClientNames {

	/** The name of the client of the {@code mqtt.*} properties. */
	static final String PRIMARY = "default";

	static final String PRIMARY_PREFIX = "mqtt";

	/** The property that has the names of further clients below it. */
	static final String CLIENTS = PRIMARY_PREFIX + ".clients";

	private static final Pattern GRAMMAR = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

	private ClientNames() {
	}

	static String prefix(String name) {
		return name.equals(PRIMARY) ? PRIMARY_PREFIX : CLIENTS + "." + name;
	}

	/**
	 * Return the name of a client that may be a mock, which has none.
	 * @param client the client
	 * @return its name, by default that of the primary client
	 */
	static String of(ManagedMqttClient client) {
		return Objects.requireNonNullElse(client.name(), PRIMARY);
	}

	static String clientBean(String name) {
		return name + "MqttClient";
	}

	static String templateBean(String name) {
		return name + "MqttTemplate";
	}

	/**
	 * Return whether there is such a bean, here or in a parent context: a client has one
	 * connection for all contexts of a hierarchy.
	 * @param registry where the bean would be defined
	 * @param beanName the name of the bean
	 * @return whether there is one
	 */
	static boolean isTaken(BeanDefinitionRegistry registry, String beanName) {
		return registry.containsBeanDefinition(beanName)
				|| (registry instanceof BeanFactory beanFactory && beanFactory.containsBean(beanName));
	}

	/**
	 * Return whether there is a primary client: with further clients, only if it has
	 * servers.
	 * @param environment the environment
	 * @return whether there is one
	 */
	static boolean hasPrimary(Environment environment) {
		return declared(environment).isEmpty()
				|| Binder.get(environment).bind(PRIMARY_PREFIX + ".servers", Bindable.listOf(String.class)).isBound();
	}

	/**
	 * Return the names below {@code mqtt.clients}.
	 * @param environment the environment
	 * @return the names
	 * @throws InvalidMqttPropertyException if one is not fit to be one
	 */
	static List<String> further(Environment environment) {
		Map<String, String> names = new LinkedHashMap<>();
		declared(environment).forEach(
				(name, properties) -> names.merge(name.replace("-", ""), check(name, properties), ClientNames::choose));
		return List.copyOf(names.values());
	}

	private static Map<String, Object> declared(Environment environment) {
		return Binder.get(environment).bind(CLIENTS, Bindable.mapOf(String.class, Object.class)).orElse(Map.of());
	}

	private static String check(String name, Object properties) {
		if (name.equals(PRIMARY)) {
			throw new InvalidMqttPropertyException(CLIENTS, PRIMARY,
					"This is the name of the client of the mqtt.* properties.",
					"Set the mqtt.* properties instead, or choose another name.");
		}
		if (!GRAMMAR.matcher(name).matches()) {
			throw new InvalidMqttPropertyException(CLIENTS, Printable.escape(name), "It is not the name of a client.",
					"Use lower-case letters and digits, and single hyphens between them, as in north-gateway.");
		}
		if (properties instanceof Map<?, ?> map && !ClientPropertyNames.containsAny(map)) {
			throw new InvalidMqttPropertyException(CLIENTS, name,
					"It has no property of a client, but " + Printable.escape(map.keySet().toString()) + ".",
					"Use the names of properties as in servers. In the environment there is no hyphen in the name of a "
							+ "client: MQTT_CLIENTS_NORTHGATEWAY_SERVERS is for north-gateway.");
		}
		return name;
	}

	// An environment variable cannot tell a-b from ab, and properties are bound to both
	private static String choose(String one, String other) {
		boolean hyphens = one.indexOf('-') >= 0;
		if (hyphens && other.indexOf('-') >= 0) {
			throw new InvalidMqttPropertyException(CLIENTS, other, "It cannot be told from " + one + ".",
					"Choose another name.");
		}
		return hyphens ? one : other;
	}

}
