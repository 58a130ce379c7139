package io.github.mqttspringboot.autoconfigure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.StringUtils;

import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttClientCustomizer;
import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.MqttCredentialsProvider;
import io.github.mqttspringboot.client.MqttPoisonMessageHandler;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.core.MqttTemplateCustomizer;
import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.TabledErrorClassificationPolicy;
import io.github.mqttspringboot.event.MqttEvent;

/**
 * Makes the clients and their templates, all in the same way.
 */
class MqttClientFactory {

	/** The name of the bean that makes the clients of {@code mqtt.clients}. */
	static final String BEAN = "mqttClientFactory";

	private final MqttProperties properties;

	private final ConfigurableListableBeanFactory beanFactory;

	private final ApplicationEventPublisher eventPublisher;

	private final @Nullable String applicationName;

	private final ConnectionDetailsResolver connectionDetails;

	private final ErrorPolicyProperties errorPolicies;

	private final Map<String, String> propertiesByClientId = new ConcurrentHashMap<>();

	private final Map<String, ErrorClassificationPolicy> tables = new ConcurrentHashMap<>();

	MqttClientFactory(MqttProperties properties, ConfigurableListableBeanFactory beanFactory,
			ApplicationEventPublisher eventPublisher, Environment environment) {
		this.properties = properties;
		this.beanFactory = beanFactory;
		this.eventPublisher = eventPublisher;
		this.applicationName = environment.getProperty("spring.application.name");
		this.connectionDetails = new ConnectionDetailsResolver(beanFactory);
		this.errorPolicies = new ErrorPolicyProperties(environment);
		new UnresolvedPlaceholders(environment, new PropertyOrigins(environment)).check();
	}

	DefaultManagedMqttClient client(String name) {
		String prefix = ClientNames.prefix(name);
		MqttClientProperties client = this.properties.forClient(name);
		SslBundles sslBundles = find(SslBundles.class).getIfAvailable();
		MqttConnectionDetails found = this.connectionDetails.find(name);
		MqttConnectionDetails details = (found != null) ? found
				: new PropertiesMqttConnectionDetails(prefix, client, sslBundles);
		ClientSettings settings = new ClientSettingsFactory(prefix, this.applicationName).create(name, client, details);
		claim(settings.clientId(), prefix + ".client-id");
		MqttCredentialsProvider credentials = find(MqttCredentialsProvider.class).getIfAvailable();
		DefaultManagedMqttClient result = new DefaultManagedMqttClient(settings, this.beanFactory.getBean(Wire.class),
				policy(name), (credentials != null) ? credentials : (clientName) -> credentials(details),
				(MqttEvent event) -> this.eventPublisher.publishEvent(event),
				find(MqttPoisonMessageHandler.class).getIfAvailable());
		find(MqttClientCustomizer.class).orderedStream().forEach((customizer) -> customizer.customize(result));
		if (details instanceof PropertiesMqttConnectionDetails && sslBundles != null
				&& settings.sslContext() instanceof BundleSslContext context) {
			sslBundles.addBundleUpdateHandler(String.valueOf(client.getSsl().getBundle()), (bundle) -> {
				context.update(bundle);
				result.reconnectUnlessStopped();
			});
		}
		return result;
	}

	MqttTemplate namedTemplate(String name) {
		return template(this.beanFactory.getBean(ClientNames.clientBean(name), ManagedMqttClient.class));
	}

	MqttTemplate template(ManagedMqttClient client) {
		String name = ClientNames.of(client);
		boolean further = this.properties.getClients().containsKey(name);
		PropertyChecks checks = new PropertyChecks((further) ? ClientNames.prefix(name) : ClientNames.PRIMARY_PREFIX);
		MqttClientProperties.Request request = this.properties.forClient(name).getRequest();
		MqttTemplate template = new MqttTemplate(client,
				this.beanFactory.getBean(MessageConverters.BEAN, MessageConverter.class));
		template.setRequestTimeout(checks.positive("request.timeout", request.getTimeout()));
		String replyTopic = request.getReplyTopic();
		if (StringUtils.hasText(replyTopic)) {
			template.setReplyTopic(checks.topicName("request.reply-topic", replyTopic));
		}
		find(MqttTemplateCustomizer.class).orderedStream().forEach((customizer) -> customizer.customize(template));
		return template;
	}

	private void claim(String clientId, String property) {
		String other = this.propertiesByClientId.putIfAbsent(clientId, property);
		if (other != null) {
			throw new InvalidMqttPropertyException(property, Printable.escape(clientId),
					"It is also the value of " + other + ", and a server disconnects the one client of that "
							+ "identifier when the other connects.",
					"Give each client a client identifier of its own.", other);
		}
	}

	// The bean is the application's, and for all clients, unless it is made of properties
	private ErrorClassificationPolicy policy(String name) {
		ErrorClassificationPolicy bean = find(ErrorClassificationPolicy.class).getIfAvailable();
		return (bean != null && bean != this.tables.get(ClientNames.PRIMARY))
				? new TabledErrorClassificationPolicy(bean, defaults()) : table(name);
	}

	ErrorClassificationPolicy table(String name) {
		return this.tables.computeIfAbsent(name,
				(key) -> new ErrorPolicyFactory(ClientNames.prefix(key) + ".error-policy", defaults())
					.create(this.errorPolicies.read(ClientNames.prefix(key),
							this.properties.forClient(key).getErrorPolicy())));
	}

	private DefaultErrorTable defaults() {
		return (find(MqttCredentialsProvider.class).getIfAvailable() != null)
				? DefaultErrorTable.withCredentialsProvider() : DefaultErrorTable.standard();
	}

	private <T> ObjectProvider<T> find(Class<T> type) {
		return this.beanFactory.getBeanProvider(type);
	}

	private static @Nullable MqttCredentials credentials(MqttConnectionDetails connectionDetails) {
		String username = connectionDetails.getUsername();
		String password = connectionDetails.getPassword();
		return (username != null || password != null) ? MqttCredentials.of(username, password) : null;
	}

}
