package io.github.mqttspringboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Adds to an error policy what environment variables say. Those have an underscore where
 * a property has a hyphen, as in {@code MQTT_ERROR_POLICY_CONNACK_NOT_AUTHORIZED}: Spring
 * Boot finds such a property if it is asked for it, but not as an entry of a map.
 */
final class ErrorPolicyProperties {

	private static final String HYPHENED = "error-policy";

	private final Binder binder;

	private final PropertyOrigins origins;

	ErrorPolicyProperties(Environment environment) {
		this.binder = Binder.get(environment);
		this.origins = new PropertyOrigins(environment);
	}

	/**
	 * Return the error policy of a client.
	 * @param prefix the prefix of the client's properties
	 * @param bound the entries that Spring Boot has found
	 * @return class by reason by packet
	 * @throws InvalidMqttPropertyException if an environment variable names no reason
	 */
	Map<String, Map<String, String>> read(String prefix, Map<String, Map<String, String>> bound) {
		Map<String, Map<String, String>> merged = new LinkedHashMap<>();
		bound.forEach((packet, reasons) -> merged.put(packet, new LinkedHashMap<>(reasons)));
		Map<String, List<String>> names = ErrorPolicyFactory.names();
		names.forEach((packet,
				reasons) -> reasons.forEach((reason) -> this.binder
					.bind(prefix + "." + HYPHENED + "." + packet + "." + reason, String.class)
					.ifBound((errorClass) -> put(merged, packet, reason, errorClass))));
		requireKnown(prefix + "." + HYPHENED.replace('-', '.'), names);
		return merged;
	}

	private static void put(Map<String, Map<String, String>> policy, String packet, String reason, String errorClass) {
		policy.forEach((key, reasons) -> {
			if (ErrorPolicyFactory.isSame(key, packet)) {
				reasons.keySet().removeIf((name) -> ErrorPolicyFactory.isSame(name, reason));
			}
		});
		policy.computeIfAbsent(packet, (key) -> new LinkedHashMap<>()).put(reason, errorClass);
	}

	private void requireKnown(String root, Map<String, List<String>> names) {
		this.origins.below(root).forEach((property) -> {
			String name = property.getName().toString();
			String rest = name.substring(ConfigurationPropertyName.of(root).toString().length() + 1);
			if (names.entrySet().stream().noneMatch((packet) -> isAmong(rest, packet.getKey(), packet.getValue()))) {
				throw new InvalidMqttPropertyException(name, null, "It names no packet, or no reason of its packet.",
						"Use the names of the documentation with underscores, as in "
								+ "MQTT_ERROR_POLICY_CONNACK_NOT_AUTHORIZED=throttled.");
			}
		});
	}

	private static boolean isAmong(String name, String packet, List<String> reasons) {
		return reasons.stream().anyMatch((reason) -> ErrorPolicyFactory.isSame(name, packet + reason));
	}

}
