package io.github.mqttspringboot.annotation;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.ReflectiveProcessor;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.support.MessageHeaderAccessor;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.listener.Acknowledgment;

/**
 * Hints for listener methods in a native image: the method is called, and its payload and
 * result are converted, by reflection.
 */
class MqttListenerReflectiveProcessor implements ReflectiveProcessor {

	private final BindingReflectionHintsRegistrar bindings = new BindingReflectionHintsRegistrar();

	@Override
	public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
		if (element instanceof Class<?> type) {
			hints.registerType(type);
		}
		if (element instanceof Method method) {
			hints.registerMethod(method, ExecutableMode.INVOKE);
			for (int i = 0; i < method.getParameterCount(); i++) {
				MethodParameter parameter = new MethodParameter(method, i);
				if (isPayload(parameter)) {
					register(hints, parameter.getGenericParameterType());
				}
			}
			register(hints, method.getGenericReturnType());
		}
	}

	private static boolean isPayload(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return !parameter.hasParameterAnnotation(Header.class) && !parameter.hasParameterAnnotation(Headers.class)
				&& !parameter.hasParameterAnnotation(DestinationVariable.class) && type != ReceivedMessage.class
				&& type != Acknowledgment.class && !MessageHeaders.class.isAssignableFrom(type)
				&& !MessageHeaderAccessor.class.isAssignableFrom(type);
	}

	private void register(ReflectionHints hints, Type type) {
		Type converted = converted(type);
		if (converted != null && converted != void.class && converted != Void.class) {
			this.bindings.registerReflectionHints(hints, converted);
		}
	}

	// What is inside a message or a future, however deep
	private static @Nullable Type converted(Type type) {
		Class<?> raw = ResolvableType.forType(type).toClass();
		if (!Message.class.isAssignableFrom(raw) && !CompletionStage.class.isAssignableFrom(raw)) {
			return type;
		}
		return (type instanceof ParameterizedType parameterized && parameterized.getActualTypeArguments().length == 1)
				? converted(parameterized.getActualTypeArguments()[0]) : null;
	}

}
