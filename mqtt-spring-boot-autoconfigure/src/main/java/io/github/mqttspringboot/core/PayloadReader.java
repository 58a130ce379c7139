package io.github.mqttspringboot.core;

import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.util.ClassUtils;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeTypeUtils;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.Printable;

/**
 * Turns what was received into an object.
 */
class PayloadReader {

	private final MqttMessageMapper mapper = new MqttMessageMapper();

	private final @Nullable MessageConverter messageConverter;

	PayloadReader(@Nullable MessageConverter messageConverter) {
		this.messageConverter = messageConverter;
	}

	/**
	 * Convert a message.
	 * @param message the message
	 * @param type {@code byte[]}, {@link String}, {@link ReceivedMessage} or
	 * {@link Message} for what needs no converter, else what the converter is to make
	 * @return an object of the type
	 */
	Object read(ReceivedMessage message, Type type) {
		if (type == byte[].class) {
			return message.payload();
		}
		if (type == String.class) {
			return new String(message.payload(), charset(message.properties().contentType()));
		}
		if (type == ReceivedMessage.class) {
			return message;
		}
		return (type == Message.class) ? this.mapper.toMessage(message) : convert(message, type);
	}

	private Object convert(ReceivedMessage message, Type type) {
		if (this.messageConverter == null) {
			throw failure(message, type,
					"there is no message converter. Ask for byte[] or String, or give the " + "template one", null);
		}
		Class<?> targetClass = ClassUtils
			.resolvePrimitiveIfNecessary(ResolvableType.forType(type).resolve(Object.class));
		Object result;
		try {
			Message<byte[]> mapped = this.mapper.toMessage(message);
			result = (this.messageConverter instanceof SmartMessageConverter smart && !(type instanceof Class))
					? smart.fromMessage(mapped, targetClass, new TypeHint(type, targetClass))
					: this.messageConverter.fromMessage(mapped, targetClass);
		}
		catch (RuntimeException ex) {
			throw failure(message, type, "its message converter failed: " + ex.getMessage(), ex);
		}
		if (!targetClass.isInstance(result)) {
			throw failure(message, type,
					"the message converter " + this.messageConverter.getClass().getName()
							+ " makes none of it. Ask for byte[] or String, " + PayloadWriter.REMEDY + " that does",
					null);
		}
		return result;
	}

	private static Charset charset(@Nullable String contentType) {
		try {
			Charset charset = MimeTypeUtils.parseMimeType((contentType != null) ? contentType : "").getCharset();
			return (charset != null) ? charset : StandardCharsets.UTF_8;
		}
		catch (InvalidMimeTypeException ex) {
			return StandardCharsets.UTF_8;
		}
	}

	private static MessageConversionException failure(ReceivedMessage message, Type type, String reason,
			@Nullable Throwable cause) {
		String contentType = message.properties().contentType();
		return new MessageConversionException("The message on " + Printable.escape(message.topic()) + " with "
				+ ((contentType != null) ? "the content type " + Printable.escape(contentType) : "no content type")
				+ " was not converted to " + type.getTypeName() + ": " + reason + ".", cause);
	}

}
