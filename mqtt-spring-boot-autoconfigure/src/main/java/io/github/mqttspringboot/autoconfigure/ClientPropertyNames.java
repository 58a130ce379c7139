package io.github.mqttspringboot.autoconfigure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.beans.BeanUtils;

/**
 * The first elements of the names of a client's properties. An application may have
 * others below the same prefix.
 */
final class ClientPropertyNames {

	private static final Set<String> NAMES = Arrays.stream(BeanUtils.getPropertyDescriptors(MqttClientProperties.class))
		.map((property) -> property.getName().toLowerCase(Locale.ROOT))
		.collect(Collectors.toUnmodifiableSet());

	private ClientPropertyNames() {
	}

	/**
	 * Return whether a client has such a property.
	 * @param element the first element of its name, in lower case without hyphens
	 * @return whether it has
	 */
	static boolean contains(String element) {
		return NAMES.contains(element);
	}

	/**
	 * Return whether one of several keys is, or leads to, a property of a client.
	 * @param properties what there is below the name of a client
	 * @return whether there is one
	 */
	static boolean containsAny(Map<?, ?> properties) {
		return properties.entrySet().stream().anyMatch((entry) -> {
			String name = entry.getKey()
				.toString()
				.replaceAll("\\[.*", "")
				.replaceAll("[-_]", "")
				.toLowerCase(Locale.ROOT);
			// A variable of the environment has an underscore for a hyphen
			return contains(name)
					|| (entry.getValue() instanceof Map && NAMES.stream().anyMatch((known) -> known.startsWith(name)));
		});
	}

}
