package io.github.mqttspringboot.autoconfigure;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Finds where properties were set, for people to find them, too.
 */
final class PropertyOrigins {

	private final List<ConfigurationPropertySource> sources;

	PropertyOrigins(@Nullable Environment environment) {
		this.sources = (environment instanceof ConfigurableEnvironment configurable) ? StreamSupport
			.stream(ConfigurationPropertySources.from(configurable.getPropertySources()).spliterator(), false)
			.toList() : List.of();
	}

	/**
	 * Find a property.
	 * @param name the name, with any spelling
	 * @return the property of the first source that has it, {@code null} if none has
	 */
	@Nullable ConfigurationProperty find(String name) {
		return find(ConfigurationPropertyName.adapt(name, '.'));
	}

	private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
		return this.sources.stream()
			.map((source) -> source.getConfigurationProperty(name))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Find the origin of a property, or of what makes it up.
	 * @param name the name, with any spelling
	 * @param value the value, or the element of a list or the key of a map that is meant
	 * @return the origin, {@code null} if it was not set
	 */
	@Nullable Origin origin(String name, @Nullable String value) {
		ConfigurationPropertyName adapted = ConfigurationPropertyName.adapt(name, '.');
		ConfigurationProperty property = find(adapted);
		if (property == null) {
			property = element(adapted, value);
		}
		if (property == null && value != null) {
			property = firstBelow(ConfigurationPropertyName.adapt(name + "." + value, '.'));
		}
		if (property == null) {
			property = firstBelow(adapted);
		}
		return (property != null) ? property.getOrigin() : null;
	}

	// A list in YAML has no value of its own, only elements
	private @Nullable ConfigurationProperty element(ConfigurationPropertyName name, @Nullable String value) {
		ConfigurationProperty first = find(name.append("[0]"));
		ConfigurationProperty element = first;
		for (int i = 1; element != null; i++) {
			if (String.valueOf(element.getValue()).equals(value)) {
				return element;
			}
			element = find(name.append("[" + i + "]"));
		}
		return first;
	}

	// Nor has a map
	private @Nullable ConfigurationProperty firstBelow(ConfigurationPropertyName name) {
		return this.sources.stream()
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.map(IterableConfigurationPropertySource.class::cast)
			.flatMap((source) -> source.stream()
				.filter(name::isAncestorOf)
				.sorted(Comparator.comparing(ConfigurationPropertyName::toString))
				.map(source::getConfigurationProperty))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return the properties of all sources below a name, without those that an earlier
	 * source overrides.
	 * @param name the name
	 * @return the properties
	 */
	Stream<ConfigurationProperty> below(String name) {
		ConfigurationPropertyName root = ConfigurationPropertyName.of(name);
		return this.sources.stream()
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.map(IterableConfigurationPropertySource.class::cast)
			.flatMap(IterableConfigurationPropertySource::stream)
			.filter(root::isAncestorOf)
			.distinct()
			.map(this::find)
			.filter(Objects::nonNull);
	}

}
