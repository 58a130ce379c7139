package io.github.mqttspringboot.client;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * An operation that was found guilty.
 *
 * @param key what it is
 * @param failure how the last connection ended
 * @param strikes how many connections ended while it was alone in flight
 */
record PoisonVerdict(Object key, MqttFailure failure, int strikes) {

	/**
	 * Return the failure of the operation.
	 * @param topic its topic name or filter
	 * @return how the connection ended, with why the operation is to blame
	 */
	MqttFailure failureFor(String topic) {
		// A DISCONNECT has a reason of its own
		String advice = (this.failure.localError() == LocalError.CONNECTION_CLOSED)
				? "; the log of the server may say why" : "";
		return this.failure.mutate()
			.topic(topic)
			.detail("it was alone in flight when " + this.strikes
					+ ((this.strikes == 1) ? " connection" : " connections in a row")
					+ " ended; it is quarantined and not sent again" + advice)
			.build();
	}

}
