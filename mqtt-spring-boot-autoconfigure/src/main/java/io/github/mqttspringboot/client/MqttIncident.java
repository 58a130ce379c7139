package io.github.mqttspringboot.client;

import java.time.Instant;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * A failure with its verdict and what the client did about it.
 *
 * @param time when the client learned of it
 * @param failure what went wrong
 * @param classification the verdict and the rule that decided
 * @param action what the client did, in words for people
 * @since 0.1.0
 */
public record MqttIncident(Instant time, MqttFailure failure, Classification classification, String action) {

	/**
	 * Return whether one operation failed and the connection stayed.
	 * @return {@code true} for rejections, {@code false} if a connection ended or was
	 * prevented
	 */
	public boolean isRejection() {
		return !this.classification.errorClass().endsConnection();
	}

	/**
	 * Describe the incident in one sentence for people. Control characters are escaped.
	 * @return for example {@code PUBACK 0x87 Not authorized for denied/x: connection
	 * kept, publish failed (rule: default)}
	 */
	@Override
	public String toString() {
		return this.failure + ": " + this.action + " (rule: " + this.classification.rule() + ")";
	}

}
