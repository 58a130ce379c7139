package io.github.mqttspringboot.autoconfigure;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.integration.core.MessageProducer;
import org.springframework.integration.mqtt.core.ClientManager;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.integration.MqttClientManager;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for Spring Integration's MQTT
 * adapters on the connections of the clients.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MqttAutoConfiguration.class)
@ConditionalOnClass({ ClientManager.class, MessageProducer.class })
@ConditionalOnBean({ ManagedMqttClient.class, MqttClientFactory.class })
@Import(MqttIntegrationAutoConfiguration.FurtherManagersRegistrar.class)
public final class MqttIntegrationAutoConfiguration {

	private static final String FACTORY = "mqttClientManagerFactory";

	@Bean(FACTORY)
	MqttClientManagerFactory mqttClientManagerFactory(MqttProperties properties,
			ConfigurableListableBeanFactory beanFactory) {
		return new MqttClientManagerFactory(properties, beanFactory);
	}

	// A fallback: where the application has a ClientManager of its own, that one is meant
	@Bean({ "mqttClientManager", "defaultMqttClientManager" })
	@Fallback
	@Qualifier(ClientNames.PRIMARY)
	@ConditionalOnMissingBean(MqttClientManager.class)
	@ConditionalOnSingleCandidate(ManagedMqttClient.class)
	@Conditional(OnPrimaryClientCondition.class)
	MqttClientManager mqttClientManager(ManagedMqttClient client, MqttClientManagerFactory factory) {
		return factory.manager(client);
	}

	/**
	 * Registers a manager for each client below {@code mqtt.clients}.
	 */
	static class FurtherManagersRegistrar implements ImportBeanDefinitionRegistrar {

		private final Environment environment;

		FurtherManagersRegistrar(Environment environment) {
			this.environment = environment;
		}

		@Override
		public void registerBeanDefinitions(AnnotationMetadata importingClassMetadata,
				BeanDefinitionRegistry registry) {
			boolean primary = ClientNames.hasPrimary(this.environment);
			for (String name : ClientNames.further(this.environment)) {
				String beanName = name + "MqttClientManager";
				if (!ClientNames.isTaken(registry, beanName)) {
					RootBeanDefinition definition = new RootBeanDefinition(MqttClientManager.class);
					definition.setFactoryBeanName(FACTORY);
					definition.setUniqueFactoryMethodName("namedManager");
					definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
					definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
					definition.setFallback(true);
					definition.setDefaultCandidate(!primary);
					registry.registerBeanDefinition(beanName, definition);
				}
			}
		}

	}

}
