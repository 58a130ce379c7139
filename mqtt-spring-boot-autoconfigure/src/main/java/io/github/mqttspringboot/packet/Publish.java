package io.github.mqttspringboot.packet;

import io.github.mqttspringboot.error.PacketType;

/**
 * PUBLISH (MQTT 5 §3.3). The payload array is neither copied nor to be changed.
 *
 * @param packetId the packet identifier, 1 to 65,535, or 0 with QoS 0
 * @param topic the topic name
 * @param qos 0, 1 or 2
 * @param retain the RETAIN flag
 * @param duplicate the DUP flag
 * @param properties the properties
 * @param payload the payload
 * @since 0.1.0
 */
@SuppressWarnings("ArrayRecordComponent")
public record Publish(int packetId, String topic, int qos, boolean retain, boolean duplicate,
		PublishProperties properties, byte[] payload) implements MqttPacket {

	@Override
	public PacketType type() {
		return PacketType.PUBLISH;
	}

	/**
	 * Return a copy with another packet identifier and DUP flag.
	 * @param packetId the packet identifier
	 * @param duplicate the DUP flag
	 * @return the copy
	 */
	public Publish with(int packetId, boolean duplicate) {
		return new Publish(packetId, this.topic, this.qos, this.retain, duplicate, this.properties, this.payload);
	}

	@Override
	public String toString() {
		return "PUBLISH[id=" + this.packetId + ", qos=" + this.qos + ", retain=" + this.retain + ", dup="
				+ this.duplicate + ", " + this.payload.length + " bytes]";
	}

}
