package io.github.mqttspringboot.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.error.UserProperty;

/**
 * The outcome of a publish that was not refused.
 *
 * @param topic the topic name
 * @param qos the QoS it was sent with
 * @param packet the packet whose reason code tells the outcome: {@code PUBACK},
 * {@code PUBREC} or {@code PUBCOMP}, or {@code PUBLISH} with QoS 0, which has no
 * acknowledgement
 * @param code the reason code on the wire, 0 with QoS 0
 * @param reasonCode the reason code, {@code null} if MQTT 5 knows none
 * @param reasonString the server's reason string, {@code null} if absent
 * @param userProperties the user properties of the acknowledgement
 * @since 0.1.0
 */
public record PublishResult(String topic, int qos, PacketType packet, int code, @Nullable ReasonCode reasonCode,
		@Nullable String reasonString, List<UserProperty> userProperties) {

	/**
	 * Describe the outcome in one line for people. Control characters are escaped.
	 * @return the description
	 */
	@Override
	public String toString() {
		return "PublishResult[topic=" + Texts.escape(this.topic) + ", qos=" + this.qos + ", packet=" + this.packet
				+ ", code=" + Texts.hex(this.code) + ", reasonCode=" + this.reasonCode + ", reasonString="
				+ Texts.escape(this.reasonString) + ", userProperties=" + Texts.escape(this.userProperties) + "]";
	}

}
