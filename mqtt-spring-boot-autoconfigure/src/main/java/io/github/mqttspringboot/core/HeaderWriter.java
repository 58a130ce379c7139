package io.github.mqttspringboot.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessageHeaders;

import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.error.Printable;

/**
 * Turns headers into the properties of a message to publish.
 */
final class HeaderWriter {

	private static final long FOUR_BYTES = 4_294_967_295L;

	private HeaderWriter() {
	}

	/**
	 * Set what the headers say. Other headers become user properties if their values are
	 * strings and neither Spring nor this library uses their names.
	 * @param headers the headers
	 * @param builder the message to be
	 * @throws IllegalArgumentException if a header has a value of no use
	 */
	static void write(MessageHeaders headers, PublishRequest.Builder builder) {
		Object qos = headers.get(MqttMessageHeaders.QOS);
		if (qos != null) {
			builder.qos((int) number(MqttMessageHeaders.QOS, qos, 2));
		}
		Object retained = headers.get(MqttMessageHeaders.RETAINED);
		if (retained != null) {
			builder.retain(flag(retained));
		}
		Object expiry = headers.get(MqttMessageHeaders.MESSAGE_EXPIRY_INTERVAL);
		if (expiry != null) {
			builder.messageExpiry((expiry instanceof Duration duration) ? duration
					: Duration.ofSeconds(number(MqttMessageHeaders.MESSAGE_EXPIRY_INTERVAL, expiry, FOUR_BYTES)));
		}
		Object responseTopic = headers.get(MqttMessageHeaders.RESPONSE_TOPIC);
		if (responseTopic != null) {
			builder.responseTopic(text(MqttMessageHeaders.RESPONSE_TOPIC, responseTopic));
		}
		Object correlationData = headers.get(MqttMessageHeaders.CORRELATION_DATA);
		if (correlationData != null) {
			builder.correlationData((correlationData instanceof byte[] bytes) ? bytes
					: text(MqttMessageHeaders.CORRELATION_DATA, correlationData).getBytes(StandardCharsets.UTF_8));
		}
		Object contentType = headers.get(MessageHeaders.CONTENT_TYPE);
		if (contentType != null) {
			builder.contentType(contentType.toString());
		}
		headers.forEach((name, value) -> {
			if (value instanceof String text && MqttMessageMapper.isFree(name)) {
				builder.userProperty(name, text);
			}
		});
	}

	/**
	 * Return the topic that the headers name.
	 * @param headers the headers
	 * @param defaultTopic the topic if they name none, {@code null} for none
	 * @return the topic name
	 * @throws IllegalArgumentException if there is none
	 */
	static String topic(MessageHeaders headers, @Nullable String defaultTopic) {
		Object topic = headers.get(MqttMessageHeaders.TOPIC);
		if (topic != null) {
			return text(MqttMessageHeaders.TOPIC, topic);
		}
		if (defaultTopic == null) {
			throw new IllegalArgumentException("The message names no topic. Set its header '" + MqttMessageHeaders.TOPIC
					+ "' (MqttMessageHeaders.TOPIC), or the default topic of the template.");
		}
		return defaultTopic;
	}

	private static long number(String header, Object value, long max) {
		try {
			// Of a number, the text is read, too: none is cut short
			long number = Long.parseLong(value.toString());
			if (number >= 0 && number <= max) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Told below
		}
		throw invalid(header, value, "Use a whole number from 0 to " + max + ".");
	}

	private static boolean flag(Object value) {
		if (value instanceof Boolean flag) {
			return flag;
		}
		if (value.equals("true") || value.equals("false")) {
			return value.equals("true");
		}
		throw invalid(MqttMessageHeaders.RETAINED, value, "Use true or false.");
	}

	private static String text(String header, Object value) {
		if (value instanceof String text) {
			return text;
		}
		throw invalid(header, value, "Use a String.");
	}

	private static IllegalArgumentException invalid(String header, Object value, String action) {
		return new IllegalArgumentException("The header '" + header + "' has the value "
				+ Printable.escape(value.toString()) + " of type " + value.getClass().getName() + ". " + action);
	}

}
