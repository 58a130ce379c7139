package io.github.mqttspringboot.autoconfigure.endpoint;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.endpoint.MqttEndpoint;
import io.github.mqttspringboot.endpoint.MqttEndpointWebExtension;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MqttEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MqttAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(ManagedMqttClient.class)
@ConditionalOnAvailableEndpoint(MqttEndpoint.class)
public final class MqttEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MqttEndpoint mqttEndpoint(ObjectProvider<ManagedMqttClient> clients) {
		return new MqttEndpoint(clients.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(MqttEndpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	MqttEndpointWebExtension mqttEndpointWebExtension(MqttEndpoint mqttEndpoint) {
		return new MqttEndpointWebExtension(mqttEndpoint);
	}

}
