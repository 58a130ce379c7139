package io.github.mqttspringboot.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.validation.Validator;

import io.github.mqttspringboot.listener.DefaultMqttListenerContainerFactory;
import io.github.mqttspringboot.listener.MqttListenerContainerFactoryCustomizer;
import io.github.mqttspringboot.listener.MqttListenerSettings;
import io.github.mqttspringboot.listener.MqttMessageRecoverer;

/**
 * Sets up a container factory as the auto-configuration does: with the properties of each
 * client, the message converter, the validator and the {@link MqttMessageRecoverer} of
 * the application, and virtual threads if it uses them.
 *
 * @since 0.1.0
 */
public final class MqttListenerContainerFactoryConfigurer {

	private final BeanFactory beanFactory;

	private final Environment environment;

	private final Map<String, MqttListenerSettings> settings = new HashMap<>();

	private final MqttListenerSettings primary;

	MqttListenerContainerFactoryConfigurer(MqttProperties properties, BeanFactory beanFactory,
			Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		// All of them now: a bad value fails the start, used or not
		this.primary = new ListenerSettingsFactory(ClientNames.PRIMARY_PREFIX).create(properties.getListener());
		properties.getClients()
			.forEach((name, client) -> this.settings.put(name,
					new ListenerSettingsFactory(ClientNames.prefix(name)).create(client.getListener())));
	}

	/**
	 * Set up a factory and let the {@link MqttListenerContainerFactoryCustomizer} beans
	 * change it.
	 * @param factory the factory
	 */
	public void configure(DefaultMqttListenerContainerFactory factory) {
		factory.setBeanFactory(this.beanFactory);
		factory.setSettings((clientName) -> this.settings.getOrDefault(clientName, this.primary));
		factory.setMessageConverter(converter());
		factory.setValidator(this.beanFactory.getBeanProvider(Validator.class).getIfUnique());
		factory.setRecoverer(this.beanFactory.getBeanProvider(MqttMessageRecoverer.class).getIfUnique());
		if (Threading.VIRTUAL.isActive(this.environment)) {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("mqtt-listener-");
			executor.setVirtualThreads(true);
			factory.setTaskExecutor(executor);
		}
		List<MqttListenerContainerFactoryCustomizer> customizers = this.beanFactory
			.getBeanProvider(MqttListenerContainerFactoryCustomizer.class)
			.orderedStream()
			.toList();
		customizers.forEach((customizer) -> customizer.customize(factory));
	}

	private @Nullable MessageConverter converter() {
		String name = MessageConverters.BEAN;
		return (this.beanFactory.containsBean(name)) ? this.beanFactory.getBean(name, MessageConverter.class) : null;
	}

}
