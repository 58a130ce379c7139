package io.github.mqttspringboot.annotation;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.AccessException;
import org.springframework.expression.ExpressionException;
import org.springframework.messaging.handler.annotation.SendTo;

import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.listener.AckMode;
import io.github.mqttspringboot.listener.InvalidMqttListenerException;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;
import io.github.mqttspringboot.listener.MqttListenerErrorHandler;

/**
 * Makes endpoints of annotations: resolves placeholders and expressions, and turns text
 * into values. Thread-safe.
 */
class EndpointReader {

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^:{}]+)");

	private final ConfigurableBeanFactory beanFactory;

	private final Map<String, Integer> defaultIds = new ConcurrentHashMap<>();

	EndpointReader(ConfigurableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	static String describe(Class<?> type, Method method, String beanName) {
		return type.getSimpleName() + "." + method.getName() + " of bean '" + beanName + "'";
	}

	MqttListenerEndpoint read(Object bean, String beanName, Method method, MqttListener annotation) {
		Set<String> properties = properties(method, annotation);
		try {
			return read(bean, beanName, method, annotation, properties);
		}
		catch (InvalidMqttListenerException ex) {
			throw ex.withProperties(properties);
		}
	}

	// Where people find what they wrote, if it is not in the annotation itself
	private static Set<String> properties(Method method, MqttListener annotation) {
		Set<String> properties = new LinkedHashSet<>();
		List<String> texts = new ArrayList<>(List.of(annotation.topics()));
		Collections.addAll(texts, annotation.id(), annotation.group(), annotation.client(), annotation.concurrency(),
				annotation.ackMode(), annotation.autoStartup(), annotation.containerFactory(),
				annotation.errorHandler());
		SendTo sendTo = AnnotatedElementUtils.findMergedAnnotation(method, SendTo.class);
		if (sendTo != null) {
			Collections.addAll(texts, sendTo.value());
		}
		for (String text : texts) {
			PLACEHOLDER.matcher(text).results().forEach((found) -> properties.add(found.group(1)));
		}
		return properties;
	}

	private MqttListenerEndpoint read(Object bean, String beanName, Method method, MqttListener annotation,
			Set<String> properties) {
		String description = describe(method.getDeclaringClass(), method, beanName);
		String id = text(description, "id", annotation.id());
		MqttListenerEndpoint.Builder builder = MqttListenerEndpoint
			.withId((id != null) ? id : defaultId(beanName, method))
			.description(description)
			.topics(topics(description, annotation))
			.group(text(description, "group", annotation.group()))
			.client(text(description, "client", annotation.client()))
			.qos((annotation.qos() != -1) ? annotation.qos() : null)
			.noLocal(annotation.noLocal())
			.retainAsPublished(annotation.retainAsPublished())
			.retainHandling(annotation.retainHandling())
			.concurrency(number(description, text(description, "concurrency", annotation.concurrency())))
			.ackMode(ackMode(description, text(description, "ackMode", annotation.ackMode())))
			.autoStartup(flag(description, text(description, "autoStartup", annotation.autoStartup())))
			.errorHandler(errorHandler(description, text(description, "errorHandler", annotation.errorHandler())))
			.sendTo(sendTo(description, bean, method))
			.properties(properties)
			.method(bean, method);
		return builder.build();
	}

	private String defaultId(String beanName, Method method) {
		String id = beanName + "." + method.getName();
		int count = this.defaultIds.merge(id, 1, Integer::sum);
		return (count == 1) ? id : id + "#" + count;
	}

	private String[] topics(String listener, MqttListener annotation) {
		List<String> topics = new ArrayList<>();
		for (String topic : annotation.topics()) {
			add(listener, resolve(listener, "topics", topic), topics);
		}
		return topics.toArray(String[]::new);
	}

	private static void add(String listener, @Nullable Object value, List<String> topics) {
		if (value instanceof String text) {
			topics.add(text);
		}
		else if (value instanceof Object[] array) {
			for (Object element : array) {
				add(listener, element, topics);
			}
		}
		else if (value instanceof Collection<?> collection) {
			collection.forEach((element) -> add(listener, element, topics));
		}
		else {
			throw new InvalidMqttListenerException(
					listener, "An expression in 'topics' is "
							+ ((value != null) ? "a " + value.getClass().getName() : "null") + ".",
					"Let it be a String, or an array or a collection of them.");
		}
	}

	private static @Nullable Integer number(String listener, @Nullable String text) {
		try {
			return (text != null) ? Integer.valueOf(text) : null;
		}
		catch (NumberFormatException ex) {
			throw invalid(listener, "concurrency", text, "Set it to a whole number from 1 to 10000.");
		}
	}

	private static @Nullable AckMode ackMode(String listener, @Nullable String text) {
		if (text == null) {
			return null;
		}
		try {
			return AckMode.valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw invalid(listener, "ackMode", text, "Set it to auto, manual or on-receipt.");
		}
	}

	private static @Nullable Boolean flag(String listener, @Nullable String text) {
		if (text == null) {
			return null;
		}
		return switch (text.toLowerCase(Locale.ROOT)) {
			case "true" -> true;
			case "false" -> false;
			default -> throw invalid(listener, "autoStartup", text, "Set it to true or false.");
		};
	}

	private @Nullable MqttListenerErrorHandler errorHandler(String listener, @Nullable String name) {
		if (name == null) {
			return null;
		}
		try {
			return this.beanFactory.getBean(name, MqttListenerErrorHandler.class);
		}
		catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException ex) {
			throw new InvalidMqttListenerException(listener,
					"There is no MqttListenerErrorHandler bean named '" + Printable.escape(name) + "'.",
					"Define it, or set 'errorHandler' to the name of one that exists.", ex);
		}
	}

	private @Nullable String sendTo(String listener, Object bean, Method method) {
		// Behind a proxy of its interfaces the method of the class has the annotation
		Method declared = AopUtils.getMostSpecificMethod(method, AopProxyUtils.ultimateTargetClass(bean));
		SendTo annotation = AnnotatedElementUtils.findMergedAnnotation(declared, SendTo.class);
		if (annotation == null || annotation.value().length == 0) {
			return null;
		}
		if (annotation.value().length > 1) {
			throw new InvalidMqttListenerException(listener, "Its @SendTo names several topics.",
					"Name one: a result is published once.");
		}
		return text(listener, "@SendTo", annotation.value()[0]);
	}

	/**
	 * Resolve an attribute.
	 * @param listener the listener, for messages
	 * @param attribute the name of the attribute, for messages
	 * @param value the attribute
	 * @return the text, {@code null} if it is empty
	 */
	@Nullable String text(String listener, String attribute, String value) {
		Object resolved = (value.isEmpty()) ? null : resolve(listener, attribute, value);
		String text = (resolved != null) ? resolved.toString() : "";
		return (!text.isEmpty()) ? text : null;
	}

	private @Nullable Object resolve(String listener, String attribute, String value) {
		String resolved;
		try {
			resolved = this.beanFactory.resolveEmbeddedValue(value);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidMqttListenerException(listener,
					"A placeholder in '" + attribute + "' cannot be resolved: " + ex.getMessage() + ".",
					"Define the property, or give it a default as in ${name:default}.", ex);
		}
		if (resolved != null && resolved.contains("${")) {
			throw new InvalidMqttListenerException(listener,
					"A placeholder in '" + attribute + "' cannot be resolved: " + Printable.escape(resolved) + ".",
					"Define the property, or give it a default as in ${name:default}.");
		}
		BeanExpressionResolver resolver = this.beanFactory.getBeanExpressionResolver();
		if (resolver == null) {
			return resolved;
		}
		try {
			return resolver.evaluate(resolved, new BeanExpressionContext(this.beanFactory, null));
		}
		catch (BeansException ex) {
			throw new InvalidMqttListenerException(listener, "The expression in '" + attribute + "', "
					+ Printable.escape(value) + ", cannot be evaluated: " + describe(ex) + ".",
					"Correct the expression.", ex);
		}
	}

	// The message of an exception that is none of Spring's may repeat a value
	private static String describe(BeansException failure) {
		Throwable last = failure;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (!(cause instanceof BeansException || cause instanceof ExpressionException
					|| cause instanceof AccessException)) {
				return last.getMessage() + ": " + cause.getClass().getName();
			}
			last = cause;
		}
		return Printable.escape(String.valueOf(last.getMessage()));
	}

	private static InvalidMqttListenerException invalid(String listener, String attribute, @Nullable String value,
			String action) {
		return new InvalidMqttListenerException(listener,
				"Its '" + attribute + "' is '" + Printable.escape(String.valueOf(value)) + "'.", action);
	}

}
