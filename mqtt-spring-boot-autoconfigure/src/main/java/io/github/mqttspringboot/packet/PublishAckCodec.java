package io.github.mqttspringboot.packet;

/**
 * PUBACK, PUBREC, PUBREL and PUBCOMP on the wire (MQTT 5 §3.4 to §3.7), which leave out
 * what is at its default.
 */
final class PublishAckCodec {

	private PublishAckCodec() {
	}

	static void write(PublishAck packet, PacketOutput output) {
		output.packetIdentifier(packet.packetId());
		boolean properties = packet.reasonString() != null || !packet.userProperties().isEmpty();
		if (packet.code() != 0 || properties) {
			output.oneByte("Reason Code", packet.code());
		}
		if (properties) {
			output.properties((writer) -> {
				writer.text(Property.REASON_STRING, packet.reasonString());
				writer.user(packet.userProperties());
			});
		}
	}

	static PublishAck read(PacketInput input) throws PacketException {
		int packetId = input.packetIdentifier();
		int code = (input.hasRemaining()) ? input.oneByte("Reason Code") : 0;
		PropertyReader reader = (input.hasRemaining()) ? PropertyReader.read(input) : PropertyReader.none();
		input.requireEnd();
		return new PublishAck(input.packet(), packetId, code, reader.text(Property.REASON_STRING), reader.user());
	}

}
