package io.github.mqttspringboot.listener;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.MessageMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.validation.Validator;

/**
 * Supplies payloads and messages as Spring Messaging does, but takes an empty payload for
 * no bytes or no text instead of a mistake: it is what clears a retained message (MQTT 5
 * §3.3.1.3).
 */
final class EmptyPayloads {

	private EmptyPayloads() {
	}

	/**
	 * Replace a resolver that rejects empty payloads.
	 * @param resolver the resolver
	 * @param converter converts payloads
	 * @param validator checks payloads, {@code null} for nobody
	 * @return the resolver to use instead
	 */
	static HandlerMethodArgumentResolver replace(HandlerMethodArgumentResolver resolver, MessageConverter converter,
			@Nullable Validator validator) {
		if (resolver.getClass() == PayloadMethodArgumentResolver.class) {
			return new Payloads(converter, validator);
		}
		return (resolver.getClass() == MessageMethodArgumentResolver.class) ? new Messages(converter) : resolver;
	}

	private static boolean isEmpty(Message<?> message) {
		return message.getPayload() instanceof byte[] bytes && bytes.length == 0;
	}

	private static final class Payloads extends PayloadMethodArgumentResolver {

		Payloads(MessageConverter converter, @Nullable Validator validator) {
			super(converter, validator);
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
			Payload annotation = parameter.getParameterAnnotation(Payload.class);
			boolean required = (annotation == null || annotation.required()) && !parameter.isOptional();
			if (!isEmpty(message) || !required) {
				return super.resolveArgument(parameter, message);
			}
			Class<?> type = parameter.getParameterType();
			Object empty = (type == String.class || type == CharSequence.class) ? "" : message.getPayload();
			if (!type.isInstance(empty)) {
				throw new MessageConversionException(message, "The payload is empty, and no " + type.getName()
						+ " can be made of it. Use @Payload(required = false), byte[] or String");
			}
			validate(message, parameter, empty);
			return empty;
		}

	}

	private static final class Messages extends MessageMethodArgumentResolver {

		Messages(MessageConverter converter) {
			super(converter);
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
			boolean text = parameter.getParameterType() == Message.class
					&& getPayloadType(parameter, message) == String.class;
			return super.resolveArgument(parameter,
					(text && isEmpty(message)) ? MessageBuilder.createMessage("", message.getHeaders()) : message);
		}

	}

}
