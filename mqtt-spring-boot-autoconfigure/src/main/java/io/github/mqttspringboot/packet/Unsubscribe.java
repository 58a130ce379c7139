package io.github.mqttspringboot.packet;

import java.util.List;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;

/**
 * UNSUBSCRIBE (MQTT 5 §3.10).
 *
 * @param packetId the packet identifier, 1 to 65,535
 * @param filters the topic filters, at least one
 * @param userProperties the user properties in their order
 * @since 0.1.0
 */
public record Unsubscribe(int packetId, List<String> filters, List<UserProperty> userProperties) implements MqttPacket {

	@Override
	public PacketType type() {
		return PacketType.UNSUBSCRIBE;
	}

}
