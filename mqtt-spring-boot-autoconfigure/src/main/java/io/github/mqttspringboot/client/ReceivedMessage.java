package io.github.mqttspringboot.client;

import io.github.mqttspringboot.packet.PublishProperties;

/**
 * A message from the server. The payload array is the receiver's to keep.
 *
 * @param topic the topic name
 * @param payload the payload
 * @param qos the QoS of the delivery, 0, 1 or 2
 * @param retained the RETAIN flag
 * @param duplicate the DUP flag
 * @param properties the properties
 * @since 0.1.0
 */
@SuppressWarnings("ArrayRecordComponent")
public record ReceivedMessage(String topic, byte[] payload, int qos, boolean retained, boolean duplicate,
		PublishProperties properties) {

	@Override
	public String toString() {
		return "ReceivedMessage[topic=" + io.github.mqttspringboot.error.Printable.escape(this.topic) + ", qos="
				+ this.qos + ", retained=" + this.retained + ", duplicate=" + this.duplicate + ", "
				+ this.payload.length + " bytes]";
	}

}
