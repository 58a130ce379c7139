package io.github.mqttspringboot.packet;

import io.github.mqttspringboot.error.PacketType;

/**
 * An MQTT 5 control packet.
 *
 * @since 0.1.0
 */
public sealed interface MqttPacket
		permits Publish, PublishAck, Subscribe, SubscribeAck, Unsubscribe, Ping, ConnAck, Disconnect {

	/**
	 * Return the packet type.
	 * @return the type
	 */
	PacketType type();

}
