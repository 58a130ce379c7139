package io.github.mqttspringboot.error;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import static io.github.mqttspringboot.error.PacketType.AUTH;
import static io.github.mqttspringboot.error.PacketType.CONNACK;
import static io.github.mqttspringboot.error.PacketType.DISCONNECT;
import static io.github.mqttspringboot.error.PacketType.PUBACK;
import static io.github.mqttspringboot.error.PacketType.PUBCOMP;
import static io.github.mqttspringboot.error.PacketType.PUBREC;
import static io.github.mqttspringboot.error.PacketType.PUBREL;
import static io.github.mqttspringboot.error.PacketType.SUBACK;
import static io.github.mqttspringboot.error.PacketType.UNSUBACK;

/**
 * MQTT 5 reason codes (MQTT 5 §2.4). A value has a different name in different packets:
 * 0x00 is {@link #SUCCESS}, {@link #NORMAL_DISCONNECTION} or {@link #GRANTED_QOS_0}.
 *
 * @since 0.1.0
 */
public enum ReasonCode {

	/** 0x00 Granted QoS 0. */
	GRANTED_QOS_0(0x00, "Granted QoS 0", SUBACK),

	/** 0x00 Normal disconnection. */
	NORMAL_DISCONNECTION(0x00, "Normal disconnection", DISCONNECT),

	/** 0x00 Success. */
	SUCCESS(0x00, "Success", CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK, AUTH),

	/** 0x01 Granted QoS 1. */
	GRANTED_QOS_1(0x01, "Granted QoS 1", SUBACK),

	/** 0x02 Granted QoS 2. */
	GRANTED_QOS_2(0x02, "Granted QoS 2", SUBACK),

	/** 0x04 Disconnect with Will Message. */
	DISCONNECT_WITH_WILL_MESSAGE(0x04, "Disconnect with Will Message", DISCONNECT),

	/** 0x10 No matching subscribers. */
	NO_MATCHING_SUBSCRIBERS(0x10, "No matching subscribers", PUBACK, PUBREC),

	/** 0x11 No subscription existed. */
	NO_SUBSCRIPTION_EXISTED(0x11, "No subscription existed", UNSUBACK),

	/** 0x18 Continue authentication. */
	CONTINUE_AUTHENTICATION(0x18, "Continue authentication", AUTH),

	/** 0x19 Re-authenticate. */
	RE_AUTHENTICATE(0x19, "Re-authenticate", AUTH),

	/** 0x80 Unspecified error. */
	UNSPECIFIED_ERROR(0x80, "Unspecified error", CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT),

	/** 0x81 Malformed Packet. */
	MALFORMED_PACKET(0x81, "Malformed Packet", CONNACK, DISCONNECT),

	/** 0x82 Protocol Error. */
	PROTOCOL_ERROR(0x82, "Protocol Error", CONNACK, DISCONNECT),

	/** 0x83 Implementation specific error. */
	IMPLEMENTATION_SPECIFIC_ERROR(0x83, "Implementation specific error", CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK,
			DISCONNECT),

	/** 0x84 Unsupported Protocol Version. */
	UNSUPPORTED_PROTOCOL_VERSION(0x84, "Unsupported Protocol Version", CONNACK),

	/** 0x85 Client Identifier not valid. */
	CLIENT_IDENTIFIER_NOT_VALID(0x85, "Client Identifier not valid", CONNACK),

	/** 0x86 Bad User Name or Password. */
	BAD_USER_NAME_OR_PASSWORD(0x86, "Bad User Name or Password", CONNACK),

	/** 0x87 Not authorized. */
	NOT_AUTHORIZED(0x87, "Not authorized", CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT),

	/** 0x88 Server unavailable. */
	SERVER_UNAVAILABLE(0x88, "Server unavailable", CONNACK),

	/** 0x89 Server busy. */
	SERVER_BUSY(0x89, "Server busy", CONNACK, DISCONNECT),

	/** 0x8A Banned. */
	BANNED(0x8A, "Banned", CONNACK),

	/** 0x8B Server shutting down. */
	SERVER_SHUTTING_DOWN(0x8B, "Server shutting down", DISCONNECT),

	/** 0x8C Bad authentication method. */
	BAD_AUTHENTICATION_METHOD(0x8C, "Bad authentication method", CONNACK, DISCONNECT),

	/** 0x8D Keep Alive timeout. */
	KEEP_ALIVE_TIMEOUT(0x8D, "Keep Alive timeout", DISCONNECT),

	/** 0x8E Session taken over. */
	SESSION_TAKEN_OVER(0x8E, "Session taken over", DISCONNECT),

	/** 0x8F Topic Filter invalid. */
	TOPIC_FILTER_INVALID(0x8F, "Topic Filter invalid", SUBACK, UNSUBACK, DISCONNECT),

	/** 0x90 Topic Name invalid. */
	TOPIC_NAME_INVALID(0x90, "Topic Name invalid", CONNACK, PUBACK, PUBREC, DISCONNECT),

	/** 0x91 Packet Identifier in use. */
	PACKET_IDENTIFIER_IN_USE(0x91, "Packet Identifier in use", PUBACK, PUBREC, SUBACK, UNSUBACK),

	/** 0x92 Packet Identifier not found. */
	PACKET_IDENTIFIER_NOT_FOUND(0x92, "Packet Identifier not found", PUBREL, PUBCOMP),

	/** 0x93 Receive Maximum exceeded. */
	RECEIVE_MAXIMUM_EXCEEDED(0x93, "Receive Maximum exceeded", DISCONNECT),

	/** 0x94 Topic Alias invalid. */
	TOPIC_ALIAS_INVALID(0x94, "Topic Alias invalid", DISCONNECT),

	/** 0x95 Packet too large. */
	PACKET_TOO_LARGE(0x95, "Packet too large", CONNACK, DISCONNECT),

	/** 0x96 Message rate too high. */
	MESSAGE_RATE_TOO_HIGH(0x96, "Message rate too high", DISCONNECT),

	/** 0x97 Quota exceeded. */
	QUOTA_EXCEEDED(0x97, "Quota exceeded", CONNACK, PUBACK, PUBREC, SUBACK, DISCONNECT),

	/** 0x98 Administrative action. */
	ADMINISTRATIVE_ACTION(0x98, "Administrative action", DISCONNECT),

	/** 0x99 Payload format invalid. */
	PAYLOAD_FORMAT_INVALID(0x99, "Payload format invalid", CONNACK, PUBACK, PUBREC, DISCONNECT),

	/** 0x9A Retain not supported. */
	RETAIN_NOT_SUPPORTED(0x9A, "Retain not supported", CONNACK, DISCONNECT),

	/** 0x9B QoS not supported. */
	QOS_NOT_SUPPORTED(0x9B, "QoS not supported", CONNACK, DISCONNECT),

	/** 0x9C Use another server. */
	USE_ANOTHER_SERVER(0x9C, "Use another server", CONNACK, DISCONNECT),

	/** 0x9D Server moved. */
	SERVER_MOVED(0x9D, "Server moved", CONNACK, DISCONNECT),

	/** 0x9E Shared Subscriptions not supported. */
	SHARED_SUBSCRIPTIONS_NOT_SUPPORTED(0x9E, "Shared Subscriptions not supported", SUBACK, DISCONNECT),

	/** 0x9F Connection rate exceeded. */
	CONNECTION_RATE_EXCEEDED(0x9F, "Connection rate exceeded", CONNACK, DISCONNECT),

	/** 0xA0 Maximum connect time. */
	MAXIMUM_CONNECT_TIME(0xA0, "Maximum connect time", DISCONNECT),

	/** 0xA1 Subscription Identifiers not supported. */
	SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED(0xA1, "Subscription Identifiers not supported", SUBACK, DISCONNECT),

	/** 0xA2 Wildcard Subscriptions not supported. */
	WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED(0xA2, "Wildcard Subscriptions not supported", SUBACK, DISCONNECT);

	private final int value;

	private final String description;

	private final String label;

	private final Set<PacketType> packets;

	ReasonCode(int value, String description, PacketType first, PacketType... others) {
		this.value = value;
		this.description = description;
		this.label = name().toLowerCase(Locale.ROOT).replace('_', '-');
		this.packets = Set.copyOf(EnumSet.of(first, others));
	}

	/**
	 * Return the value on the wire.
	 * @return 0 to 255
	 */
	public int value() {
		return this.value;
	}

	/**
	 * Return the name that the specification gives.
	 * @return the name, for example {@code Not authorized}
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Return the name as used in metric tags and property names.
	 * @return the kebab case name, for example {@code not-authorized}
	 */
	public String label() {
		return this.label;
	}

	/**
	 * Return whether the specification allows this code in a packet.
	 * @param packet the packet type
	 * @return {@code true} if the code is legal there
	 */
	public boolean isLegalIn(PacketType packet) {
		return this.packets.contains(packet);
	}

	/**
	 * Find the reason code that a value means in a packet.
	 * @param packet the packet type
	 * @param value the value on the wire
	 * @return the reason code, or {@code null} if MQTT 5 knows none
	 */
	public static @Nullable ReasonCode find(PacketType packet, int value) {
		for (ReasonCode candidate : values()) {
			if (candidate.value == value && candidate.isLegalIn(packet)) {
				return candidate;
			}
		}
		return null;
	}

}
