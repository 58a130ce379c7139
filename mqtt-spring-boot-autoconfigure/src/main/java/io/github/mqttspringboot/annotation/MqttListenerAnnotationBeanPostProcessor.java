package io.github.mqttspringboot.annotation;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.Assert;

import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.listener.InvalidMqttListenerException;
import io.github.mqttspringboot.listener.MqttListenerContainerFactory;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;
import io.github.mqttspringboot.listener.MqttListenerEndpointRegistrar;
import io.github.mqttspringboot.listener.MqttListenerEndpointRegistry;

/**
 * Finds {@link MqttListener} methods and registers a listener for each annotation, when
 * all singletons are there.
 *
 * @since 0.1.0
 */
public class MqttListenerAnnotationBeanPostProcessor
		implements BeanPostProcessor, BeanFactoryAware, SmartInitializingSingleton {

	/** The name of the bean. */
	public static final String BEAN_NAME = "io.github.mqttspringboot.internalMqttListenerAnnotationProcessor";

	/** The name of the {@link MqttListenerEndpointRegistry} bean. */
	public static final String REGISTRY_BEAN_NAME = "io.github.mqttspringboot.internalMqttListenerEndpointRegistry";

	/** The name of the container factory that is used if none is named. */
	public static final String DEFAULT_FACTORY_BEAN_NAME = "mqttListenerContainerFactory";

	private final Set<Class<?>> withoutListeners = ConcurrentHashMap.newKeySet();

	/** Until all singletons are there. */
	private final List<Found> found = new ArrayList<>();

	private @Nullable ConfigurableBeanFactory beanFactory;

	private @Nullable EndpointReader reader;

	private @Nullable MqttListenerEndpointRegistrar registrar;

	private boolean initialized;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		Assert.isInstanceOf(ConfigurableBeanFactory.class, beanFactory);
		this.beanFactory = (ConfigurableBeanFactory) beanFactory;
		this.reader = new EndpointReader(this.beanFactory);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AopInfrastructureBean || bean instanceof MqttListenerContainerFactory) {
			return bean;
		}
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		if (this.withoutListeners.contains(type) || !AnnotationUtils.isCandidateClass(type, MqttListener.class)) {
			return bean;
		}
		Map<Method, Set<MqttListener>> methods = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<Set<MqttListener>>) (method) -> {
					Set<MqttListener> annotations = AnnotatedElementUtils.getMergedRepeatableAnnotations(method,
							MqttListener.class, MqttListeners.class);
					return (!annotations.isEmpty()) ? annotations : null;
				});
		if (methods.isEmpty()) {
			this.withoutListeners.add(type);
			return bean;
		}
		methods.forEach((method, annotations) -> {
			Method invocable = invocable(method, bean, beanName, type);
			annotations.forEach((annotation) -> found(new Found(bean, beanName, invocable, annotation)));
		});
		return bean;
	}

	private static Method invocable(Method method, Object bean, String beanName, Class<?> type) {
		try {
			return AopUtils.selectInvocableMethod(method, bean.getClass());
		}
		catch (IllegalStateException ex) {
			throw new InvalidMqttListenerException(EndpointReader.describe(type, method, beanName),
					"Its bean is a proxy that does not have the method.",
					"Declare the method in an interface of the bean, not private, or set "
							+ "spring.aop.proxy-target-class=true.",
					ex);
		}
	}

	private void found(Found found) {
		synchronized (this.found) {
			if (!this.initialized) {
				// What it names may not be there yet
				this.found.add(found);
				return;
			}
		}
		register(found);
		registrar().registerAll(this::defaultFactory);
	}

	private void register(Found found) {
		Assert.state(this.reader != null, "no BeanFactory is set");
		MqttListener annotation = found.annotation();
		MqttListenerEndpoint endpoint = this.reader.read(found.bean(), found.beanName(), found.method(), annotation);
		String factory = this.reader.text(endpoint.toString(), "containerFactory", annotation.containerFactory());
		registrar().registerEndpoint(endpoint, (factory != null) ? factory(endpoint, factory) : null);
	}

	private synchronized MqttListenerEndpointRegistrar registrar() {
		if (this.registrar == null) {
			Assert.state(this.beanFactory != null, "no BeanFactory is set");
			this.registrar = new MqttListenerEndpointRegistrar(
					this.beanFactory.getBean(REGISTRY_BEAN_NAME, MqttListenerEndpointRegistry.class));
		}
		return this.registrar;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Assert.state(this.beanFactory != null, "no BeanFactory is set");
		List<Found> found;
		synchronized (this.found) {
			this.initialized = true;
			found = List.copyOf(this.found);
			this.found.clear();
		}
		found.forEach(this::register);
		this.beanFactory.getBeanProvider(MqttListenerConfigurer.class)
			.orderedStream()
			.forEach((configurer) -> configurer.configureMqttListeners(registrar()));
		registrar().registerAll(this::defaultFactory);
	}

	private MqttListenerContainerFactory defaultFactory(MqttListenerEndpoint endpoint) {
		return factory(endpoint, DEFAULT_FACTORY_BEAN_NAME);
	}

	private MqttListenerContainerFactory factory(MqttListenerEndpoint endpoint, String name) {
		Assert.state(this.beanFactory != null, "no BeanFactory is set");
		try {
			return this.beanFactory.getBean(name, MqttListenerContainerFactory.class);
		}
		catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException ex) {
			throw new InvalidMqttListenerException(endpoint.toString(),
					"There is no MqttListenerContainerFactory bean named '" + Printable.escape(name) + "'.",
					"Define it, or set 'containerFactory' to the name of one that exists.", ex);
		}
	}

	/**
	 * A method with one of its annotations.
	 *
	 * @param bean the bean
	 * @param beanName its name
	 * @param method the method
	 * @param annotation the annotation
	 */
	private record Found(Object bean, String beanName, Method method, MqttListener annotation) {

	}

}
