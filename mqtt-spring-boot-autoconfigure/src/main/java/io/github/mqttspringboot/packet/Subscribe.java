package io.github.mqttspringboot.packet;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;

/**
 * SUBSCRIBE (MQTT 5 §3.8).
 *
 * @param packetId the packet identifier, 1 to 65,535
 * @param subscriptions the topic filters with their options, at least one
 * @param subscriptionIdentifier 1 to 268,435,455, {@code null} if absent
 * @param userProperties the user properties in their order
 * @since 0.1.0
 */
public record Subscribe(int packetId, List<Subscription> subscriptions, @Nullable Integer subscriptionIdentifier,
		List<UserProperty> userProperties) implements MqttPacket {

	@Override
	public PacketType type() {
		return PacketType.SUBSCRIBE;
	}

	/**
	 * A topic filter with its subscription options (MQTT 5 §3.8.3.1).
	 *
	 * @param filter the topic filter
	 * @param qos the maximum QoS asked for, 0, 1 or 2
	 * @param noLocal the No Local option
	 * @param retainAsPublished the Retain As Published option
	 * @param retainHandling the Retain Handling option, 0, 1 or 2
	 */
	public record Subscription(String filter, int qos, boolean noLocal, boolean retainAsPublished, int retainHandling) {

	}

}
