package io.github.mqttspringboot.sample;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;

/**
 * The embedded broker, and where the client finds it if nobody could know its port.
 */
@Configuration(proxyBeanMethods = false)
class BrokerConfiguration {

	@Bean
	EmbeddedBroker embeddedBroker(SampleProperties properties) {
		return new EmbeddedBroker(properties.broker());
	}

	// With a port that is known the client connects to mqtt.servers, like anywhere else
	@Bean
	@ConditionalOnProperty(name = "sample.broker.port", havingValue = "0")
	MqttConnectionDetails embeddedBrokerConnectionDetails(EmbeddedBroker broker, Environment environment) {
		return new EmbeddedBrokerConnectionDetails(broker.uri(), environment);
	}

	private record EmbeddedBrokerConnectionDetails(URI server,
			Environment environment) implements MqttConnectionDetails {

		@Override
		public List<URI> getServers() {
			return List.of(this.server);
		}

		@Override
		public @Nullable String getUsername() {
			return this.environment.getProperty("mqtt.username");
		}

		@Override
		public @Nullable String getPassword() {
			return this.environment.getProperty("mqtt.password");
		}

	}

}
