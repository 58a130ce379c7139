package io.github.mqttspringboot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Explains an {@link InvalidMqttPropertyException}.
 */
class InvalidMqttPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMqttPropertyException> {

	private final @Nullable Environment environment;

	InvalidMqttPropertyFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMqttPropertyException cause) {
		StringBuilder description = new StringBuilder("Invalid configuration of the MQTT client:%n".formatted());
		description.append("%n    Property: %s".formatted(cause.getProperty()));
		if (cause.getValue() != null) {
			description.append("%n    Value: \"%s\"".formatted(cause.getValue()));
		}
		Origin origin = findOrigin(cause);
		if (origin != null) {
			description.append("%n    Origin: %s".formatted(origin));
		}
		description.append("%n    Reason: %s".formatted(cause.getReason()));
		return new FailureAnalysis(description.toString(), cause.getAction(), cause);
	}

	private @Nullable Origin findOrigin(InvalidMqttPropertyException cause) {
		if (!ConfigurationPropertyName.isValid(cause.getProperty())) {
			return null;
		}
		ConfigurationPropertyName name = ConfigurationPropertyName.of(cause.getProperty());
		ConfigurationProperty property = find(name);
		return (property != null) ? property.getOrigin() : findOriginOfElement(name, cause.getValue());
	}

	// a list in YAML has no value of its own, only elements
	private @Nullable Origin findOriginOfElement(ConfigurationPropertyName name, @Nullable String value) {
		ConfigurationProperty first = find(name.append("[0]"));
		ConfigurationProperty element = first;
		for (int i = 1; element != null; i++) {
			if (String.valueOf(element.getValue()).equals(value)) {
				return element.getOrigin();
			}
			element = find(name.append("[" + i + "]"));
		}
		return (first != null) ? first.getOrigin() : null;
	}

	private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
		if (this.environment instanceof ConfigurableEnvironment configurable) {
			for (ConfigurationPropertySource source : ConfigurationPropertySources
				.from(configurable.getPropertySources())) {
				ConfigurationProperty property = source.getConfigurationProperty(name);
				if (property != null) {
					return property;
				}
			}
		}
		return null;
	}

}
