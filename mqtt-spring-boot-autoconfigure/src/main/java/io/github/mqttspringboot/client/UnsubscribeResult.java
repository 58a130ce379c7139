package io.github.mqttspringboot.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * The outcome of an unsubscribe, one entry a filter, in the order of the call.
 *
 * @param entries the entries
 * @since 0.1.0
 */
public record UnsubscribeResult(List<Entry> entries) {

	public UnsubscribeResult {
		entries = List.copyOf(entries);
	}

	/**
	 * The outcome for one topic filter.
	 *
	 * @param filter the topic filter
	 * @param code the reason code on the wire, -1 if the filter never reached the server
	 * @param reasonCode the reason code, {@code null} if MQTT 5 knows none
	 * @param failure what went wrong, {@code null} if nothing did; present with code 0x11
	 * while the policy classes it as recoverable
	 */
	public record Entry(String filter, int code, @Nullable ReasonCode reasonCode, @Nullable MqttFailure failure) {

		/**
		 * Describe the outcome in one line for people. Control characters are escaped.
		 * @return the description
		 */
		@Override
		public String toString() {
			return "Entry[filter=" + Texts.escape(this.filter) + ", code=" + Texts.hex(this.code) + ", reasonCode="
					+ this.reasonCode + ", failure=" + this.failure + "]";
		}

	}

}
