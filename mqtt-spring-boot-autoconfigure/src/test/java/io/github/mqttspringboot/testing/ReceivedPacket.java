package io.github.mqttspringboot.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;

/**
 * A packet that a {@link ScriptedBroker} received. What a type does not carry is empty, 0
 * or {@code null}.
 *
 * @param connection the index of the network connection it came on, from 0
 * @param type the packet type
 * @param packetId the packet identifier, 0 for none
 * @param topic the topic of a PUBLISH
 * @param qos the QoS of a PUBLISH
 * @param duplicate the DUP flag of a PUBLISH
 * @param retain the RETAIN flag of a PUBLISH
 * @param payload the payload of a PUBLISH
 * @param reasonCode the reason code, 0 if it was left out
 * @param filters the filters of a SUBSCRIBE or UNSUBSCRIBE
 * @param properties the properties
 * @param connect the fields of a CONNECT, else {@code null}
 * @param raw the whole packet
 */
@SuppressWarnings("ArrayRecordComponent")
public record ReceivedPacket(int connection, PacketType type, int packetId, String topic, int qos, boolean duplicate,
		boolean retain, byte[] payload, int reasonCode, List<Filter> filters, WireProperties properties,
		@Nullable ConnectFields connect, byte[] raw) {

	private static final byte[] NOTHING = {};

	/**
	 * Return the payload as text.
	 * @return the payload
	 */
	public String payloadText() {
		return new String(this.payload, StandardCharsets.UTF_8);
	}

	/**
	 * Return the fields of a CONNECT.
	 * @return the fields
	 * @throws NullPointerException if this is another packet
	 */
	public ConnectFields connectFields() {
		return Objects.requireNonNull(this.connect, () -> this.type + " is not a CONNECT");
	}

	/**
	 * Return the filters without their options.
	 * @return the filters of a SUBSCRIBE or UNSUBSCRIBE
	 */
	public List<String> filterNames() {
		return this.filters.stream().map(Filter::name).toList();
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.type.name()).append("[link=").append(this.connection);
		if (this.packetId != 0) {
			text.append(", id=").append(this.packetId);
		}
		switch (this.type) {
			case PUBLISH -> text.append(", ")
				.append(this.topic)
				.append(", qos=")
				.append(this.qos)
				.append(this.duplicate ? ", dup" : "")
				.append(", ")
				.append(this.payload.length)
				.append(" bytes");
			case SUBSCRIBE, UNSUBSCRIBE -> text.append(", ").append(filterNames());
			default -> text.append(String.format(", 0x%02X", this.reasonCode));
		}
		return text.append(']').toString();
	}

	/**
	 * Decode a whole packet.
	 * @param connection the index of the network connection
	 * @param header the first byte
	 * @param body the variable header and payload
	 * @return the packet
	 * @throws IllegalStateException if it is not a legal packet of a client
	 */
	static ReceivedPacket read(int connection, int header, byte[] body) {
		PacketType type = PacketType.of(header >> 4);
		int flags = header & 0x0F;
		byte[] raw = ByteWriter.frame(type.value(), flags, body);
		ByteReader reader = new ByteReader(body);
		require(type == PacketType.PUBLISH || flags == flagsOf(type), "%s has the flags %d".formatted(type, flags));
		ReceivedPacket packet = switch (type) {
			case CONNECT -> new ReceivedPacket(connection, type, 0, "", 0, false, false, NOTHING, 0, List.of(),
					WireProperties.NONE, ConnectFields.read(reader), raw);
			case PUBLISH -> publish(connection, flags, reader, raw);
			case PUBACK, PUBREC, PUBREL, PUBCOMP -> reason(connection, type, packetId(reader), reader, raw);
			case SUBSCRIBE, UNSUBSCRIBE -> filters(connection, type, reader, raw);
			case PINGREQ, DISCONNECT, AUTH -> reason(connection, type, 0, reader, raw);
			default -> throw new IllegalStateException("A client must not send " + type);
		};
		require(reader.remaining() == 0, "%s has %d bytes too many".formatted(type, reader.remaining()));
		return packet;
	}

	private static ReceivedPacket publish(int connection, int flags, ByteReader reader, byte[] raw) {
		int qos = (flags >> 1) & 3;
		boolean duplicate = (flags & 8) != 0;
		require(qos != 3, "PUBLISH has QoS 3");
		require(qos > 0 || !duplicate, "PUBLISH has DUP with QoS 0");
		String topic = reader.text();
		int packetId = (qos > 0) ? packetId(reader) : 0;
		WireProperties properties = WireProperties.read(reader);
		return new ReceivedPacket(connection, PacketType.PUBLISH, packetId, topic, qos, duplicate, (flags & 1) != 0,
				reader.rest(), 0, List.of(), properties, null, raw);
	}

	private static ReceivedPacket reason(int connection, PacketType type, int packetId, ByteReader reader, byte[] raw) {
		boolean bodyless = type == PacketType.PINGREQ;
		int reasonCode = (!bodyless && reader.remaining() > 0) ? reader.u8() : 0;
		WireProperties properties = (!bodyless && reader.remaining() > 0) ? WireProperties.read(reader)
				: WireProperties.NONE;
		return new ReceivedPacket(connection, type, packetId, "", 0, false, false, NOTHING, reasonCode, List.of(),
				properties, null, raw);
	}

	private static ReceivedPacket filters(int connection, PacketType type, ByteReader reader, byte[] raw) {
		int packetId = packetId(reader);
		WireProperties properties = WireProperties.read(reader);
		List<Filter> filters = new ArrayList<>();
		while (reader.remaining() > 0) {
			filters.add(new Filter(reader.text(), (type == PacketType.SUBSCRIBE) ? reader.u8() : 0));
		}
		require(!filters.isEmpty(), type + " has no filter");
		return new ReceivedPacket(connection, type, packetId, "", 0, false, false, NOTHING, 0, List.copyOf(filters),
				properties, null, raw);
	}

	private static int packetId(ByteReader reader) {
		int packetId = reader.u16();
		require(packetId != 0, "The packet identifier is 0");
		return packetId;
	}

	private static int flagsOf(PacketType type) {
		return switch (type) {
			case PUBREL, SUBSCRIBE, UNSUBSCRIBE -> 2;
			default -> 0;
		};
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalStateException(message);
		}
	}

	/**
	 * A filter of a SUBSCRIBE (MQTT 5 §3.8.3) or UNSUBSCRIBE.
	 *
	 * @param name the topic filter
	 * @param options the options byte of a SUBSCRIBE
	 */
	public record Filter(String name, int options) {

		/**
		 * Return the maximum QoS asked for.
		 * @return 0, 1 or 2
		 */
		public int qos() {
			return this.options & 3;
		}

		/**
		 * Return the No Local option.
		 * @return the option
		 */
		public boolean noLocal() {
			return (this.options & 4) != 0;
		}

		/**
		 * Return the Retain As Published option.
		 * @return the option
		 */
		public boolean retainAsPublished() {
			return (this.options & 8) != 0;
		}

		/**
		 * Return the Retain Handling option.
		 * @return 0, 1 or 2
		 */
		public int retainHandling() {
			return (this.options >> 4) & 3;
		}

	}

}
