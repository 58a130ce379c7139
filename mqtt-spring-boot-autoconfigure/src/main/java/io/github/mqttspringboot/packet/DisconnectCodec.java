package io.github.mqttspringboot.packet;

/**
 * DISCONNECT on the wire (MQTT 5 §3.14), which leaves out what is at its default.
 */
final class DisconnectCodec {

	private DisconnectCodec() {
	}

	static void write(Disconnect packet, PacketOutput output) {
		boolean properties = packet.sessionExpiryInterval() != null || packet.serverReference() != null
				|| packet.reasonString() != null || !packet.userProperties().isEmpty();
		if (packet.code() != 0 || properties) {
			output.oneByte("Reason Code", packet.code());
		}
		if (properties) {
			output.properties((writer) -> {
				writer.number(Property.SESSION_EXPIRY_INTERVAL, packet.sessionExpiryInterval());
				writer.text(Property.REASON_STRING, packet.reasonString());
				writer.user(packet.userProperties());
				writer.text(Property.SERVER_REFERENCE, packet.serverReference());
			});
		}
	}

	static Disconnect read(PacketInput input) throws PacketException {
		int code = (input.hasRemaining()) ? input.oneByte("Reason Code") : 0;
		PropertyReader reader = (input.hasRemaining()) ? PropertyReader.read(input) : PropertyReader.none();
		input.requireEnd();
		return new Disconnect(code, reader.number(Property.SESSION_EXPIRY_INTERVAL),
				reader.text(Property.SERVER_REFERENCE), reader.text(Property.REASON_STRING), reader.user());
	}

}
