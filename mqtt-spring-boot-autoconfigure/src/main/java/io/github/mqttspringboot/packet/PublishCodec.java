package io.github.mqttspringboot.packet;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.Printable;

/**
 * PUBLISH on the wire (MQTT 5 §3.3).
 */
final class PublishCodec {

	private static final String TOPIC = "Topic Name";

	private PublishCodec() {
	}

	static int flags(Publish packet) {
		PacketOutput.requireRange("QoS", packet.qos(), 0, 2);
		return ((packet.duplicate()) ? 8 : 0) | (packet.qos() << 1) | ((packet.retain()) ? 1 : 0);
	}

	static void write(Publish packet, PacketOutput output) {
		writeHead(packet, output);
		output.raw(packet.payload());
	}

	static void writeHead(Publish packet, PacketOutput output) {
		output.text(TOPIC, packet.topic());
		if (packet.qos() > 0) {
			output.packetIdentifier(packet.packetId());
		}
		else if (packet.packetId() != 0 || packet.duplicate()) {
			throw new IllegalArgumentException("A PUBLISH with QoS 0 has neither packet identifier nor DUP flag");
		}
		output.properties((writer) -> writeProperties(packet.properties(), writer));
	}

	private static void writeProperties(PublishProperties properties, PropertyWriter writer) {
		writer.number(Property.PAYLOAD_FORMAT_INDICATOR, properties.payloadFormatIndicator());
		writer.number(Property.MESSAGE_EXPIRY_INTERVAL, properties.messageExpiryInterval());
		writer.number(Property.TOPIC_ALIAS, properties.topicAlias());
		writer.text(Property.RESPONSE_TOPIC, properties.responseTopic());
		writer.binary(Property.CORRELATION_DATA, properties.correlationData());
		writer.user(properties.userProperties());
		for (Integer identifier : properties.subscriptionIdentifiers()) {
			writer.number(Property.SUBSCRIPTION_IDENTIFIER, identifier);
		}
		writer.text(Property.CONTENT_TYPE, properties.contentType());
	}

	static int payloadStart(int flags, ByteBuffer body) {
		int start = body.position();
		if (body.remaining() < 2) {
			return -1;
		}
		int position = start + 2 + (body.getShort(start) & 0xFFFF);
		if ((flags & 6) != 0) {
			position += 2;
		}
		int properties = 0;
		for (int shift = 0; shift <= 21 && position < body.limit(); shift += 7) {
			int octet = body.get(position++);
			properties |= (octet & 0x7F) << shift;
			if (octet >= 0) {
				return position + properties - start;
			}
		}
		return -1;
	}

	static Publish read(int flags, PacketInput input, byte @Nullable [] payload) throws PacketException {
		boolean duplicate = (flags & 8) != 0;
		int qos = (flags >> 1) & 3;
		if (qos == 3) {
			throw input.protocolError("QoS is 3 [MQTT-3.3.1-4]");
		}
		if (qos == 0 && duplicate) {
			throw input.protocolError("the DUP flag is set with QoS 0 [MQTT-3.3.1-2]");
		}
		String topic = input.text(TOPIC);
		int packetId = (qos > 0) ? input.packetIdentifier() : 0;
		PropertyReader reader = PropertyReader.read(input);
		if (reader.has(Property.TOPIC_ALIAS)) {
			throw input.failure(LocalError.INBOUND_TOPIC_ALIAS_INVALID,
					"Topic Alias is " + reader.integer(Property.TOPIC_ALIAS) + ", but none was offered");
		}
		requireName(TOPIC, topic, input);
		String responseTopic = reader.text(Property.RESPONSE_TOPIC);
		if (responseTopic != null) {
			requireName(Property.RESPONSE_TOPIC.title(), responseTopic, input);
		}
		return new Publish(packetId, topic, qos, (flags & 1) != 0, duplicate, properties(reader, responseTopic),
				(payload != null) ? payload : input.rest());
	}

	private static PublishProperties properties(PropertyReader reader, @Nullable String responseTopic) {
		if (reader == PropertyReader.none()) {
			return PublishProperties.NONE;
		}
		return new PublishProperties(reader.integer(Property.PAYLOAD_FORMAT_INDICATOR),
				reader.number(Property.MESSAGE_EXPIRY_INTERVAL), null, responseTopic,
				reader.binary(Property.CORRELATION_DATA), reader.user(), reader.subscriptionIdentifiers(),
				reader.text(Property.CONTENT_TYPE));
	}

	private static void requireName(String what, String topic, PacketInput input) throws PacketException {
		if (topic.isEmpty()) {
			throw input.protocolError(what + " is empty");
		}
		if (Topics.hasWildcard(topic)) {
			throw input.protocolError(what + " contains a wildcard: " + Printable.escape(topic));
		}
	}

}
