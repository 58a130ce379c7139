package io.github.mqttspringboot.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.MqttFailure;

/**
 * A subscription that the client holds.
 *
 * @param filter the topic filter
 * @param requestedQos the QoS asked for
 * @param state the state
 * @param grantedQos the granted QoS, -1 unless active
 * @param failure why it was refused, {@code null} unless rejected
 * @param holders the names of those who hold it, {@link #APPLICATION} for subscriptions
 * without a {@link SubscriptionHolder}; in the order of subscribing
 * @since 0.1.0
 */
public record SubscriptionStatus(String filter, int requestedQos, State state, int grantedQos,
		@Nullable MqttFailure failure, List<String> holders) {

	/** Stands for the application itself among the holders. */
	public static final String APPLICATION = "application";

	public SubscriptionStatus {
		holders = List.copyOf(holders);
	}

	/**
	 * Create the status of a subscription whose holders are not known.
	 * @param filter the topic filter
	 * @param requestedQos the QoS asked for
	 * @param state the state
	 * @param grantedQos the granted QoS, -1 unless active
	 * @param failure why it was refused, {@code null} unless rejected
	 */
	public SubscriptionStatus(String filter, int requestedQos, State state, int grantedQos,
			@Nullable MqttFailure failure) {
		this(filter, requestedQos, state, grantedQos, failure, List.of());
	}

	/**
	 * Describe the subscription in one line for people. Control characters are escaped.
	 * @return the description
	 */
	@Override
	public String toString() {
		return "SubscriptionStatus[filter=" + Texts.escape(this.filter) + ", requestedQos=" + this.requestedQos
				+ ", state=" + this.state + ", grantedQos=" + this.grantedQos + ", failure=" + this.failure
				+ ", holders=" + this.holders.stream().map(Texts::escape).toList() + "]";
	}

	/**
	 * The state of a subscription.
	 */
	public enum State {

		/** Granted by the server in the current session. */
		ACTIVE,

		/** Not yet acknowledged in the current session. */
		PENDING,

		/** Refused by the server, or given up because it ends connections. */
		REJECTED

	}

}
