package io.github.mqttspringboot.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * The outcome of a subscribe, one entry a filter, in the order of the requests.
 *
 * @param entries the entries
 * @since 0.1.0
 */
public record SubscribeResult(List<Entry> entries) {

	public SubscribeResult {
		entries = List.copyOf(entries);
	}

	/**
	 * The outcome for one topic filter.
	 *
	 * @param filter the topic filter
	 * @param requestedQos the QoS asked for
	 * @param code the reason code on the wire, -1 if the server gave none
	 * @param reasonCode the reason code, {@code null} if MQTT 5 knows none
	 * @param failure why it was refused, {@code null} if it was granted
	 */
	public record Entry(String filter, int requestedQos, int code, @Nullable ReasonCode reasonCode,
			@Nullable MqttFailure failure) {

		/**
		 * Return whether the subscription was granted.
		 * @return {@code true} if it is active
		 */
		public boolean isGranted() {
			return this.failure == null;
		}

		/**
		 * Return the granted QoS.
		 * @return 0, 1 or 2, or -1 if the filter was refused
		 */
		public int grantedQos() {
			return isGranted() ? this.code : -1;
		}

		/**
		 * Describe the outcome in one line for people. Control characters are escaped.
		 * @return the description
		 */
		@Override
		public String toString() {
			return "Entry[filter=" + Texts.escape(this.filter) + ", requestedQos=" + this.requestedQos + ", code="
					+ Texts.hex(this.code) + ", reasonCode=" + this.reasonCode + ", failure=" + this.failure + "]";
		}

	}

}
