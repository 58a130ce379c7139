package io.github.mqttspringboot.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

/**
 * Puts together what converts payloads, unless the application has a bean named
 * {@value #BEAN}: the application's own {@link MessageConverter} if there is one, then
 * text, then JSON.
 */
final class MessageConverters {

	static final String BEAN = "mqttMessageConverter";

	static final String JSON_BEAN = "mqttJsonMessageConverter";

	/** Of Spring Integration and of STOMP over WebSocket, for themselves. */
	private static final Set<String> OF_OTHERS = Set.of(BEAN, JSON_BEAN, "integrationArgumentResolverMessageConverter",
			"datatypeChannelMessageConverter", "brokerMessageConverter");

	private static final Logger logger = LoggerFactory.getLogger(MqttAutoConfiguration.class);

	private final ConfigurableListableBeanFactory beanFactory;

	MessageConverters(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	MessageConverter create() {
		List<MessageConverter> converters = new ArrayList<>();
		String own = ofTheApplication();
		if (own != null) {
			converters.add(this.beanFactory.getBean(own, MessageConverter.class));
		}
		converters.add(new StringMessageConverter());
		if (this.beanFactory.containsBean(JSON_BEAN)) {
			converters.add(this.beanFactory.getBean(JSON_BEAN, MessageConverter.class));
		}
		return new CompositeMessageConverter(converters);
	}

	private @Nullable String ofTheApplication() {
		List<String> names = Arrays.stream(this.beanFactory.getBeanNamesForType(MessageConverter.class, true, false))
			.filter(this::isCandidate)
			.toList();
		List<String> chosen = (names.size() > 1) ? names.stream().filter(this::isPrimary).toList() : names;
		if (chosen.size() == 1) {
			return chosen.get(0);
		}
		if (!names.isEmpty()) {
			logger.info("MQTT converts payloads with none of the MessageConverter beans {}: name one {},"
					+ " or mark it @Primary", names, BEAN);
		}
		return null;
	}

	private boolean isCandidate(String name) {
		if (OF_OTHERS.contains(name)) {
			return false;
		}
		BeanDefinition definition = definition(name);
		return definition == null || (definition.isAutowireCandidate()
				&& (!(definition instanceof AbstractBeanDefinition bean) || bean.isDefaultCandidate()));
	}

	private boolean isPrimary(String name) {
		BeanDefinition definition = definition(name);
		return definition != null && definition.isPrimary();
	}

	// A singleton that was registered as such has none
	private @Nullable BeanDefinition definition(String name) {
		return this.beanFactory.containsBeanDefinition(name) ? this.beanFactory.getMergedBeanDefinition(name) : null;
	}

}
