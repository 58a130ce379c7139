package io.github.mqttspringboot.packet;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;

/**
 * PUBACK, PUBREC, PUBREL or PUBCOMP (MQTT 5 §3.4 to §3.7).
 *
 * @param type the packet type, one of the four
 * @param packetId the packet identifier, 1 to 65,535
 * @param code the reason code, 0 to 255
 * @param reasonString the reason string, {@code null} if absent
 * @param userProperties the user properties in their order
 * @since 0.1.0
 */
public record PublishAck(PacketType type, int packetId, int code, @Nullable String reasonString,
		List<UserProperty> userProperties) implements MqttPacket {

	public PublishAck {
		switch (type) {
			case PUBACK, PUBREC, PUBREL, PUBCOMP -> {
			}
			default -> throw new IllegalArgumentException(type + " does not acknowledge a PUBLISH");
		}
	}

	/**
	 * Create an acknowledgement without properties.
	 * @param type the packet type
	 * @param packetId the packet identifier
	 * @param code the reason code
	 */
	public PublishAck(PacketType type, int packetId, int code) {
		this(type, packetId, code, null, List.of());
	}

}
