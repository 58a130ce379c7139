package io.github.mqttspringboot.annotation;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

import io.github.mqttspringboot.listener.MqttListenerEndpointRegistry;

/**
 * Registers what {@link EnableMqttListeners} stands for, once.
 */
class MqttListenersRegistrar implements ImportBeanDefinitionRegistrar {

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
		register(registry, MqttListenerAnnotationBeanPostProcessor.BEAN_NAME,
				MqttListenerAnnotationBeanPostProcessor.class);
		register(registry, MqttListenerAnnotationBeanPostProcessor.REGISTRY_BEAN_NAME,
				MqttListenerEndpointRegistry.class);
	}

	private static void register(BeanDefinitionRegistry registry, String name, Class<?> type) {
		if (!registry.containsBeanDefinition(name)) {
			RootBeanDefinition definition = new RootBeanDefinition(type);
			definition.setRole(RootBeanDefinition.ROLE_INFRASTRUCTURE);
			registry.registerBeanDefinition(name, definition);
		}
	}

}
