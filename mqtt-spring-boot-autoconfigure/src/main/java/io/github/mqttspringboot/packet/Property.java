package io.github.mqttspringboot.packet;

import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;

import static io.github.mqttspringboot.error.PacketType.CONNACK;
import static io.github.mqttspringboot.error.PacketType.DISCONNECT;
import static io.github.mqttspringboot.error.PacketType.PUBACK;
import static io.github.mqttspringboot.error.PacketType.PUBCOMP;
import static io.github.mqttspringboot.error.PacketType.PUBLISH;
import static io.github.mqttspringboot.error.PacketType.PUBREC;
import static io.github.mqttspringboot.error.PacketType.PUBREL;
import static io.github.mqttspringboot.error.PacketType.SUBACK;
import static io.github.mqttspringboot.error.PacketType.SUBSCRIBE;
import static io.github.mqttspringboot.error.PacketType.UNSUBACK;
import static io.github.mqttspringboot.error.PacketType.UNSUBSCRIBE;

/**
 * The properties of the packets that the codec knows (MQTT 5 §2.2.2.2).
 */
enum Property {

	PAYLOAD_FORMAT_INDICATOR(0x01, "Payload Format Indicator", Kind.FLAG, PUBLISH),

	MESSAGE_EXPIRY_INTERVAL(0x02, "Message Expiry Interval", Kind.FOUR_BYTES, PUBLISH),

	CONTENT_TYPE(0x03, "Content Type", Kind.TEXT, PUBLISH),

	RESPONSE_TOPIC(0x08, "Response Topic", Kind.TEXT, PUBLISH),

	CORRELATION_DATA(0x09, "Correlation Data", Kind.BINARY, PUBLISH),

	SUBSCRIPTION_IDENTIFIER(0x0B, "Subscription Identifier", Kind.VARIABLE_POSITIVE, PUBLISH, SUBSCRIBE),

	SESSION_EXPIRY_INTERVAL(0x11, "Session Expiry Interval", Kind.FOUR_BYTES, CONNACK, DISCONNECT),

	ASSIGNED_CLIENT_IDENTIFIER(0x12, "Assigned Client Identifier", Kind.TEXT, CONNACK),

	SERVER_KEEP_ALIVE(0x13, "Server Keep Alive", Kind.TWO_BYTES, CONNACK),

	AUTHENTICATION_METHOD(0x15, "Authentication Method", Kind.TEXT, CONNACK),

	AUTHENTICATION_DATA(0x16, "Authentication Data", Kind.BINARY, CONNACK),

	RESPONSE_INFORMATION(0x1A, "Response Information", Kind.TEXT, CONNACK),

	SERVER_REFERENCE(0x1C, "Server Reference", Kind.TEXT, CONNACK, DISCONNECT),

	REASON_STRING(0x1F, "Reason String", Kind.TEXT, CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK,
			DISCONNECT),

	RECEIVE_MAXIMUM(0x21, "Receive Maximum", Kind.TWO_BYTES_POSITIVE, CONNACK),

	TOPIC_ALIAS_MAXIMUM(0x22, "Topic Alias Maximum", Kind.TWO_BYTES, CONNACK),

	TOPIC_ALIAS(0x23, "Topic Alias", Kind.TWO_BYTES_POSITIVE, PUBLISH),

	MAXIMUM_QOS(0x24, "Maximum QoS", Kind.FLAG, CONNACK),

	RETAIN_AVAILABLE(0x25, "Retain Available", Kind.FLAG, CONNACK),

	USER_PROPERTY(0x26, "User Property", Kind.PAIR, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE,
			SUBACK, UNSUBSCRIBE, UNSUBACK, DISCONNECT),

	MAXIMUM_PACKET_SIZE(0x27, "Maximum Packet Size", Kind.FOUR_BYTES_POSITIVE, CONNACK),

	WILDCARD_SUBSCRIPTION_AVAILABLE(0x28, "Wildcard Subscription Available", Kind.FLAG, CONNACK),

	SUBSCRIPTION_IDENTIFIER_AVAILABLE(0x29, "Subscription Identifier Available", Kind.FLAG, CONNACK),

	SHARED_SUBSCRIPTION_AVAILABLE(0x2A, "Shared Subscription Available", Kind.FLAG, CONNACK);

	private static final @Nullable Property[] BY_IDENTIFIER = new @Nullable Property[0x2B];

	static {
		for (Property property : values()) {
			BY_IDENTIFIER[property.identifier] = property;
		}
	}

	private final int identifier;

	private final String title;

	private final Kind kind;

	private final Set<PacketType> packets;

	Property(int identifier, String title, Kind kind, PacketType first, PacketType... others) {
		this.identifier = identifier;
		this.title = title;
		this.kind = kind;
		this.packets = EnumSet.of(first, others);
	}

	int identifier() {
		return this.identifier;
	}

	String title() {
		return this.title;
	}

	Kind kind() {
		return this.kind;
	}

	boolean isAllowedIn(PacketType packet) {
		return this.packets.contains(packet);
	}

	boolean isRepeatableIn(PacketType packet) {
		return this == USER_PROPERTY || (this == SUBSCRIPTION_IDENTIFIER && packet == PUBLISH);
	}

	static @Nullable Property find(int identifier) {
		return (identifier < BY_IDENTIFIER.length) ? BY_IDENTIFIER[identifier] : null;
	}

	/**
	 * How a property's value is encoded, and the range of numbers.
	 */
	enum Kind {

		/** A byte, 0 or 1. */
		FLAG(0, 1),

		TWO_BYTES(0, 0xFFFF),

		TWO_BYTES_POSITIVE(1, 0xFFFF),

		FOUR_BYTES(0, 0xFFFF_FFFFL),

		FOUR_BYTES_POSITIVE(1, 0xFFFF_FFFFL),

		VARIABLE_POSITIVE(1, VariableByteInteger.MAX),

		TEXT(0, 0),

		BINARY(0, 0),

		/** Two strings. */
		PAIR(0, 0);

		private final long min;

		private final long max;

		Kind(long min, long max) {
			this.min = min;
			this.max = max;
		}

		boolean isInRange(long value) {
			return value >= this.min && value <= this.max;
		}

		String range() {
			return this.min + " to " + this.max;
		}

	}

}
