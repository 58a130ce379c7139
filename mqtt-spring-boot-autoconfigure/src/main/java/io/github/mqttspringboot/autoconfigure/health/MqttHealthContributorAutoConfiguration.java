package io.github.mqttspringboot.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.MqttProperties;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.health.MqttHealthIndicator;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MqttHealthIndicator}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MqttAutoConfiguration.class)
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(ManagedMqttClient.class)
@ConditionalOnEnabledHealthIndicator("mqtt")
@EnableConfigurationProperties(MqttProperties.class)
public final class MqttHealthContributorAutoConfiguration
		extends CompositeHealthContributorConfiguration<MqttHealthIndicator, ManagedMqttClient> {

	MqttHealthContributorAutoConfiguration(MqttProperties properties) {
		super((client) -> new MqttHealthIndicator(client,
				properties.forClient(client.name()).getHealth().getDownAfter()));
	}

	@Bean
	@ConditionalOnMissingBean(name = { "mqttHealthIndicator", "mqttHealthContributor" })
	HealthContributor mqttHealthContributor(ConfigurableListableBeanFactory beanFactory) {
		Map<String, ManagedMqttClient> clients = new LinkedHashMap<>();
		SimpleAutowireCandidateResolver.resolveAutowireCandidates(beanFactory, ManagedMqttClient.class)
			.forEach((bean, client) -> clients.put(name(bean, client, clients.keySet()), client));
		return createContributor(clients);
	}

	// A mock has no name
	private static String name(String bean, ManagedMqttClient client, Set<String> taken) {
		String name = client.name();
		return (name == null || taken.contains(name)) ? bean : name;
	}

}
