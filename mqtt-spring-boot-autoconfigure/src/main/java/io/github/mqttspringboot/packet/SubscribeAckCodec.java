package io.github.mqttspringboot.packet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * SUBACK and UNSUBACK on the wire (MQTT 5 §3.9 and §3.11).
 */
final class SubscribeAckCodec {

	private SubscribeAckCodec() {
	}

	static void write(SubscribeAck packet, PacketOutput output) {
		output.packetIdentifier(packet.packetId());
		output.properties((writer) -> {
			writer.text(Property.REASON_STRING, packet.reasonString());
			writer.user(packet.userProperties());
		});
		if (packet.codes().isEmpty()) {
			throw new IllegalArgumentException("There is no reason code");
		}
		for (int code : packet.codes()) {
			output.oneByte("Reason Code", code);
		}
	}

	static SubscribeAck read(PacketInput input) throws PacketException {
		int packetId = input.packetIdentifier();
		PropertyReader reader = PropertyReader.read(input);
		if (!input.hasRemaining()) {
			throw input.protocolError("has no reason code");
		}
		List<Integer> codes = new ArrayList<>(input.remaining());
		while (input.hasRemaining()) {
			codes.add(input.oneByte("Reason Code"));
		}
		return new SubscribeAck(input.packet(), packetId, Collections.unmodifiableList(codes),
				reader.text(Property.REASON_STRING), reader.user());
	}

}
