package io.github.mqttspringboot.autoconfigure.observation;

import java.util.concurrent.Executor;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.MqttProperties;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttClientCustomizer;
import io.github.mqttspringboot.client.MqttClientInterceptor;
import io.github.mqttspringboot.core.MqttTemplateCustomizer;
import io.github.mqttspringboot.listener.MqttListenerContainerFactoryCustomizer;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;
import io.github.mqttspringboot.listener.MqttListenerInterceptor;
import io.github.mqttspringboot.listener.MqttMessageListener;
import io.github.mqttspringboot.observation.MqttObservation;
import io.github.mqttspringboot.observation.MqttProcessObservationConvention;
import io.github.mqttspringboot.observation.MqttPublishObservationConvention;
import io.github.mqttspringboot.observation.ObservationClientInterceptor;
import io.github.mqttspringboot.observation.ObservationListenerInterceptor;
import io.github.mqttspringboot.observation.ObservationPublishInterceptor;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MqttObservation}s of all
 * clients, templates and listeners.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MqttAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ MqttProperties.class, ObservationRegistry.class })
public final class MqttObservationAutoConfiguration {

	@Bean
	DeferredObservationRegistry mqttObservations(ObjectProvider<ObservationRegistry> registry) {
		return new DeferredObservationRegistry(registry::getObject);
	}

	// Before those of the application, which may take it out
	@Bean
	@Order(0)
	@ConditionalOnMissingBean(name = "mqttObservationClientCustomizer")
	MqttClientCustomizer mqttObservationClientCustomizer(MqttProperties properties,
			DeferredObservationRegistry observations,
			ObjectProvider<MqttPublishObservationConvention> publishConvention,
			ObjectProvider<MqttProcessObservationConvention> processConvention) {
		MqttClientInterceptor interceptor = new ObservationClientInterceptor(observations.registry(),
				publishConvention.getIfAvailable(), processConvention.getIfAvailable());
		return (client) -> {
			if (isObserved(properties, client)) {
				client.setInterceptor(interceptor);
			}
		};
	}

	@Bean
	@Order(0)
	@ConditionalOnMissingBean(name = "mqttObservationTemplateCustomizer")
	MqttTemplateCustomizer mqttObservationTemplateCustomizer(MqttProperties properties,
			DeferredObservationRegistry observations, ObjectProvider<MqttPublishObservationConvention> convention) {
		ObservationPublishInterceptor interceptor = new ObservationPublishInterceptor(observations.registry(),
				convention.getIfAvailable());
		return (template) -> {
			if (isObserved(properties, template.getClient())) {
				template.setPublishInterceptor(interceptor);
			}
		};
	}

	@Bean
	@Order(0)
	@ConditionalOnMissingBean(name = "mqttObservationListenerContainerFactoryCustomizer")
	MqttListenerContainerFactoryCustomizer mqttObservationListenerContainerFactoryCustomizer(MqttProperties properties,
			DeferredObservationRegistry observations, ObjectProvider<MqttProcessObservationConvention> convention,
			@Qualifier("mqttObservationTemplateCustomizer") MqttTemplateCustomizer templateCustomizer) {
		MqttListenerInterceptor interceptor = new ObservationListenerInterceptor(observations.registry(),
				convention.getIfAvailable());
		return (factory) -> {
			factory.setInterceptor(new OfObservedClients(properties, interceptor));
			factory.addReplyTemplateCustomizer(templateCustomizer);
		};
	}

	private static boolean isObserved(MqttProperties properties, ManagedMqttClient client) {
		return properties.forClient(client.name()).getObservation().isEnabled();
	}

	/**
	 * Leaves the listeners of other clients alone.
	 *
	 * @param properties tell which clients are observed
	 * @param interceptor observes listeners
	 */
	private record OfObservedClients(MqttProperties properties,
			MqttListenerInterceptor interceptor) implements MqttListenerInterceptor {

		@Override
		public MqttMessageListener intercept(MqttListenerEndpoint endpoint, ManagedMqttClient client,
				MqttMessageListener listener) {
			return (isObserved(this.properties, client)) ? this.interceptor.intercept(endpoint, client, listener)
					: listener;
		}

		@Override
		public Executor continuation() {
			return this.interceptor.continuation();
		}

	}

}
