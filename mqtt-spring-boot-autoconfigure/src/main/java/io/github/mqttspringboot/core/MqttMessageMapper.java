package io.github.mqttspringboot.core;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeTypeUtils;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.PublishProperties;

/**
 * Turns what was received into a {@link Message} with {@link MqttMessageHeaders}. The
 * payload stays as it came. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MqttMessageMapper {

	/** By these a sender could tell the application's own channels what to do. */
	private static final Set<String> RESERVED = Set.of(MessageHeaders.ID, MessageHeaders.TIMESTAMP,
			MessageHeaders.CONTENT_TYPE, MessageHeaders.REPLY_CHANNEL, MessageHeaders.ERROR_CHANNEL, "nativeHeaders",
			"lookupDestination", "conversionHint");

	/**
	 * Map a message.
	 * <p>
	 * User properties become headers of their names; of several with one name the last
	 * counts. Those called {@code id}, {@code timestamp}, {@code contentType},
	 * {@code replyChannel}, {@code errorChannel}, {@code nativeHeaders},
	 * {@code lookupDestination} and {@code conversionHint}, or whose names start with
	 * {@code mqtt_}, {@code spring} or {@code simp}, are left out, since a sender has no
	 * say in what these mean to the application. A content type that is not a MIME type
	 * is left out, too, and the payload is converted like one without.
	 * @param message what was received
	 * @return a message with the payload, not copied, and the headers
	 */
	public Message<byte[]> toMessage(ReceivedMessage message) {
		PublishProperties properties = message.properties();
		Map<String, Object> headers = new HashMap<>();
		for (UserProperty property : properties.userProperties()) {
			if (isFree(property.name())) {
				headers.put(property.name(), property.value());
			}
		}
		headers.put(MqttMessageHeaders.RECEIVED_TOPIC, message.topic());
		headers.put(MqttMessageHeaders.RECEIVED_QOS, message.qos());
		headers.put(MqttMessageHeaders.RECEIVED_RETAINED, message.retained());
		headers.put(MqttMessageHeaders.DUPLICATE, message.duplicate());
		put(headers, MqttMessageHeaders.MESSAGE_EXPIRY_INTERVAL, properties.messageExpiryInterval());
		put(headers, MqttMessageHeaders.RESPONSE_TOPIC, properties.responseTopic());
		put(headers, MqttMessageHeaders.CORRELATION_DATA, properties.correlationData());
		if (isMimeType(properties.contentType())) {
			put(headers, MessageHeaders.CONTENT_TYPE, properties.contentType());
		}
		return new GenericMessage<>(message.payload(), headers);
	}

	/**
	 * Return whether a header of this name stands for a user property.
	 * @param name the name
	 * @return whether neither Spring nor this library uses the name
	 */
	static boolean isFree(String name) {
		return !RESERVED.contains(name) && !name.startsWith(MqttMessageHeaders.PREFIX) && !name.startsWith("spring")
				&& !name.startsWith("simp");
	}

	private static boolean isMimeType(@Nullable String text) {
		try {
			MimeTypeUtils.parseMimeType((text != null) ? text : "");
			return true;
		}
		catch (InvalidMimeTypeException ex) {
			return false;
		}
	}

	private static void put(Map<String, Object> headers, String name, @Nullable Object value) {
		if (value != null) {
			headers.put(name, value);
		}
	}

}
