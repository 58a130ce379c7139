package io.github.mqttspringboot.paho;

import io.github.mqttspringboot.error.MqttFailure;

/**
 * That a connection must end, and how.
 *
 * @param failure why
 * @param parting the reason code of the DISCONNECT to send first (MQTT 5 §4.13), or
 * {@link #SILENT}
 */
record Verdict(MqttFailure failure, int parting) {

	/** No DISCONNECT is sent. */
	static final int SILENT = -1;

	static Verdict silent(MqttFailure failure) {
		return new Verdict(failure, SILENT);
	}

}
