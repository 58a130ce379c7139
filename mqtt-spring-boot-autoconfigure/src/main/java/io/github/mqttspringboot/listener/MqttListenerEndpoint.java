package io.github.mqttspringboot.listener;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import io.github.mqttspringboot.client.SubscriptionOptions;
import io.github.mqttspringboot.error.Printable;

/**
 * What a listener is and what it listens to. Immutable.
 *
 * @since 0.1.0
 */
public final class MqttListenerEndpoint {

	private final String id;

	private final String description;

	private final @Nullable String client;

	private final List<ListenerTopic> topics;

	private final SubscriptionOptions options;

	private final @Nullable Integer concurrency;

	private final @Nullable AckMode ackMode;

	private final @Nullable Boolean autoStartup;

	private final @Nullable MqttListenerErrorHandler errorHandler;

	private final @Nullable String sendTo;

	private final @Nullable MqttMessageListener listener;

	private final @Nullable Object bean;

	private final @Nullable Method method;

	private final List<String> properties;

	private MqttListenerEndpoint(Builder builder) {
		this.id = builder.id;
		this.description = (builder.description != null) ? builder.description : "'" + builder.id + "'";
		this.client = builder.client;
		this.topics = builder.topics.stream()
			.map((topic) -> ListenerTopic.parse(this.description, topic, builder.group))
			.toList();
		this.options = builder.subscriptionOptions();
		this.concurrency = builder.concurrency;
		this.ackMode = builder.ackMode;
		this.autoStartup = builder.autoStartup;
		this.errorHandler = builder.errorHandler;
		this.sendTo = builder.sendTo;
		this.listener = builder.listener;
		this.bean = builder.bean;
		this.method = builder.method;
		this.properties = List.copyOf(builder.properties);
		new EndpointCheck(this).check();
	}

	InvalidMqttListenerException invalid(String reason, String action) {
		return new InvalidMqttListenerException(this.description, reason, action).withProperties(this.properties);
	}

	/**
	 * Start an endpoint.
	 * @param id the id, unique in the application
	 * @return a builder
	 */
	public static Builder withId(String id) {
		return new Builder(id);
	}

	/**
	 * Return the id.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Return the name of the client to use.
	 * @return the name, {@code null} for the primary client
	 */
	public @Nullable String client() {
		return this.client;
	}

	/**
	 * Return the topic filters as they are subscribed.
	 * @return the topic filters, with {@code +} for variables
	 */
	public List<String> filters() {
		return this.topics.stream().map(ListenerTopic::filter).toList();
	}

	/**
	 * Return by which of its topic filters a topic name comes.
	 * @param topic the topic name
	 * @return the first topic filter that matches, as it is subscribed, {@code null} if
	 * none does
	 */
	public @Nullable String matchingFilter(String topic) {
		for (ListenerTopic candidate : this.topics) {
			if (candidate.match(topic) != null) {
				return candidate.filter();
			}
		}
		return null;
	}

	List<ListenerTopic> topics() {
		return this.topics;
	}

	SubscriptionOptions options() {
		return this.options;
	}

	@Nullable Integer concurrency() {
		return this.concurrency;
	}

	@Nullable AckMode ackMode() {
		return this.ackMode;
	}

	@Nullable Boolean autoStartup() {
		return this.autoStartup;
	}

	@Nullable MqttListenerErrorHandler errorHandler() {
		return this.errorHandler;
	}

	@Nullable String sendTo() {
		return this.sendTo;
	}

	@Nullable MqttMessageListener listener() {
		return this.listener;
	}

	@Nullable Object bean() {
		return this.bean;
	}

	@Nullable Method method() {
		return this.method;
	}

	/**
	 * Return which listener this is, for messages.
	 * @return its method or its id
	 */
	@Override
	public String toString() {
		return Printable.escape(this.description);
	}

	/**
	 * Builder of a {@link MqttListenerEndpoint}.
	 */
	public static final class Builder extends SubscriptionOptions.Builder<Builder> {

		private final String id;

		private @Nullable String description;

		private @Nullable String client;

		private final List<String> topics = new ArrayList<>();

		private @Nullable String group;

		private @Nullable Integer concurrency;

		private @Nullable AckMode ackMode;

		private @Nullable Boolean autoStartup;

		private @Nullable MqttListenerErrorHandler errorHandler;

		private Collection<String> properties = List.of();

		private @Nullable String sendTo;

		private @Nullable MqttMessageListener listener;

		private @Nullable Object bean;

		private @Nullable Method method;

		private Builder(String id) {
			Assert.hasText(id, "'id' must not be empty");
			this.id = id;
		}

		@Override
		protected Builder self() {
			return this;
		}

		private SubscriptionOptions subscriptionOptions() {
			return options();
		}

		/**
		 * Set what messages call the listener.
		 * @param description the description; the default is the id
		 * @return this builder
		 */
		public Builder description(String description) {
			this.description = description;
			return this;
		}

		/**
		 * Set the client to use.
		 * @param client its name, {@code null} for the primary client
		 * @return this builder
		 */
		public Builder client(@Nullable String client) {
			this.client = client;
			return this;
		}

		/**
		 * Add topic filters.
		 * @param topics the topic filters; a level <code>{name}</code> stands for one
		 * level
		 * @return this builder
		 */
		public Builder topics(String... topics) {
			this.topics.addAll(List.of(topics));
			return this;
		}

		/**
		 * Share the subscriptions with others of the same group (MQTT 5 §4.8.2): each
		 * message goes to one of them.
		 * @param group the name of the group, {@code null} for none
		 * @return this builder
		 */
		public Builder group(@Nullable String group) {
			this.group = group;
			return this;
		}

		/**
		 * Set how many messages are processed at the same time.
		 * @param concurrency 1 to 10000, {@code null} for that of the container factory
		 * @return this builder
		 */
		public Builder concurrency(@Nullable Integer concurrency) {
			this.concurrency = concurrency;
			return this;
		}

		/**
		 * Set when messages are acknowledged.
		 * @param ackMode the mode, {@code null} for that of the container factory
		 * @return this builder
		 */
		public Builder ackMode(@Nullable AckMode ackMode) {
			this.ackMode = ackMode;
			return this;
		}

		/**
		 * Set whether the listener starts with the application context.
		 * @param autoStartup whether it does, {@code null} for what the container factory
		 * says
		 * @return this builder
		 */
		public Builder autoStartup(@Nullable Boolean autoStartup) {
			this.autoStartup = autoStartup;
			return this;
		}

		/**
		 * Set who decides on failures of a method.
		 * @param errorHandler the error handler, {@code null} for the container alone
		 * @return this builder
		 */
		public Builder errorHandler(@Nullable MqttListenerErrorHandler errorHandler) {
			this.errorHandler = errorHandler;
			return this;
		}

		/**
		 * Set where the results of a method go if the message has no response topic.
		 * @param sendTo the topic name, {@code null} for nowhere
		 * @return this builder
		 */
		public Builder sendTo(@Nullable String sendTo) {
			this.sendTo = sendTo;
			return this;
		}

		/**
		 * Set which configuration properties the listener was declared by, for messages
		 * that say what to correct.
		 * @param properties the names of the properties
		 * @return this builder
		 */
		public Builder properties(Collection<String> properties) {
			this.properties = properties;
			return this;
		}

		/**
		 * Set what is called with each message.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(MqttMessageListener listener) {
			this.listener = listener;
			return this;
		}

		/**
		 * Set the method to call with each message.
		 * @param bean the object to call it on
		 * @param method the method
		 * @return this builder
		 */
		public Builder method(Object bean, Method method) {
			this.bean = bean;
			this.method = method;
			return this;
		}

		/**
		 * Build the endpoint.
		 * @return the endpoint
		 * @throws InvalidMqttListenerException if it makes no sense
		 */
		public MqttListenerEndpoint build() {
			return new MqttListenerEndpoint(this);
		}

	}

}
