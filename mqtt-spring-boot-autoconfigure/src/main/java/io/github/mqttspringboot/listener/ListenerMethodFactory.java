package io.github.mqttspringboot.listener;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.GenericMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.annotation.support.DestinationVariableMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.validation.Validator;

import io.github.mqttspringboot.client.ReceivedMessage;

/**
 * Makes listener methods, whose arguments are those of Spring Messaging and ours.
 */
final class ListenerMethodFactory extends DefaultMessageHandlerMethodFactory {

	private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

	private MessageConverter converter = new GenericMessageConverter();

	private @Nullable Validator validator;

	ListenerMethodFactory(List<HandlerMethodArgumentResolver> custom) {
		List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>(custom);
		resolvers.add(new OwnTypesResolver());
		DefaultFormattingConversionService conversion = new DefaultFormattingConversionService();
		resolvers.add(new DestinationVariableMethodArgumentResolver(conversion));
		setConversionService(conversion);
		setCustomArgumentResolvers(resolvers);
	}

	@Override
	public void setMessageConverter(MessageConverter messageConverter) {
		super.setMessageConverter(messageConverter);
		this.converter = messageConverter;
	}

	@Override
	public void setValidator(Validator validator) {
		super.setValidator(validator);
		this.validator = validator;
	}

	@Override
	protected List<HandlerMethodArgumentResolver> initArgumentResolvers() {
		List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>(super.initArgumentResolvers());
		resolvers.replaceAll((resolver) -> EmptyPayloads.replace(resolver, this.converter, this.validator));
		return resolvers;
	}

	@Override
	public void afterPropertiesSet() {
		super.afterPropertiesSet();
		this.resolvers.clear();
		this.resolvers.addResolvers(initArgumentResolvers());
	}

	@Override
	public InvocableHandlerMethod createInvocableHandlerMethod(Object bean, Method method) {
		ListenerMethod result = ListenerMethod.of(bean, method);
		result.setMessageMethodArgumentResolvers(this.resolvers);
		return result;
	}

	/**
	 * Supplies {@link ReceivedMessage} and {@link Acknowledgment}.
	 */
	private static final class OwnTypesResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			Class<?> type = parameter.getParameterType();
			return type == ReceivedMessage.class || type == Acknowledgment.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			if (!(message instanceof ListenerMessage own)) {
				throw new IllegalArgumentException("Not a message of a listener: " + message);
			}
			return (parameter.getParameterType() == ReceivedMessage.class) ? own.received() : own.acknowledgment();
		}

	}

}
