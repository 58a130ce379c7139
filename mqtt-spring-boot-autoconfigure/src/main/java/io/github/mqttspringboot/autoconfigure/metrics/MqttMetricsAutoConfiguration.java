package io.github.mqttspringboot.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.metrics.MqttClientsMetrics;
import io.github.mqttspringboot.metrics.MqttMetrics;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MqttMetrics} of all
 * clients.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MqttAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({ MeterBinder.class, MeterRegistry.class })
@ConditionalOnBean({ ManagedMqttClient.class, MeterRegistry.class })
public final class MqttMetricsAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	static class BinderConfiguration {

		// Static: it hears of beans that go, and is created before all others
		@Bean
		@ConditionalOnMissingBean(name = "mqttMetrics")
		static MqttClientsMetrics mqttMetrics(ObjectProvider<ManagedMqttClient> clients) {
			return new MqttClientsMetrics(clients::orderedStream);
		}

	}

}
