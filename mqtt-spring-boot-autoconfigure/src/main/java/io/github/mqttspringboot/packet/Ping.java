package io.github.mqttspringboot.packet;

import io.github.mqttspringboot.error.PacketType;

/**
 * PINGREQ and PINGRESP (MQTT 5 §3.12 and §3.13).
 *
 * @since 0.1.0
 */
public enum Ping implements MqttPacket {

	/** Ping request. */
	REQUEST(PacketType.PINGREQ),

	/** Ping response. */
	RESPONSE(PacketType.PINGRESP);

	private final PacketType type;

	Ping(PacketType type) {
		this.type = type;
	}

	@Override
	public PacketType type() {
		return this.type;
	}

}
