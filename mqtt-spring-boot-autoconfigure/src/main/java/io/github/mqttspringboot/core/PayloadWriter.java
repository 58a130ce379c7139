package io.github.mqttspringboot.core;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;

import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.error.Printable;

/**
 * Turns an object into the payload of a message.
 */
class PayloadWriter {

	static final String REMEDY = "put spring-boot-jackson on the class path, or define a MessageConverter bean named "
			+ "mqttMessageConverter";

	private static final String TEXT = "text/plain";

	private final @Nullable MessageConverter messageConverter;

	PayloadWriter(@Nullable MessageConverter messageConverter) {
		this.messageConverter = messageConverter;
	}

	/**
	 * Set the payload, and the content type if the payload has one.
	 * @param topic the topic name, for messages
	 * @param payload the payload
	 * @param headers the headers for the converter, {@code null} for none
	 * @param builder the message to be
	 */
	void write(String topic, Object payload, @Nullable MessageHeaders headers, PublishRequest.Builder builder) {
		if (payload instanceof String) {
			builder.contentType(TEXT);
		}
		if (!writeAsIs(payload, builder)) {
			Message<?> message = convert(topic, payload, headers);
			if (!writeAsIs(message.getPayload(), builder)) {
				throw failure(topic, payload, "its message converter made a "
						+ message.getPayload().getClass().getName() + " of it, and only byte[] and String can be sent",
						null);
			}
			Object contentType = message.getHeaders().get(MessageHeaders.CONTENT_TYPE);
			if (contentType != null) {
				builder.contentType(contentType.toString());
			}
		}
	}

	private static boolean writeAsIs(Object payload, PublishRequest.Builder builder) {
		if (payload instanceof byte[] bytes) {
			builder.payload(bytes);
			return true;
		}
		if (payload instanceof String text) {
			builder.payload(text);
			return true;
		}
		return false;
	}

	private Message<?> convert(String topic, Object payload, @Nullable MessageHeaders headers) {
		if (this.messageConverter == null) {
			throw failure(topic, payload,
					"there is no message converter. Publish a byte[] or a String, or give the template one", null);
		}
		Message<?> message;
		try {
			message = this.messageConverter.toMessage(payload, headers);
		}
		catch (RuntimeException ex) {
			throw failure(topic, payload, "its message converter failed: " + ex.getMessage(), ex);
		}
		if (message == null) {
			Object contentType = (headers != null) ? headers.get(MessageHeaders.CONTENT_TYPE) : null;
			throw failure(topic, payload,
					"the message converter "
							+ this.messageConverter.getClass().getName() + " does not take it" + ((contentType != null)
									? " with the content type " + Printable.escape("" + contentType) : "")
							+ ". Publish a byte[] or a String, " + REMEDY + " that takes it",
					null);
		}
		return message;
	}

	private static MessageConversionException failure(String topic, Object payload, String reason,
			@Nullable Throwable cause) {
		return new MessageConversionException("The payload of type " + payload.getClass().getName() + " for "
				+ Printable.escape(topic) + " was not published: " + reason + ".", cause);
	}

}
