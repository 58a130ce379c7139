package io.github.mqttspringboot.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.github.mqttspringboot.annotation.EnableMqttListeners;
import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.annotation.MqttListenerAnnotationBeanPostProcessor;
import io.github.mqttspringboot.listener.DefaultMqttListenerContainerFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MqttListener} methods.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MqttAutoConfiguration.class,
		afterName = "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration")
@ConditionalOnBean(MqttProperties.class)
public final class MqttListenerAutoConfiguration {

	@Bean
	static MqttListenerLazyInitializationExcludeFilter mqttListenerLazyInitializationExcludeFilter() {
		return new MqttListenerLazyInitializationExcludeFilter();
	}

	@Bean
	@ConditionalOnMissingBean
	MqttListenerContainerFactoryConfigurer mqttListenerContainerFactoryConfigurer(MqttProperties properties,
			BeanFactory beanFactory, Environment environment) {
		return new MqttListenerContainerFactoryConfigurer(properties, beanFactory, environment);
	}

	@Bean(MqttListenerAnnotationBeanPostProcessor.DEFAULT_FACTORY_BEAN_NAME)
	@ConditionalOnMissingBean(name = MqttListenerAnnotationBeanPostProcessor.DEFAULT_FACTORY_BEAN_NAME)
	DefaultMqttListenerContainerFactory mqttListenerContainerFactory(
			MqttListenerContainerFactoryConfigurer configurer) {
		DefaultMqttListenerContainerFactory factory = new DefaultMqttListenerContainerFactory();
		configurer.configure(factory);
		return factory;
	}

	// Each context of a hierarchy has listeners of its own
	@Configuration(proxyBeanMethods = false)
	@EnableMqttListeners
	@ConditionalOnMissingBean(name = MqttListenerAnnotationBeanPostProcessor.BEAN_NAME, search = SearchStrategy.CURRENT)
	static class EnableMqttListenersConfiguration {

	}

}
