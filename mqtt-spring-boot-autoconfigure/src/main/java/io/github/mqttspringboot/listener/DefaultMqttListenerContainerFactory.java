package io.github.mqttspringboot.listener;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.util.Assert;
import org.springframework.validation.Validator;

import io.github.mqttspringboot.client.ClientLogs;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.core.MqttTemplateCustomizer;

/**
 * The {@link MqttListenerContainerFactory} that the auto-configuration sets up. As a
 * bean, it finds the clients itself. Set up before the first listener; then thread-safe.
 *
 * @since 0.1.0
 */
public class DefaultMqttListenerContainerFactory implements MqttListenerContainerFactory, BeanFactoryAware {

	private static final Logger logger = LoggerFactory.getLogger(MqttListenerContainer.class);

	private static final int IDLE_SECONDS = 10;

	private @Nullable BeanFactory beanFactory;

	private @Nullable ManagedMqttClient client;

	private Function<String, MqttListenerSettings> settings = (clientName) -> MqttListenerSettings.defaults();

	private @Nullable MessageConverter messageConverter;

	private @Nullable Validator validator;

	private List<HandlerMethodArgumentResolver> argumentResolvers = List.of();

	private @Nullable MqttMessageRecoverer recoverer;

	private @Nullable MqttListenerErrorHandler errorHandler;

	private @Nullable Executor taskExecutor;

	private MqttListenerInterceptor interceptor = (endpoint, client, listener) -> listener;

	private boolean intercepted;

	private final List<MqttTemplateCustomizer> replyTemplateCustomizers = new ArrayList<>();

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Set the client of all listeners that do not name one.
	 * @param client the client; the default is the primary bean
	 */
	public void setClient(ManagedMqttClient client) {
		this.client = client;
	}

	/**
	 * Set what counts for listeners that do not say it themselves.
	 * @param settings the settings, for all clients
	 */
	public void setSettings(MqttListenerSettings settings) {
		Assert.notNull(settings, "'settings' must not be null");
		this.settings = (clientName) -> settings;
	}

	/**
	 * Set what counts for listeners that do not say it themselves, by the name of their
	 * client.
	 * @param settings returns the settings
	 */
	public void setSettings(Function<String, MqttListenerSettings> settings) {
		Assert.notNull(settings, "'settings' must not be null");
		this.settings = settings;
	}

	/**
	 * Change the settings that are there.
	 * @param change returns changed settings
	 */
	public void changeSettings(UnaryOperator<MqttListenerSettings> change) {
		this.settings = this.settings.andThen(change);
	}

	/**
	 * Set what makes objects of payloads and payloads of results. Strings and bytes need
	 * none.
	 * @param messageConverter the converter, {@code null} for none
	 */
	public void setMessageConverter(@Nullable MessageConverter messageConverter) {
		this.messageConverter = messageConverter;
	}

	/**
	 * Set what checks payloads that are annotated with {@code @Valid} or
	 * {@code @Validated}.
	 * @param validator the validator, {@code null} for none
	 */
	public void setValidator(@Nullable Validator validator) {
		this.validator = validator;
	}

	/**
	 * Set what makes further arguments of listener methods.
	 * @param argumentResolvers the resolvers, asked before payloads are converted
	 */
	public void setArgumentResolvers(List<HandlerMethodArgumentResolver> argumentResolvers) {
		this.argumentResolvers = List.copyOf(argumentResolvers);
	}

	/**
	 * Set who takes messages that could not be processed, instead of the dead-letter
	 * topic.
	 * @param recoverer the recoverer, {@code null} for the dead-letter topic
	 */
	public void setRecoverer(@Nullable MqttMessageRecoverer recoverer) {
		this.recoverer = recoverer;
	}

	/**
	 * Set who decides on failures of methods that have no error handler of their own.
	 * @param errorHandler the error handler, {@code null} for the containers alone
	 */
	public void setErrorHandler(@Nullable MqttListenerErrorHandler errorHandler) {
		this.errorHandler = errorHandler;
	}

	/**
	 * Set what runs listeners.
	 * @param taskExecutor the executor, {@code null} for one of each container with as
	 * many threads as its concurrency
	 */
	public void setTaskExecutor(@Nullable Executor taskExecutor) {
		this.taskExecutor = taskExecutor;
	}

	/**
	 * Set what goes around the calls of listeners, instead of the interceptor that the
	 * client has for handlers.
	 * @param interceptor the interceptor, {@code null} for none
	 */
	public void setInterceptor(@Nullable MqttListenerInterceptor interceptor) {
		this.intercepted = (interceptor != null);
		this.interceptor = (interceptor != null) ? interceptor : (endpoint, client, listener) -> listener;
	}

	/**
	 * Add what changes the templates by which results of listener methods are published.
	 * @param customizer the customizer, called for each listener
	 */
	public void addReplyTemplateCustomizer(MqttTemplateCustomizer customizer) {
		Assert.notNull(customizer, "'customizer' must not be null");
		this.replyTemplateCustomizers.add(customizer);
	}

	@Override
	public MqttListenerContainer createContainer(MqttListenerEndpoint endpoint) {
		ManagedMqttClient client = (endpoint.client() == null && this.client != null) ? this.client
				: new ClientFinder(this.beanFactory).find(endpoint);
		MqttListenerSettings settings = this.settings.apply(client.name());
		int concurrency = (endpoint.concurrency() != null) ? endpoint.concurrency() : settings.concurrency();
		AckMode ackMode = (endpoint.ackMode() != null) ? endpoint.ackMode() : settings.ackMode();
		warnIfNothingIsAcknowledged(endpoint, client, ackMode);
		ListenerWork work = new ListenerWork(endpoint.id(), client,
				this.interceptor.intercept(endpoint, client, listener(endpoint, client)), ackMode, settings,
				recoverer(client, settings), !this.intercepted);
		boolean autoStartup = (endpoint.autoStartup() != null) ? endpoint.autoStartup() : settings.autoStartup();
		if (this.taskExecutor != null) {
			return new DefaultMqttListenerContainer(work, endpoint, autoStartup, concurrency, this.taskExecutor, () -> {
			});
		}
		ThreadPoolTaskExecutor threads = threads(endpoint.id(), concurrency);
		return new DefaultMqttListenerContainer(work, endpoint, autoStartup, concurrency, threads, threads::shutdown);
	}

	private void warnIfNothingIsAcknowledged(MqttListenerEndpoint endpoint, ManagedMqttClient client, AckMode ackMode) {
		Method method = endpoint.method();
		Integer qos = endpoint.options().qos();
		if (ackMode == AckMode.MANUAL && method != null && (qos == null || qos > 0) && this.argumentResolvers.isEmpty()
				&& !List.of(method.getParameterTypes()).contains(Acknowledgment.class)) {
			ClientLogs.write(logger, Level.WARN, client, "listener " + endpoint
					+ " has the acknowledgement mode 'manual', but no argument of type Acknowledgment: its messages of"
					+ " QoS 1 and 2 are never acknowledged, and in the end the server sends none. Add the argument, or"
					+ " set 'ackMode' to another mode", null);
		}
	}

	private static ThreadPoolTaskExecutor threads(String id, int concurrency) {
		ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
		threads.setThreadNamePrefix("mqtt-listener-" + id + "-");
		threads.setCorePoolSize(concurrency);
		threads.setAllowCoreThreadTimeOut(true);
		threads.setKeepAliveSeconds(IDLE_SECONDS);
		threads.setDaemon(true);
		threads.initialize();
		return threads;
	}

	private @Nullable MqttMessageRecoverer recoverer(ManagedMqttClient client, MqttListenerSettings settings) {
		if (this.recoverer != null) {
			return this.recoverer;
		}
		String topic = settings.deadLetterTopic();
		return (topic != null) ? new DeadLetterPublishingRecoverer(client, topic) : null;
	}

	private MqttMessageListener listener(MqttListenerEndpoint endpoint, ManagedMqttClient client) {
		Object bean = endpoint.bean();
		Method method = endpoint.method();
		if (bean == null || method == null) {
			MqttMessageListener listener = endpoint.listener();
			Assert.state(listener != null, "an endpoint has a method or a listener");
			return listener;
		}
		ListenerMethodFactory methods = new ListenerMethodFactory(this.argumentResolvers);
		List<MessageConverter> converters = new ArrayList<>();
		converters.add(new TextMessageConverter());
		if (this.messageConverter != null) {
			converters.add(this.messageConverter);
		}
		methods.setMessageConverter(new CompositeMessageConverter(converters));
		if (this.validator != null) {
			methods.setValidator(this.validator);
		}
		if (this.beanFactory != null) {
			methods.setBeanFactory(this.beanFactory);
		}
		methods.afterPropertiesSet();
		InvocableHandlerMethod invocable = methods.createInvocableHandlerMethod(bean, method);
		new VariableCheck(endpoint).check(invocable, this.argumentResolvers);
		return new MethodListener(invocable, endpoint.topics(),
				(endpoint.errorHandler() != null) ? endpoint.errorHandler() : this.errorHandler,
				new Replies(replyTemplate(client), endpoint.sendTo()), this.interceptor);
	}

	private MqttTemplate replyTemplate(ManagedMqttClient client) {
		MqttTemplate template = new MqttTemplate(client, this.messageConverter);
		this.replyTemplateCustomizers.forEach((customizer) -> customizer.customize(template));
		return template;
	}

}
