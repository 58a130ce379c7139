package io.github.mqttspringboot.packet;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;

/**
 * DISCONNECT (MQTT 5 §3.14).
 *
 * @param code the reason code, 0 to 255
 * @param sessionExpiryInterval in seconds, {@code null} if absent
 * @param serverReference another server to use, {@code null} if absent
 * @param reasonString the reason string, {@code null} if absent
 * @param userProperties the user properties in their order
 * @since 0.1.0
 */
public record Disconnect(int code, @Nullable Long sessionExpiryInterval, @Nullable String serverReference,
		@Nullable String reasonString, List<UserProperty> userProperties) implements MqttPacket {

	/**
	 * Create a DISCONNECT without properties.
	 * @param code the reason code
	 */
	public Disconnect(int code) {
		this(code, null, null, null, List.of());
	}

	@Override
	public PacketType type() {
		return PacketType.DISCONNECT;
	}

}
