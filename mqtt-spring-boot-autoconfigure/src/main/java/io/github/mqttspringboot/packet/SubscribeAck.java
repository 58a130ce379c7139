package io.github.mqttspringboot.packet;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;

/**
 * SUBACK or UNSUBACK (MQTT 5 §3.9 and §3.11).
 *
 * @param type the packet type, one of the two
 * @param packetId the packet identifier, 1 to 65,535
 * @param codes the reason codes in the order of the filters, each 0 to 255
 * @param reasonString the reason string, {@code null} if absent
 * @param userProperties the user properties in their order
 * @since 0.1.0
 */
public record SubscribeAck(PacketType type, int packetId, List<Integer> codes, @Nullable String reasonString,
		List<UserProperty> userProperties) implements MqttPacket {

	public SubscribeAck {
		if (type != PacketType.SUBACK && type != PacketType.UNSUBACK) {
			throw new IllegalArgumentException(type + " does not acknowledge a SUBSCRIBE or UNSUBSCRIBE");
		}
	}

}
