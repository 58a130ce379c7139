package io.github.mqttspringboot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;

/**
 * Writes about a property in the lines of Spring Boot's own reports.
 */
final class PropertyReport {

	private final PropertyOrigins origins;

	private final StringBuilder description = new StringBuilder(
			"Invalid configuration of the MQTT client:%n".formatted());

	PropertyReport(PropertyOrigins origins) {
		this.origins = origins;
	}

	/**
	 * Write the name, the value and the origin of the property.
	 * @param name the name
	 * @param value the value, without secrets, {@code null} if it is missing
	 * @return this report
	 */
	PropertyReport property(String name, @Nullable String value) {
		line("Property", name);
		if (value != null) {
			line("Value", "\"" + value + "\"");
		}
		Origin origin = this.origins.origin(name, value);
		if (origin != null) {
			line("Origin", origin.toString());
		}
		return this;
	}

	/**
	 * Write of another property, if it is set.
	 * @param name the name
	 */
	void seeAlso(String name) {
		Origin origin = this.origins.origin(name, null);
		if (origin != null) {
			line("See also", name + " from " + origin);
		}
	}

	void line(String title, String text) {
		this.description.append("%n    %s: %s".formatted(title, text));
	}

	FailureAnalysis analysis(String action, Throwable cause) {
		return new FailureAnalysis(this.description.toString(), action, cause);
	}

}
