package io.github.mqttspringboot.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * Writes the tables of the properties' reference in the documentation.
 */
final class ConfigurationReference {

	private final ConfigurationMetadata metadata;

	ConfigurationReference(ConfigurationMetadata metadata) {
		this.metadata = metadata;
	}

	String tables() {
		Map<String, StringBuilder> sections = new LinkedHashMap<>();
		List.of("mqtt", "mqtt.ssl", "mqtt.will", "mqtt.reconnect", "mqtt.redirect", "mqtt.error-policy", "mqtt.publish",
				"mqtt.persistence", "mqtt.subscribe", "mqtt.request", "mqtt.listener", "mqtt.health",
				"mqtt.observation")
			.forEach((section) -> sections.put(section, new StringBuilder()));
		this.metadata.properties()
			.values()
			.forEach((property) -> sections.computeIfAbsent(section(property.name()), (name) -> new StringBuilder())
				.append(row(property)));
		return sections.entrySet()
			.stream()
			.map((section) -> "### `" + section.getKey()
					+ "`\n\n| property | type | default | description |\n|---|---|---|---|\n" + section.getValue())
			.collect(Collectors.joining("\n"));
	}

	private static String section(String name) {
		List<String> elements = List.of(name.split("\\."));
		return String.join(".",
				elements.subList(0, elements.get(0).equals("management") ? 3 : Math.min(2, elements.size() - 1)));
	}

	private static String row(ConfigurationMetadata.Property property) {
		String defaultValue = property.defaultValue();
		return "| `%s` | %s | %s | %s |%n"
			.formatted(property.name(), type(property.type()),
					(defaultValue != null && !defaultValue.isEmpty()) ? "`" + defaultValue + "`" : "",
					property.description().replace("|", "\\|"))
			.replace(System.lineSeparator(), "\n");
	}

	private static String type(String type) {
		Class<?> enumType = enumType(type);
		if (enumType != null) {
			return Arrays.stream(enumType.getEnumConstants())
				.map((value) -> "`" + value.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
				.collect(Collectors.joining(", "));
		}
		return switch (type) {
			case "java.time.Duration" -> "duration";
			case "org.springframework.util.unit.DataSize" -> "size";
			case "java.lang.Boolean" -> "`true`, `false`";
			case "java.lang.Integer" -> "whole number";
			case "java.lang.Double" -> "number";
			case "java.lang.String" -> "text";
			case "java.util.List<java.lang.String>" -> "list";
			default -> {
				if (!type.startsWith("java.util.Map<")) {
					throw new IllegalStateException("No name for the type " + type);
				}
				yield "map";
			}
		};
	}

	private static @Nullable Class<?> enumType(String type) {
		if (!type.matches("[\\w.$]+")) {
			return null;
		}
		Class<?> resolved = ClassUtils.resolveClassName(type, ConfigurationReference.class.getClassLoader());
		return resolved.isEnum() ? resolved : null;
	}

	String reasons() {
		StringBuilder table = new StringBuilder(
				"| `mqtt.error-policy.…` | reasons | default | may be |\n|---|---|---|---|\n");
		for (String packet : this.metadata.hints("mqtt.error-policy.keys")) {
			Map<String, List<String>> rows = new LinkedHashMap<>();
			for (MqttFailure failure : ConfigurableFailures.of(packet)) {
				String allowed = ConfigurableFailures.allowed(failure)
					.stream()
					.map(ErrorClass::label)
					.map((label) -> "`" + label + "`")
					.collect(Collectors.joining(", "));
				String now = DefaultErrorTable.standard().errorClass(failure).label();
				rows.computeIfAbsent("`" + now + "` | " + allowed, (key) -> new ArrayList<>())
					.add("`" + failure.reason() + "`");
			}
			rows.forEach((classes, reasons) -> table
				.append("| `%s` | %s | %s |\n".formatted(packet, String.join(", ", reasons), classes)));
		}
		return table.toString();
	}

}
