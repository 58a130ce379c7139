package io.github.mqttspringboot.autoconfigure;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the {@link MqttConnectionDetails} bean of a client: the one with the client's
 * name as its qualifier or, for the primary client, with none.
 */
final class ConnectionDetailsResolver {

	private final ConfigurableListableBeanFactory beanFactory;

	ConnectionDetailsResolver(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Nullable MqttConnectionDetails find(String clientName) {
		String bean = beanName(clientName);
		return (bean != null) ? this.beanFactory.getBean(bean, MqttConnectionDetails.class) : null;
	}

	/**
	 * Find the name of the bean.
	 * @param clientName the name of the client
	 * @return the name, {@code null} if there is none
	 */
	@Nullable String beanName(String clientName) {
		List<String> beans = qualified(clientName);
		if (beans.isEmpty() && clientName.equals(ClientNames.PRIMARY)) {
			beans = unqualified();
		}
		if (beans.size() > 1) {
			List<String> primary = beans.stream().filter(this::isPrimary).toList();
			if (primary.size() != 1) {
				throw new NoUniqueBeanDefinitionException(MqttConnectionDetails.class, beans);
			}
			beans = primary;
		}
		return beans.isEmpty() ? null : beans.get(0);
	}

	private List<String> qualified(String clientName) {
		return all().stream()
			.filter((bean) -> BeanFactoryAnnotationUtils.isQualifierMatch(clientName::equals, bean, this.beanFactory))
			.toList();
	}

	private List<String> unqualified() {
		return all().stream().filter((bean) -> !hasQualifier(bean)).toList();
	}

	private boolean hasQualifier(String bean) {
		List<String> own = Arrays.asList(this.beanFactory.getAliases(bean));
		return BeanFactoryAnnotationUtils.isQualifierMatch((value) -> !value.equals(bean) && !own.contains(value), bean,
				this.beanFactory);
	}

	private boolean isPrimary(String bean) {
		return this.beanFactory.containsBeanDefinition(bean)
				&& this.beanFactory.getMergedBeanDefinition(bean).isPrimary();
	}

	private List<String> all() {
		return List.of(this.beanFactory.getBeanNamesForType(MqttConnectionDetails.class, true, false));
	}

}
