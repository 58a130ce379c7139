package io.github.mqttspringboot.client;

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
 * @since 0.1.0
 */
public record SubscriptionStatus(String filter, int requestedQos, State state, int grantedQos,
		@Nullable MqttFailure failure) {

	/**
	 * Describe the subscription in one line for people. Control characters are escaped.
	 * @return the description
	 */
	@Override
	public String toString() {
		return "SubscriptionStatus[filter=" + Texts.escape(this.filter) + ", requestedQos=" + this.requestedQos
				+ ", state=" + this.state + ", grantedQos=" + this.grantedQos + ", failure=" + this.failure + "]";
	}

	/**
	 * The state of a subscription.
	 */
	public enum State {

		/** Granted by the server in the current session. */
		ACTIVE,

		/** Not yet acknowledged in the current session. */
		PENDING,

		/** Refused by the server. */
		REJECTED

	}

}
