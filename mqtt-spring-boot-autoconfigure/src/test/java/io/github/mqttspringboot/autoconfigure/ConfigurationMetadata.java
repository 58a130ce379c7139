package io.github.mqttspringboot.autoconfigure;

import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The metadata of our properties, as an IDE reads it.
 */
final class ConfigurationMetadata {

	private final JsonNode root;

	private ConfigurationMetadata(JsonNode root) {
		this.root = root;
	}

	static ConfigurationMetadata read() throws Exception {
		URL location = MqttProperties.class.getProtectionDomain().getCodeSource().getLocation();
		URL file = Path.of(location.toURI()).resolve("META-INF/spring-configuration-metadata.json").toUri().toURL();
		try (InputStream stream = file.openStream()) {
			return new ConfigurationMetadata(new JsonMapper().readTree(stream));
		}
	}

	/**
	 * Return all properties.
	 * @return the properties by name, in the order of their names
	 */
	Map<String, Property> properties() {
		Map<String, Property> properties = new TreeMap<>();
		children(this.root.path("properties")).map(Property::new)
			.forEach((property) -> properties.put(property.name(), property));
		return properties;
	}

	/**
	 * Return the values that hints name.
	 * @param name the name of the hint
	 * @return the values, empty without such a hint
	 */
	List<String> hints(String name) {
		return children(this.root.path("hints")).filter((hint) -> hint.path("name").asString().equals(name))
			.flatMap((hint) -> children(hint.path("values")))
			.map((value) -> value.path("value").asString())
			.toList();
	}

	/**
	 * Return the names of all hints.
	 * @return the names
	 */
	List<String> hintNames() {
		return children(this.root.path("hints")).map((hint) -> hint.path("name").asString()).toList();
	}

	/**
	 * Return the values of hints that have no description.
	 * @return the names of the hints with their values
	 */
	List<String> hintsWithoutDescription() {
		return children(this.root.path("hints"))
			.flatMap((hint) -> children(hint.path("values"))
				.filter((value) -> !value.path("description").asString("").endsWith("."))
				.map((value) -> hint.path("name").asString() + "=" + value.path("value").asString()))
			.toList();
	}

	private static Stream<JsonNode> children(JsonNode array) {
		List<JsonNode> children = new ArrayList<>();
		array.forEach(children::add);
		return children.stream();
	}

	/**
	 * A property.
	 *
	 * @param node its metadata
	 */
	record Property(JsonNode node) {

		String name() {
			return this.node.path("name").asString();
		}

		String type() {
			return this.node.path("type").asString();
		}

		String description() {
			return this.node.path("description").asString("");
		}

		/**
		 * Return the default.
		 * @return the default as text, the elements of a list separated by commas,
		 * {@code null} if there is none
		 */
		@Nullable String defaultValue() {
			JsonNode value = this.node.path("defaultValue");
			if (value.isMissingNode() || value.isNull()) {
				return null;
			}
			return value.isArray() ? String.join(",", children(value).map(JsonNode::asString).toList())
					: value.asString();
		}

		boolean isDeprecated() {
			return !this.node.path("deprecation").isMissingNode() || this.node.path("deprecated").asBoolean(false);
		}

	}

}
