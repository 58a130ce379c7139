package io.github.mqttspringboot.client;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.SubscribeRequest.RetainHandling;

/**
 * The options of a subscription (MQTT 5 §3.8.3.1).
 *
 * @param qos the maximum QoS, {@code null} for {@code mqtt.subscribe.qos}
 * @param noLocal whether messages that the client itself has published are left out
 * @param retainAsPublished whether the RETAIN flag is kept as published
 * @param retainHandling when retained messages are sent
 * @since 0.1.0
 */
public record SubscriptionOptions(@Nullable Integer qos, boolean noLocal, boolean retainAsPublished,
		RetainHandling retainHandling) {

	/**
	 * What builders of subscriptions have in common.
	 *
	 * @param <B> the type of the builder
	 */
	public abstract static class Builder<B extends Builder<B>> {

		private @Nullable Integer qos;

		private boolean noLocal;

		private boolean retainAsPublished;

		private RetainHandling retainHandling = RetainHandling.SEND;

		/**
		 * Create a builder with the defaults of the protocol.
		 */
		protected Builder() {
		}

		/**
		 * Return this builder.
		 * @return this
		 */
		protected abstract B self();

		/**
		 * Return the options as they are set.
		 * @return the options
		 */
		protected SubscriptionOptions options() {
			return new SubscriptionOptions(this.qos, this.noLocal, this.retainAsPublished, this.retainHandling);
		}

		/**
		 * Set all options.
		 * @param options the options
		 * @return this builder
		 */
		public B options(SubscriptionOptions options) {
			this.noLocal = options.noLocal();
			this.retainAsPublished = options.retainAsPublished();
			this.retainHandling = options.retainHandling();
			return qos(options.qos());
		}

		/**
		 * Set the maximum QoS.
		 * @param qos 0, 1 or 2; {@code null}, the default, for {@code mqtt.subscribe.qos}
		 * @return this builder
		 */
		public B qos(@Nullable Integer qos) {
			this.qos = qos;
			return self();
		}

		/**
		 * Set the No Local option.
		 * @param noLocal whether messages that the client itself has published are left
		 * out
		 * @return this builder
		 */
		public B noLocal(boolean noLocal) {
			this.noLocal = noLocal;
			return self();
		}

		/**
		 * Set the Retain As Published option.
		 * @param retainAsPublished whether the RETAIN flag is kept as published
		 * @return this builder
		 */
		public B retainAsPublished(boolean retainAsPublished) {
			this.retainAsPublished = retainAsPublished;
			return self();
		}

		/**
		 * Set the Retain Handling option.
		 * @param retainHandling when retained messages are sent
		 * @return this builder
		 */
		public B retainHandling(RetainHandling retainHandling) {
			this.retainHandling = Objects.requireNonNull(retainHandling, "'retainHandling' must not be null");
			return self();
		}

	}

}
