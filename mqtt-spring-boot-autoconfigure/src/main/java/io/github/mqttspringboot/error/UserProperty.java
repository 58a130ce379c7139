package io.github.mqttspringboot.error;

import java.util.Objects;

/**
 * A user property (MQTT 5 §1.5.7). Names may repeat and order is kept.
 *
 * @param name the name
 * @param value the value
 * @since 0.1.0
 */
public record UserProperty(String name, String value) {

	public UserProperty {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(value, "'value' must not be null");
	}

}
