package io.github.mqttspringboot.packet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.UserProperty;

/**
 * Reads properties (MQTT 5 §2.2.2.2) and holds those that were there.
 */
final class PropertyReader {

	private static final PropertyReader NONE = new PropertyReader();

	private final Map<Property, Object> values = new EnumMap<>(Property.class);

	private List<UserProperty> userProperties = List.of();

	private List<Integer> subscriptionIdentifiers = List.of();

	private PropertyReader() {
	}

	/**
	 * Return the properties of a packet that has no Property Length.
	 * @return no properties
	 */
	static PropertyReader none() {
		return NONE;
	}

	/**
	 * Read the Property Length and the properties.
	 * @param input the packet
	 * @return the properties
	 * @throws PacketException if one is malformed, not allowed in the packet, there more
	 * than once or out of range
	 */
	static PropertyReader read(PacketInput input) throws PacketException {
		PacketInput part = input.part(input.variable("Property Length"), "the Properties");
		if (!part.hasRemaining()) {
			return NONE;
		}
		PropertyReader reader = new PropertyReader();
		while (part.hasRemaining()) {
			reader.readOne(part);
		}
		return reader;
	}

	boolean has(Property property) {
		return this.values.containsKey(property);
	}

	@Nullable Integer integer(Property property) {
		Long value = number(property);
		return (value != null) ? value.intValue() : null;
	}

	int integer(Property property, int absent) {
		Long value = number(property);
		return (value != null) ? value.intValue() : absent;
	}

	@Nullable Long number(Property property) {
		return (Long) this.values.get(property);
	}

	boolean available(Property property) {
		return integer(property, 1) == 1;
	}

	@Nullable String text(Property property) {
		return (String) this.values.get(property);
	}

	byte @Nullable [] binary(Property property) {
		return (byte[]) this.values.get(property);
	}

	List<UserProperty> user() {
		return Collections.unmodifiableList(this.userProperties);
	}

	List<Integer> subscriptionIdentifiers() {
		return Collections.unmodifiableList(this.subscriptionIdentifiers);
	}

	private void readOne(PacketInput input) throws PacketException {
		int identifier = input.variable("Property Identifier");
		Property property = Property.find(identifier);
		if (property == null || !property.isAllowedIn(input.packet())) {
			String title = (property != null) ? " (" + property.title() + ")" : "";
			throw input.malformed(
					String.format(Locale.ROOT, "property 0x%02X%s is not allowed in this packet", identifier, title));
		}
		if (has(property) && !property.isRepeatableIn(input.packet())) {
			throw input.protocolError(property.title() + " is there more than once");
		}
		this.values.put(property, value(property, input));
	}

	private Object value(Property property, PacketInput input) throws PacketException {
		String title = property.title();
		return switch (property.kind()) {
			case FLAG -> inRange(property, input.oneByte(title), input);
			case TWO_BYTES, TWO_BYTES_POSITIVE -> inRange(property, input.twoBytes(title), input);
			case FOUR_BYTES, FOUR_BYTES_POSITIVE -> inRange(property, input.fourBytes(title), input);
			case VARIABLE_POSITIVE -> subscriptionIdentifier(inRange(property, input.variable(title), input));
			case TEXT -> input.text(title);
			case BINARY -> input.binary(title);
			case PAIR ->
				userProperty(new UserProperty(input.text("User Property name"), input.text("User Property value")));
		};
	}

	private Long inRange(Property property, long value, PacketInput input) throws PacketException {
		if (!property.kind().isInRange(value)) {
			LocalError error = (property == Property.TOPIC_ALIAS) ? LocalError.INBOUND_TOPIC_ALIAS_INVALID
					: LocalError.INBOUND_PROTOCOL_ERROR;
			throw input.failure(error, property.title() + " is " + value + ", but must be " + property.kind().range());
		}
		return value;
	}

	private Long subscriptionIdentifier(Long identifier) {
		if (this.subscriptionIdentifiers.isEmpty()) {
			this.subscriptionIdentifiers = new ArrayList<>(2);
		}
		this.subscriptionIdentifiers.add(identifier.intValue());
		return identifier;
	}

	private UserProperty userProperty(UserProperty property) {
		if (this.userProperties.isEmpty()) {
			this.userProperties = new ArrayList<>();
		}
		this.userProperties.add(property);
		return property;
	}

}
