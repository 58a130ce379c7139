package io.github.mqttspringboot.packet;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;

/**
 * CONNACK on the wire (MQTT 5 §3.2). What holds the specification's default is not
 * written.
 */
final class ConnAckCodec {

	private static final int MAX_TWO_BYTES = 65535;

	private static final int HIGHEST_QOS = 2;

	private ConnAckCodec() {
	}

	static void write(ConnAck packet, PacketOutput output) {
		output.oneByte("Connect Acknowledge Flags", (packet.sessionPresent()) ? 1 : 0);
		output.oneByte("Reason Code", packet.code());
		output.properties((writer) -> writeProperties(packet, writer));
	}

	private static void writeProperties(ConnAck packet, PropertyWriter writer) {
		writer.number(Property.SESSION_EXPIRY_INTERVAL, packet.sessionExpiryInterval());
		writer.number(Property.RECEIVE_MAXIMUM, unless(MAX_TWO_BYTES, packet.receiveMaximum()));
		writer.number(Property.MAXIMUM_QOS, unless(HIGHEST_QOS, packet.maximumQos()));
		writer.available(Property.RETAIN_AVAILABLE, packet.retainAvailable());
		writer.number(Property.MAXIMUM_PACKET_SIZE, packet.maximumPacketSize());
		writer.text(Property.ASSIGNED_CLIENT_IDENTIFIER, packet.assignedClientId());
		writer.number(Property.TOPIC_ALIAS_MAXIMUM, unless(0, packet.topicAliasMaximum()));
		writer.text(Property.REASON_STRING, packet.reasonString());
		writer.user(packet.userProperties());
		writer.available(Property.WILDCARD_SUBSCRIPTION_AVAILABLE, packet.wildcardSubscriptionAvailable());
		writer.available(Property.SUBSCRIPTION_IDENTIFIER_AVAILABLE, packet.subscriptionIdentifierAvailable());
		writer.available(Property.SHARED_SUBSCRIPTION_AVAILABLE, packet.sharedSubscriptionAvailable());
		writer.number(Property.SERVER_KEEP_ALIVE, packet.serverKeepAlive());
		writer.text(Property.SERVER_REFERENCE, packet.serverReference());
	}

	private static @Nullable Integer unless(int absent, int value) {
		return (value != absent) ? value : null;
	}

	static ConnAck read(PacketInput input) throws PacketException {
		boolean version311 = input.remaining() == 2;
		int flags = input.oneByte("Connect Acknowledge Flags");
		int code = input.oneByte("Reason Code");
		if (version311) {
			// Never MQTT 5, whose CONNACK has at least a Property Length
			throw input.failure(LocalError.MQTT_3_1_1_ONLY,
					String.format(Locale.ROOT,
							"this server speaks only MQTT 3.1.1; it answered with return code 0x%02X (%s)", code,
							returnCode(code)));
		}
		if ((flags & 0xFE) != 0) {
			throw input.malformed("a reserved bit of the Connect Acknowledge Flags is set [MQTT-3.2.2-1]");
		}
		// Session Present beside an error code is wrong too [MQTT-3.2.2-6], but the code
		// tells more about why there is no connection
		PropertyReader reader = PropertyReader.read(input);
		input.requireEnd();
		return new ConnAck((flags & 1) != 0, code, reader.number(Property.SESSION_EXPIRY_INTERVAL),
				reader.integer(Property.RECEIVE_MAXIMUM, MAX_TWO_BYTES),
				reader.integer(Property.MAXIMUM_QOS, HIGHEST_QOS), reader.available(Property.RETAIN_AVAILABLE),
				reader.number(Property.MAXIMUM_PACKET_SIZE), reader.text(Property.ASSIGNED_CLIENT_IDENTIFIER),
				reader.integer(Property.TOPIC_ALIAS_MAXIMUM, 0),
				reader.available(Property.WILDCARD_SUBSCRIPTION_AVAILABLE),
				reader.available(Property.SUBSCRIPTION_IDENTIFIER_AVAILABLE),
				reader.available(Property.SHARED_SUBSCRIPTION_AVAILABLE), reader.integer(Property.SERVER_KEEP_ALIVE),
				reader.text(Property.SERVER_REFERENCE), reader.text(Property.REASON_STRING), reader.user());
	}

	private static String returnCode(int code) {
		return switch (code) {
			case 0 -> "connection accepted";
			case 1 -> "unacceptable protocol version";
			case 2 -> "identifier rejected";
			case 3 -> "server unavailable";
			case 4 -> "bad user name or password";
			case 5 -> "not authorized";
			default -> "unknown";
		};
	}

}
