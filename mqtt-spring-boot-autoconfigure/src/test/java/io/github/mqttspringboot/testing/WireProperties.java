package io.github.mqttspringboot.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The properties of a received packet (MQTT 5 §2.2.2), by identifier, in the order they
 * came. User properties are kept as {@code key=value}.
 *
 * @param values the values: {@link Long}, {@link String} or {@code byte[]}
 */
public record WireProperties(Map<Integer, List<Object>> values) {

	public static final int PAYLOAD_FORMAT = 0x01;

	public static final int MESSAGE_EXPIRY = 0x02;

	public static final int CONTENT_TYPE = 0x03;

	public static final int RESPONSE_TOPIC = 0x08;

	public static final int CORRELATION_DATA = 0x09;

	public static final int SUBSCRIPTION_IDENTIFIER = 0x0B;

	public static final int SESSION_EXPIRY = 0x11;

	public static final int ASSIGNED_CLIENT_ID = 0x12;

	public static final int SERVER_KEEP_ALIVE = 0x13;

	public static final int AUTHENTICATION_METHOD = 0x15;

	public static final int AUTHENTICATION_DATA = 0x16;

	public static final int REQUEST_PROBLEM_INFORMATION = 0x17;

	public static final int WILL_DELAY = 0x18;

	public static final int REQUEST_RESPONSE_INFORMATION = 0x19;

	public static final int RESPONSE_INFORMATION = 0x1A;

	public static final int SERVER_REFERENCE = 0x1C;

	public static final int REASON_STRING = 0x1F;

	public static final int RECEIVE_MAXIMUM = 0x21;

	public static final int TOPIC_ALIAS_MAXIMUM = 0x22;

	public static final int TOPIC_ALIAS = 0x23;

	public static final int MAXIMUM_QOS = 0x24;

	public static final int RETAIN_AVAILABLE = 0x25;

	public static final int USER_PROPERTY = 0x26;

	public static final int MAXIMUM_PACKET_SIZE = 0x27;

	public static final int WILDCARD_AVAILABLE = 0x28;

	public static final int SUBSCRIPTION_IDENTIFIERS_AVAILABLE = 0x29;

	public static final int SHARED_AVAILABLE = 0x2A;

	static final WireProperties NONE = new WireProperties(Map.of());

	/**
	 * Return whether the property was there.
	 * @param id the property identifier
	 * @return whether it was there
	 */
	public boolean has(int id) {
		return this.values.containsKey(id);
	}

	/**
	 * Return the first value of a number property.
	 * @param id the property identifier
	 * @return the value, or {@code null}
	 */
	public @Nullable Long number(int id) {
		return (Long) first(id);
	}

	/**
	 * Return the first value of a text property.
	 * @param id the property identifier
	 * @return the value, or {@code null}
	 */
	public @Nullable String text(int id) {
		return (String) first(id);
	}

	/**
	 * Return the first value of a binary property.
	 * @param id the property identifier
	 * @return the value, or {@code null}
	 */
	public byte @Nullable [] binary(int id) {
		return (byte[]) first(id);
	}

	/**
	 * Return the user properties.
	 * @return each as {@code key=value}, in order
	 */
	public List<String> user() {
		return this.values.getOrDefault(USER_PROPERTY, List.of()).stream().map(String.class::cast).toList();
	}

	private @Nullable Object first(int id) {
		List<Object> all = this.values.get(id);
		return (all != null) ? all.get(0) : null;
	}

	static WireProperties read(ByteReader body) {
		ByteReader reader = new ByteReader(body.slice(body.varInt()));
		Map<Integer, List<Object>> values = new LinkedHashMap<>();
		while (reader.remaining() > 0) {
			int id = reader.varInt();
			values.computeIfAbsent(id, (key) -> new ArrayList<>()).add(value(id, reader));
		}
		return new WireProperties(values);
	}

	private static Object value(int id, ByteReader reader) {
		return switch (id) {
			case PAYLOAD_FORMAT, REQUEST_PROBLEM_INFORMATION, REQUEST_RESPONSE_INFORMATION, MAXIMUM_QOS,
					RETAIN_AVAILABLE, WILDCARD_AVAILABLE, SUBSCRIPTION_IDENTIFIERS_AVAILABLE, SHARED_AVAILABLE ->
				(long) reader.u8();
			case SERVER_KEEP_ALIVE, RECEIVE_MAXIMUM, TOPIC_ALIAS_MAXIMUM, TOPIC_ALIAS -> (long) reader.u16();
			case MESSAGE_EXPIRY, SESSION_EXPIRY, WILL_DELAY, MAXIMUM_PACKET_SIZE -> reader.u32();
			case SUBSCRIPTION_IDENTIFIER -> (long) reader.varInt();
			case CORRELATION_DATA, AUTHENTICATION_DATA -> reader.binary();
			case USER_PROPERTY -> reader.text() + "=" + reader.text();
			case CONTENT_TYPE, RESPONSE_TOPIC, ASSIGNED_CLIENT_ID, AUTHENTICATION_METHOD, RESPONSE_INFORMATION,
					SERVER_REFERENCE, REASON_STRING ->
				reader.text();
			default -> throw new IllegalStateException("No property has the identifier 0x%02X".formatted(id));
		};
	}

}
