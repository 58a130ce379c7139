package io.github.mqttspringboot.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
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
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttConnectionOptionsCustomizer;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.core.MqttOperations;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.paho.PahoWire;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the MQTT 5 clients.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(name = "org.eclipse.paho.mqttv5.client.MqttAsyncClient")
@ConditionalOnBooleanProperty(name = "mqtt.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MqttProperties.class)
@Import(FurtherClientsRegistrar.class)
@ImportRuntimeHints(MqttRuntimeHints.class)
public final class MqttAutoConfiguration {

	static final String CLIENT = "mqttClient";

	@Bean
	static FurtherClientsRegistrar.Aliases mqttClientAliases(Environment environment) {
		return new FurtherClientsRegistrar.Aliases(environment);
	}

	// The factory checks the placeholders before anything reads what they stand in
	@Bean
	@ConditionalOnMissingBean(MqttConnectionDetails.class)
	@Conditional(OnPrimaryClientCondition.class)
	@DependsOn(MqttClientFactory.BEAN)
	PropertiesMqttConnectionDetails mqttConnectionDetails(MqttProperties properties,
			ObjectProvider<SslBundles> sslBundles) {
		return new PropertiesMqttConnectionDetails(ClientNames.PRIMARY_PREFIX, properties, sslBundles.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	Wire mqttWire(ObjectProvider<MqttConnectionOptionsCustomizer> customizers) {
		return new PahoWire(customizers.orderedStream().toList());
	}

	@Bean(MqttClientFactory.BEAN)
	MqttClientFactory mqttClientFactory(MqttProperties properties, ConfigurableListableBeanFactory beanFactory,
			ApplicationEventPublisher eventPublisher, Environment environment) {
		return new MqttClientFactory(properties, beanFactory, eventPublisher, environment);
	}

	@Bean
	@ConditionalOnMissingBean
	@Conditional(OnPrimaryClientCondition.class)
	ErrorClassificationPolicy mqttErrorClassificationPolicy(MqttClientFactory factory) {
		return factory.table(ClientNames.PRIMARY);
	}

	@Bean({ CLIENT, "defaultMqttClient" })
	@Primary
	@Qualifier(ClientNames.PRIMARY)
	@ConditionalOnMissingBean(ManagedMqttClient.class)
	@Conditional(OnPrimaryClientCondition.class)
	DefaultManagedMqttClient mqttClient(MqttClientFactory factory) {
		return factory.client(ClientNames.PRIMARY);
	}

	@Bean({ "mqttTemplate", "defaultMqttTemplate" })
	@Primary
	@Qualifier(ClientNames.PRIMARY)
	@ConditionalOnMissingBean(MqttOperations.class)
	@ConditionalOnSingleCandidate(ManagedMqttClient.class)
	MqttTemplate mqttTemplate(ManagedMqttClient client, MqttClientFactory factory) {
		return factory.template(client);
	}

	// By name only: other technologies have message converters of this type, too
	@Bean(name = MessageConverters.BEAN, defaultCandidate = false)
	@ConditionalOnMissingBean(name = MessageConverters.BEAN)
	MessageConverter mqttMessageConverter(ConfigurableListableBeanFactory beanFactory) {
		return new MessageConverters(beanFactory).create();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ JsonMapper.class, JacksonJsonMessageConverter.class })
	static class JacksonConfiguration {

		// A text may be JSON: those who send strings seldom say of what kind
		@Bean(name = MessageConverters.JSON_BEAN, defaultCandidate = false)
		@ConditionalOnMissingBean(name = { MessageConverters.BEAN, MessageConverters.JSON_BEAN })
		MessageConverter mqttJsonMessageConverter(ObjectProvider<JsonMapper> jsonMapper) {
			MimeType[] types = { MimeTypeUtils.APPLICATION_JSON, new MimeType("application", "*+json"),
					MimeTypeUtils.TEXT_PLAIN };
			JsonMapper mapper = jsonMapper.getIfUnique();
			return (mapper != null) ? new JacksonJsonMessageConverter(mapper, types)
					: new JacksonJsonMessageConverter(types);
		}

	}

}
