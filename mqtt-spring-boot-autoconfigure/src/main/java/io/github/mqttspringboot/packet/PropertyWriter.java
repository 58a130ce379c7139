package io.github.mqttspringboot.packet;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.UserProperty;

/**
 * Writes properties (MQTT 5 §2.2.2.2). What is {@code null} is left out.
 */
final class PropertyWriter {

	private final PacketOutput output;

	PropertyWriter(PacketOutput output) {
		this.output = output;
	}

	void number(Property property, @Nullable Number number) {
		if (number == null) {
			return;
		}
		long value = number.longValue();
		if (!property.kind().isInRange(value)) {
			throw new IllegalArgumentException(
					property.title() + " is " + value + ", but must be " + property.kind().range());
		}
		identifier(property);
		switch (property.kind()) {
			case FLAG -> this.output.oneByte(property.title(), (int) value);
			case TWO_BYTES, TWO_BYTES_POSITIVE -> this.output.twoBytes(property.title(), (int) value);
			case FOUR_BYTES, FOUR_BYTES_POSITIVE -> this.output.fourBytes(property.title(), value);
			case VARIABLE_POSITIVE -> this.output.variable(property.title(), value);
			default -> throw new IllegalArgumentException(property.title() + " is not a number");
		}
	}

	/**
	 * Write a flag whose absence means {@code true}.
	 * @param property the property
	 * @param available the flag
	 */
	void available(Property property, boolean available) {
		number(property, (available) ? null : 0);
	}

	void text(Property property, @Nullable String text) {
		if (text != null) {
			identifier(property);
			this.output.text(property.title(), text);
		}
	}

	void binary(Property property, byte @Nullable [] bytes) {
		if (bytes != null) {
			identifier(property);
			this.output.binary(property.title(), bytes);
		}
	}

	void user(List<UserProperty> properties) {
		for (UserProperty property : properties) {
			identifier(Property.USER_PROPERTY);
			this.output.text("User Property name", property.name());
			this.output.text("User Property value", property.value());
		}
	}

	private void identifier(Property property) {
		this.output.variable("Property Identifier", property.identifier());
	}

}
