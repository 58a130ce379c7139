package io.github.mqttspringboot.packet;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;

/**
 * CONNACK (MQTT 5 §3.2). Absent limits hold the specification's defaults.
 *
 * @param sessionPresent the Session Present flag
 * @param code the reason code, 0 to 255
 * @param sessionExpiryInterval in seconds, {@code null} if the client's value holds
 * @param receiveMaximum 1 to 65,535
 * @param maximumQos 0, 1 or 2
 * @param retainAvailable whether the server has retained messages
 * @param maximumPacketSize in bytes, {@code null} if there is no limit but the protocol's
 * @param assignedClientId the client identifier the server chose, {@code null} if absent
 * @param topicAliasMaximum 0 to 65,535
 * @param wildcardSubscriptionAvailable whether wildcard subscriptions are available
 * @param subscriptionIdentifierAvailable whether subscription identifiers are available
 * @param sharedSubscriptionAvailable whether shared subscriptions are available
 * @param serverKeepAlive in seconds, {@code null} if the client's value holds
 * @param serverReference another server to use, {@code null} if absent
 * @param reasonString the reason string, {@code null} if absent
 * @param userProperties the user properties in their order
 * @since 0.1.0
 */
public record ConnAck(boolean sessionPresent, int code, @Nullable Long sessionExpiryInterval, int receiveMaximum,
		int maximumQos, boolean retainAvailable, @Nullable Long maximumPacketSize, @Nullable String assignedClientId,
		int topicAliasMaximum, boolean wildcardSubscriptionAvailable, boolean subscriptionIdentifierAvailable,
		boolean sharedSubscriptionAvailable, @Nullable Integer serverKeepAlive, @Nullable String serverReference,
		@Nullable String reasonString, List<UserProperty> userProperties) implements MqttPacket {

	/**
	 * Create a CONNACK without properties.
	 * @param sessionPresent the Session Present flag
	 * @param code the reason code
	 * @return the packet with the specification's default limits
	 */
	public static ConnAck of(boolean sessionPresent, int code) {
		return new ConnAck(sessionPresent, code, null, 65535, 2, true, null, null, 0, true, true, true, null, null,
				null, List.of());
	}

	@Override
	public PacketType type() {
		return PacketType.CONNACK;
	}

}
