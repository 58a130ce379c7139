package io.github.mqttspringboot.client;

import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;

/**
 * A topic filter to subscribe to (MQTT 5 §3.8.3). Immutable; the filter is checked when
 * it is subscribed, so that a bad one fails the future like any other rejection.
 *
 * @since 0.1.0
 */
public final class SubscribeRequest {

	private final String filter;

	private final SubscriptionOptions options;

	private final @Nullable MessageHandler handler;

	private final @Nullable SubscriptionHolder holder;

	private final boolean observed;

	private SubscribeRequest(Builder builder) {
		this.filter = builder.filter;
		this.options = builder.options();
		this.handler = builder.handler;
		this.holder = builder.holder;
		this.observed = builder.observed;
	}

	private SubscribeRequest(SubscribeRequest other, MessageHandler handler) {
		this.filter = other.filter;
		this.options = other.options;
		this.handler = handler;
		this.holder = other.holder;
		this.observed = other.observed;
	}

	SubscribeRequest with(MessageHandler handler) {
		return new SubscribeRequest(this, handler);
	}

	/**
	 * Start a subscription.
	 * @param filter the topic filter
	 * @return a builder
	 */
	public static Builder to(String filter) {
		return new Builder(filter);
	}

	/**
	 * Return the topic filter.
	 * @return the topic filter
	 */
	public String filter() {
		return this.filter;
	}

	/**
	 * Return the maximum QoS.
	 * @return 0, 1 or 2, {@code null} for {@code mqtt.subscribe.qos}
	 */
	public @Nullable Integer qos() {
		return this.options.qos();
	}

	/**
	 * Return the No Local option.
	 * @return whether own messages are left out
	 */
	public boolean noLocal() {
		return this.options.noLocal();
	}

	/**
	 * Return the Retain As Published option.
	 * @return whether the RETAIN flag is kept as published
	 */
	public boolean retainAsPublished() {
		return this.options.retainAsPublished();
	}

	/**
	 * Return the Retain Handling option.
	 * @return when retained messages are sent
	 */
	public RetainHandling retainHandling() {
		return this.options.retainHandling();
	}

	/**
	 * Return the receiver of the messages.
	 * @return the handler, {@code null} for none
	 */
	public @Nullable MessageHandler handler() {
		return this.handler;
	}

	/**
	 * Return who wants the subscription.
	 * @return the holder, {@code null} for the application itself
	 */
	public @Nullable SubscriptionHolder holder() {
		return this.holder;
	}

	/**
	 * Return whether the client's {@link MqttClientInterceptor} goes around the handler.
	 * @return {@code false} if the handler sees to that itself
	 */
	public boolean isObserved() {
		return this.observed;
	}

	@Override
	public String toString() {
		return "SubscribeRequest[filter=" + Printable.escape(this.filter) + ", qos=" + this.options.qos() + "]";
	}

	/**
	 * When the server sends retained messages (MQTT 5 §3.8.3.1).
	 */
	public enum RetainHandling {

		/** At each SUBSCRIBE. */
		SEND,

		/** At a SUBSCRIBE for a subscription that does not exist yet. */
		SEND_IF_NEW,

		/** Never. */
		DO_NOT_SEND

	}

	/**
	 * Builder of a {@link SubscribeRequest}.
	 */
	public static final class Builder extends SubscriptionOptions.Builder<Builder> {

		private final String filter;

		private @Nullable MessageHandler handler;

		private @Nullable SubscriptionHolder holder;

		private boolean observed = true;

		private Builder(String filter) {
			this.filter = Objects.requireNonNull(filter, "'filter' must not be null");
		}

		@Override
		protected Builder self() {
			return this;
		}

		/**
		 * Set the maximum QoS.
		 * @param qos 0, 1 or 2; {@code null}, the default, for {@code mqtt.subscribe.qos}
		 * @return this builder
		 * @throws IllegalArgumentException if the QoS is out of range
		 */
		@Override
		public Builder qos(@Nullable Integer qos) {
			if (qos != null && (qos < 0 || qos > 2)) {
				throw new IllegalArgumentException("QoS must be 0, 1 or 2, but is " + qos);
			}
			return super.qos(qos);
		}

		/**
		 * Set the receiver of the messages: a message is processed, and acknowledged,
		 * when it returns.
		 * @param handler the receiver, called in order, one message at a time
		 * @return this builder
		 */
		public Builder handler(Consumer<ReceivedMessage> handler) {
			this.handler = MessageHandler.of(handler);
			return this;
		}

		/**
		 * Set the receiver of the messages: a message is processed, and acknowledged,
		 * when the stage that it returns completes.
		 * @param handler the receiver, called in order, one message at a time
		 * @return this builder
		 */
		public Builder messageHandler(MessageHandler handler) {
			this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
			return this;
		}

		/**
		 * Set who wants the subscription, so that others who want the same topic filter
		 * do not take it from each other. A holder gets each delivery once, through the
		 * handler of the oldest of its filters that match. One that has been granted what
		 * it wants is answered without a SUBSCRIBE. Use a call for each holder, as the
		 * requests of one share a subscription identifier.
		 * @param holder the holder; the default is the application itself
		 * @return this builder
		 */
		public Builder holder(SubscriptionHolder holder) {
			this.holder = Objects.requireNonNull(holder, "'holder' must not be null");
			return this;
		}

		/**
		 * Set whether the client's {@link MqttClientInterceptor} goes around the handler,
		 * which is what observes its calls.
		 * @param observed {@code false} if the handler sees to that itself; the default
		 * is {@code true}
		 * @return this builder
		 */
		public Builder observed(boolean observed) {
			this.observed = observed;
			return this;
		}

		/**
		 * Build the subscription.
		 * @return the subscription
		 */
		public SubscribeRequest build() {
			return new SubscribeRequest(this);
		}

	}

}
