package io.github.mqttspringboot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttConnectionOptionsCustomizer;
import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.MqttCredentialsProvider;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.core.MqttOperations;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.paho.PahoWire;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the MQTT 5 client.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(name = "org.eclipse.paho.mqttv5.client.MqttAsyncClient")
@ConditionalOnBooleanProperty(name = "mqtt.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MqttProperties.class)
public final class MqttAutoConfiguration {

	private static final String PREFIX = "mqtt";

	private static final String DEFAULT_CLIENT = "default";

	@Bean
	@ConditionalOnMissingBean
	MqttConnectionDetails mqttConnectionDetails(MqttProperties properties, ObjectProvider<SslBundles> sslBundles) {
		return new PropertiesMqttConnectionDetails(properties, sslBundles.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	ErrorClassificationPolicy mqttErrorClassificationPolicy(MqttProperties properties,
			ObjectProvider<MqttCredentialsProvider> credentialsProvider) {
		DefaultErrorTable table = (credentialsProvider.getIfAvailable() != null)
				? DefaultErrorTable.withCredentialsProvider() : DefaultErrorTable.standard();
		return new ErrorPolicyFactory(PREFIX + ".error-policy", table).create(properties.getErrorPolicy());
	}

	@Bean
	@ConditionalOnMissingBean
	Wire mqttWire(ObjectProvider<MqttConnectionOptionsCustomizer> customizers) {
		return new PahoWire(customizers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean(ManagedMqttClient.class)
	DefaultManagedMqttClient mqttClient(MqttProperties properties, MqttConnectionDetails connectionDetails,
			ErrorClassificationPolicy policy, Wire wire, ObjectProvider<MqttCredentialsProvider> credentialsProvider,
			ApplicationEventPublisher eventPublisher, Environment environment, ObjectProvider<SslBundles> sslBundles) {
		String applicationName = environment.getProperty("spring.application.name");
		ClientSettings settings = new ClientSettingsFactory(PREFIX, applicationName).create(DEFAULT_CLIENT, properties,
				connectionDetails);
		DefaultManagedMqttClient client = new DefaultManagedMqttClient(settings, wire, policy,
				credentialsProvider.getIfAvailable(() -> (clientName) -> credentials(connectionDetails)),
				(MqttEvent event) -> eventPublisher.publishEvent(event));
		if (connectionDetails instanceof PropertiesMqttConnectionDetails
				&& settings.sslContext() instanceof BundleSslContext context) {
			sslBundles.ifAvailable((bundles) -> bundles
				.addBundleUpdateHandler(String.valueOf(properties.getSsl().getBundle()), (bundle) -> {
					context.update(bundle);
					reconnect(client);
				}));
		}
		return client;
	}

	// A client that was stopped on purpose stays so
	private static void reconnect(ManagedMqttClient client) {
		ClientState state = client.state();
		if (state != ClientState.STOPPED && state != ClientState.STOPPING) {
			client.reconnect();
		}
	}

	private static @Nullable MqttCredentials credentials(MqttConnectionDetails connectionDetails) {
		String username = connectionDetails.getUsername();
		String password = connectionDetails.getPassword();
		return (username != null || password != null) ? MqttCredentials.of(username, password) : null;
	}

	@Bean
	@ConditionalOnMissingBean(MqttOperations.class)
	@ConditionalOnSingleCandidate(ManagedMqttClient.class)
	MqttTemplate mqttTemplate(ManagedMqttClient client,
			@Qualifier(JacksonConfiguration.CONVERTER) ObjectProvider<MessageConverter> messageConverter) {
		return new MqttTemplate(client, messageConverter.getIfAvailable());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ JsonMapper.class, JacksonJsonMessageConverter.class })
	static class JacksonConfiguration {

		static final String CONVERTER = "mqttMessageConverter";

		// by name only: other technologies have message converters of this type, too
		@Bean(name = CONVERTER, defaultCandidate = false)
		@ConditionalOnMissingBean(name = CONVERTER)
		MessageConverter mqttMessageConverter(ObjectProvider<JsonMapper> jsonMapper) {
			JsonMapper mapper = jsonMapper.getIfUnique();
			return (mapper != null) ? new JacksonJsonMessageConverter(mapper) : new JacksonJsonMessageConverter();
		}

	}

}
