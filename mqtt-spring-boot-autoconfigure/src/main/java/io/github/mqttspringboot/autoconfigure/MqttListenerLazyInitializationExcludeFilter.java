package io.github.mqttspringboot.autoconfigure;

import java.lang.reflect.Method;
import java.util.Map;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.annotation.MqttListeners;

/**
 * Keeps beans with {@link MqttListener} methods from being initialized lazily: nobody
 * asks for them, and they would never listen.
 */
class MqttListenerLazyInitializationExcludeFilter implements LazyInitializationExcludeFilter {

	private static final MetadataLookup<Boolean> LISTENERS = (
			method) -> (AnnotatedElementUtils.hasAnnotation(method, MqttListener.class)
					|| AnnotatedElementUtils.hasAnnotation(method, MqttListeners.class)) ? true : null;

	@Override
	public boolean isExcluded(String beanName, BeanDefinition beanDefinition, Class<?> beanType) {
		Class<?> type = ClassUtils.getUserClass(beanType);
		if (!AnnotationUtils.isCandidateClass(type, MqttListener.class)) {
			return false;
		}
		Map<Method, Boolean> listeners = MethodIntrospector.selectMethods(type, LISTENERS);
		return !listeners.isEmpty();
	}

}
