package io.github.mqttspringboot.testcontainers;

import java.util.LinkedHashSet;
import java.util.Set;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.testcontainers.beans.TestcontainerBeanDefinition;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.testcontainers.containers.Container;

import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;

/**
 * Gives the details of a service connection the {@link Qualifier} of their container.
 * Spring Boot leaves them without, so that the container of a further client would serve
 * the default one.
 */
class ServiceConnectionQualifiers implements BeanFactoryPostProcessor {

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		for (String details : beanFactory.getBeanNamesForType(MqttConnectionDetails.class, true, false)) {
			if (beanFactory.containsBeanDefinition(details)
					&& beanFactory.getBeanDefinition(details) instanceof AbstractBeanDefinition definition
					&& isOfAContainer(definition)) {
				qualify(beanFactory, details, definition);
			}
		}
	}

	private static boolean isOfAContainer(BeanDefinition definition) {
		return definition.hasAttribute(ServiceConnection.class.getName());
	}

	private static void qualify(ConfigurableListableBeanFactory beanFactory, String details,
			AbstractBeanDefinition definition) {
		Class<?> type = beanFactory.getType(details, false);
		for (String container : beanFactory.getBeanNamesForType(Container.class, true, false)) {
			if (type != null && details.equals(detailsName(type, container))) {
				qualifiers(beanFactory, container).forEach((qualifier) -> definition
					.addQualifier(new AutowireCandidateQualifier(Qualifier.class, qualifier)));
			}
		}
	}

	// As Spring Boot names them
	private static String detailsName(Class<?> type, String container) {
		return ClassUtils.getShortNameAsProperty(type) + "For" + StringUtils.capitalize(container);
	}

	private static Set<String> qualifiers(ConfigurableListableBeanFactory beanFactory, String container) {
		Set<String> qualifiers = new LinkedHashSet<>();
		beanFactory.findAllAnnotationsOnBean(container, Qualifier.class, false)
			.forEach((qualifier) -> qualifiers.add(qualifier.value()));
		if (beanFactory.containsBeanDefinition(container)
				&& beanFactory.getBeanDefinition(container) instanceof TestcontainerBeanDefinition definition
				&& definition.getAnnotations() != null) {
			definition.getAnnotations()
				.stream(Qualifier.class)
				.forEach((qualifier) -> qualifiers.add(qualifier.getString("value")));
		}
		return qualifiers;
	}

}
