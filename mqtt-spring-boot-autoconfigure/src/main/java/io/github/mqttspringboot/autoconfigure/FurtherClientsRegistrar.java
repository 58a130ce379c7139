package io.github.mqttspringboot.autoconfigure;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.core.MqttTemplate;

/**
 * Registers a client and a template for each name below {@code mqtt.clients}. They are
 * made by methods of a bean, which ahead-of-time processing understands.
 */
class FurtherClientsRegistrar implements ImportBeanDefinitionRegistrar {

	private final Environment environment;

	FurtherClientsRegistrar(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importingClassMetadata, BeanDefinitionRegistry registry) {
		for (String name : ClientNames.further(this.environment)) {
			register(registry, name, ClientNames.clientBean(name), DefaultManagedMqttClient.class, "client");
			register(registry, name, ClientNames.templateBean(name), MqttTemplate.class, "namedTemplate");
		}
	}

	private static void register(BeanDefinitionRegistry registry, String name, String beanName, Class<?> type,
			String factoryMethod) {
		if (ClientNames.isTaken(registry, beanName)) {
			return;
		}
		RootBeanDefinition definition = new RootBeanDefinition(type);
		definition.setFactoryBeanName(MqttClientFactory.BEAN);
		definition.setUniqueFactoryMethodName(factoryMethod);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		// Without a qualifier the primary client is meant, or one of the application
		definition.setFallback(true);
		registry.registerBeanDefinition(beanName, definition);
	}

	/**
	 * Gives each client its name as an alias, once all names of beans are known.
	 */
	static class Aliases implements BeanFactoryPostProcessor {

		private final Environment environment;

		Aliases(Environment environment) {
			this.environment = environment;
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
			ClientNames.further(this.environment)
				.forEach((name) -> alias(beanFactory, ClientNames.clientBean(name), name));
			alias(beanFactory, MqttAutoConfiguration.CLIENT, ClientNames.PRIMARY);
		}

		private static void alias(ConfigurableListableBeanFactory beanFactory, String beanName, String alias) {
			if (beanFactory.containsBeanDefinition(beanName) && !beanFactory.containsBean(alias)) {
				beanFactory.registerAlias(beanName, alias);
			}
		}

	}

}
