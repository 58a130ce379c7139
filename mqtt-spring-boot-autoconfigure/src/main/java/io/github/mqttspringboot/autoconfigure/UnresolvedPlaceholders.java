package io.github.mqttspringboot.autoconfigure;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.env.Environment;
import org.springframework.util.PlaceholderResolutionException;

import io.github.mqttspringboot.error.Printable;

/**
 * Finds placeholders in the {@code mqtt.*} properties that nothing stands behind. Spring
 * Boot leaves them as they are, so that a client would call itself
 * <code>gateway-${HOSTNAME}</code>.
 */
final class UnresolvedPlaceholders {

	private static final Logger logger = LoggerFactory.getLogger(UnresolvedPlaceholders.class);

	/** Texts without a form of their own, which might mean what they say. */
	private static final Set<String> TEXTS = Set.of("username", "password", "userproperties", "will.payload");

	private final @Nullable Environment environment;

	private final PropertyOrigins origins;

	UnresolvedPlaceholders(@Nullable Environment environment, PropertyOrigins origins) {
		this.environment = environment;
		this.origins = origins;
	}

	static String reason(String placeholder) {
		return "The placeholder ${" + placeholder + "} cannot be resolved.";
	}

	static String action(String placeholder) {
		return "Define " + placeholder + ", for example as an environment variable, or give it a default as in ${"
				+ placeholder + ":default}.";
	}

	/**
	 * Find the first placeholder that cannot be resolved.
	 * @param value the value of a property
	 * @return its name, {@code null} if all can be
	 */
	@Nullable String find(String value) {
		if (this.environment == null || !value.contains("${")) {
			return null;
		}
		try {
			this.environment.resolveRequiredPlaceholders(value);
			return null;
		}
		catch (PlaceholderResolutionException ex) {
			return Printable.escape(String.valueOf(ex.getPlaceholder()));
		}
	}

	/**
	 * Refuse those in properties whose value has a form, and warn of the others.
	 * @throws InvalidMqttPropertyException if there is one
	 */
	void check() {
		this.origins.below(ClientNames.PRIMARY_PREFIX).forEach(this::check);
	}

	private void check(ConfigurationProperty property) {
		String placeholder = (property.getValue() instanceof CharSequence text) ? find(text.toString()) : null;
		ConfigurationPropertyName name = property.getName();
		int own = clientNames(name);
		if (placeholder == null || name.getNumberOfElements() <= own
				|| !ClientPropertyNames.contains(name.getElement(own, Form.UNIFORM))) {
			return;
		}
		if (isText(name, own)) {
			logger.warn(
					"The placeholder ${{}} in '{}' (origin: {}) cannot be resolved: the server gets it as it is. {}",
					placeholder, name, property.getOrigin(), action(placeholder));
			return;
		}
		throw new InvalidMqttPropertyException(name.toString(),
				ServerUri.mask(property.getValue().toString(), Set.of(property.getValue())), reason(placeholder),
				action(placeholder));
	}

	// How many elements of the name lead to the client
	private static int clientNames(ConfigurationPropertyName name) {
		return ConfigurationPropertyName.of(ClientNames.CLIENTS).isAncestorOf(name) ? 3 : 1;
	}

	private static boolean isText(ConfigurationPropertyName name, int own) {
		String first = name.getElement(own, Form.UNIFORM);
		return TEXTS.contains(first) || (name.getNumberOfElements() > own + 1
				&& TEXTS.contains(first + "." + name.getElement(own + 1, Form.UNIFORM)));
	}

}
