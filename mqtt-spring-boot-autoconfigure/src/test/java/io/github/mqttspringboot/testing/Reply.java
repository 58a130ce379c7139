package io.github.mqttspringboot.testing;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;

/**
 * A packet that a {@link ScriptedBroker} sends. Nothing is checked: codes, properties and
 * flags may be illegal. The packet identifier is that of the packet answered, unless
 * {@link #id(int)} says otherwise. A reason code of 0 and empty properties are left out
 * where the specification allows it.
 */
public final class Reply {

	private final PacketType type;

	private final int[] codes;

	private final String topic;

	private final byte[] payload;

	private final ByteWriter properties = new ByteWriter();

	private int flags;

	private boolean sessionPresent;

	private @Nullable Integer packetId;

	private Reply(PacketType type, int[] codes, String topic, byte[] payload) {
		this.type = type;
		this.codes = codes;
		this.topic = topic;
		this.payload = payload;
		this.flags = (type == PacketType.PUBREL) ? 2 : 0;
	}

	public static Reply connack(int code) {
		return of(PacketType.CONNACK, code);
	}

	public static Reply puback(int code) {
		return of(PacketType.PUBACK, code);
	}

	public static Reply pubrec(int code) {
		return of(PacketType.PUBREC, code);
	}

	public static Reply pubrel(int code) {
		return of(PacketType.PUBREL, code);
	}

	public static Reply pubcomp(int code) {
		return of(PacketType.PUBCOMP, code);
	}

	/**
	 * Make a SUBACK.
	 * @param codes one a filter; more or fewer are sent as they are
	 * @return the packet
	 */
	public static Reply suback(int... codes) {
		return of(PacketType.SUBACK, codes);
	}

	/**
	 * Make an UNSUBACK.
	 * @param codes one a filter; more or fewer are sent as they are
	 * @return the packet
	 */
	public static Reply unsuback(int... codes) {
		return of(PacketType.UNSUBACK, codes);
	}

	public static Reply pingresp() {
		return of(PacketType.PINGRESP);
	}

	public static Reply disconnect(int code) {
		return of(PacketType.DISCONNECT, code);
	}

	public static Reply auth(int code) {
		return of(PacketType.AUTH, code);
	}

	public static Reply publish(String topic, String payload) {
		return publish(topic, payload.getBytes(StandardCharsets.UTF_8));
	}

	public static Reply publish(String topic, byte[] payload) {
		return new Reply(PacketType.PUBLISH, new int[0], topic, payload);
	}

	private static Reply of(PacketType type, int... codes) {
		return new Reply(type, codes, "", new byte[0]);
	}

	public Reply id(int packetId) {
		this.packetId = packetId;
		return this;
	}

	/**
	 * Set the QoS of a PUBLISH.
	 * @param qos 0 to 3, of which 3 is illegal
	 * @return this
	 */
	public Reply qos(int qos) {
		return flags((this.flags & ~6) | (qos << 1));
	}

	public Reply duplicate() {
		return flags(this.flags | 8);
	}

	public Reply retain() {
		return flags(this.flags | 1);
	}

	/**
	 * Set the flags of the fixed header, legal or not.
	 * @param flags the four bits
	 * @return this
	 */
	public Reply flags(int flags) {
		this.flags = flags;
		return this;
	}

	public Reply sessionPresent(boolean sessionPresent) {
		this.sessionPresent = sessionPresent;
		return this;
	}

	public Reply reason(String reason) {
		return textProperty(WireProperties.REASON_STRING, reason);
	}

	public Reply receiveMaximum(int value) {
		return shortProperty(WireProperties.RECEIVE_MAXIMUM, value);
	}

	public Reply maximumPacketSize(long value) {
		return intProperty(WireProperties.MAXIMUM_PACKET_SIZE, value);
	}

	public Reply maximumQos(int value) {
		return byteProperty(WireProperties.MAXIMUM_QOS, value);
	}

	public Reply retainAvailable(boolean value) {
		return byteProperty(WireProperties.RETAIN_AVAILABLE, value ? 1 : 0);
	}

	public Reply wildcardsAvailable(boolean value) {
		return byteProperty(WireProperties.WILDCARD_AVAILABLE, value ? 1 : 0);
	}

	public Reply sharedSubscriptionsAvailable(boolean value) {
		return byteProperty(WireProperties.SHARED_AVAILABLE, value ? 1 : 0);
	}

	public Reply subscriptionIdentifiersAvailable(boolean value) {
		return byteProperty(WireProperties.SUBSCRIPTION_IDENTIFIERS_AVAILABLE, value ? 1 : 0);
	}

	public Reply topicAliasMaximum(int value) {
		return shortProperty(WireProperties.TOPIC_ALIAS_MAXIMUM, value);
	}

	public Reply topicAlias(int value) {
		return shortProperty(WireProperties.TOPIC_ALIAS, value);
	}

	public Reply subscriptionIdentifier(long value) {
		this.properties.varInt(WireProperties.SUBSCRIPTION_IDENTIFIER).varInt((int) value);
		return this;
	}

	public Reply serverKeepAlive(int seconds) {
		return shortProperty(WireProperties.SERVER_KEEP_ALIVE, seconds);
	}

	public Reply sessionExpiry(long seconds) {
		return intProperty(WireProperties.SESSION_EXPIRY, seconds);
	}

	public Reply assignedClientId(String value) {
		return textProperty(WireProperties.ASSIGNED_CLIENT_ID, value);
	}

	public Reply serverReference(String value) {
		return textProperty(WireProperties.SERVER_REFERENCE, value);
	}

	public Reply userProperty(String key, String value) {
		this.properties.varInt(WireProperties.USER_PROPERTY).text(key).text(value);
		return this;
	}

	public Reply byteProperty(int id, int value) {
		this.properties.varInt(id).u8(value);
		return this;
	}

	public Reply shortProperty(int id, int value) {
		this.properties.varInt(id).u16(value);
		return this;
	}

	public Reply intProperty(int id, long value) {
		this.properties.varInt(id).u32(value);
		return this;
	}

	public Reply textProperty(int id, String value) {
		this.properties.varInt(id).text(value);
		return this;
	}

	public Reply binaryProperty(int id, byte[] value) {
		this.properties.varInt(id).binary(value);
		return this;
	}

	/**
	 * Return the packet's bytes, for tests that cut or damage them.
	 * @return the bytes
	 * @throws IllegalStateException if the packet needs an identifier and has none
	 */
	public byte[] encode() {
		return encode(0);
	}

	byte[] encode(int answeredId) {
		return ByteWriter.frame(this.type.value(), this.flags, switch (this.type) {
			case CONNACK -> new ByteWriter().u8(this.sessionPresent ? 1 : 0)
				.u8(this.codes[0])
				.varInt(this.properties.size())
				.raw(this.properties.toBytes())
				.toBytes();
			case PUBLISH -> publishBody(answeredId);
			case SUBACK,
					UNSUBACK ->
				new ByteWriter().u16(idOr(answeredId))
					.varInt(this.properties.size())
					.raw(this.properties.toBytes())
					.raw(ByteWriter.bytes(this.codes))
					.toBytes();
			case PINGRESP -> new byte[0];
			case DISCONNECT, AUTH -> withReason(new ByteWriter());
			default -> withReason(new ByteWriter().u16(idOr(answeredId)));
		});
	}

	private byte[] publishBody(int answeredId) {
		ByteWriter body = new ByteWriter().text(this.topic);
		if ((this.flags & 6) != 0) {
			body.u16(idOr(answeredId));
		}
		return body.varInt(this.properties.size()).raw(this.properties.toBytes()).raw(this.payload).toBytes();
	}

	private byte[] withReason(ByteWriter body) {
		if (this.codes[0] != 0 || this.properties.size() > 0) {
			body.u8(this.codes[0]);
		}
		if (this.properties.size() > 0) {
			body.varInt(this.properties.size()).raw(this.properties.toBytes());
		}
		return body.toBytes();
	}

	private int idOr(int answeredId) {
		if (this.packetId != null) {
			return this.packetId;
		}
		if (answeredId == 0) {
			throw new IllegalStateException("%s answers no packet: give it an id".formatted(this.type));
		}
		return answeredId;
	}

}
