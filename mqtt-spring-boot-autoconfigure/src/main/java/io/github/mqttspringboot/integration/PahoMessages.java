package io.github.mqttspringboot.integration;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.packet.PublishProperties;

/**
 * Messages between the client's types and Paho's.
 */
final class PahoMessages {

	private PahoMessages() {
	}

	/**
	 * Turn a message of Paho into one of the client. A topic alias is left to the client,
	 * which uses none.
	 * @param topic the topic name
	 * @param message the message
	 * @return the request
	 * @throws IllegalArgumentException if a property is out of its range
	 */
	static PublishRequest request(String topic, MqttMessage message) {
		PublishRequest.Builder builder = PublishRequest.to(topic)
			.qos(message.getQos())
			.retain(message.isRetained())
			.payload(message.getPayload());
		MqttProperties properties = message.getProperties();
		if (properties == null) {
			return builder.build();
		}
		// Spring Integration declares whatever has a content type to be text
		String text = (properties.getPayloadFormat()) ? text(message.getPayload()) : null;
		if (text != null) {
			builder.payload(text);
		}
		Long expiry = properties.getMessageExpiryInterval();
		if (expiry != null) {
			builder.messageExpiry(Duration.ofSeconds(expiry));
		}
		builder.contentType(properties.getContentType());
		builder.responseTopic(properties.getResponseTopic());
		builder.correlationData(properties.getCorrelationData());
		List<UserProperty> userProperties = properties.getUserProperties();
		if (userProperties != null) {
			userProperties.forEach((property) -> builder.userProperty(property.getKey(), property.getValue()));
		}
		return builder.build();
	}

	private static @Nullable String text(byte[] payload) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	/**
	 * Turn a message of the client into one of Paho.
	 * @param received the message
	 * @param id its number, 0 for none
	 * @return the message
	 */
	static MqttMessage message(ReceivedMessage received, int id) {
		MqttMessage message = new MqttMessage(received.payload(), received.qos(), received.retained(),
				properties(received.properties()));
		message.setDuplicate(received.duplicate());
		message.setId(id);
		return message;
	}

	private static MqttProperties properties(PublishProperties source) {
		MqttProperties properties = new MqttProperties();
		Integer format = source.payloadFormatIndicator();
		if (format != null) {
			properties.setPayloadFormat(format == 1);
		}
		if (source.messageExpiryInterval() != null) {
			properties.setMessageExpiryInterval(source.messageExpiryInterval());
		}
		if (source.responseTopic() != null) {
			properties.setResponseTopic(source.responseTopic());
		}
		if (source.correlationData() != null) {
			properties.setCorrelationData(source.correlationData());
		}
		if (source.contentType() != null) {
			properties.setContentType(source.contentType());
		}
		List<UserProperty> userProperties = new ArrayList<>();
		source.userProperties().forEach((user) -> userProperties.add(new UserProperty(user.name(), user.value())));
		properties.setUserProperties(userProperties);
		return properties;
	}

}
