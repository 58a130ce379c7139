package io.github.mqttspringboot.packet;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Locale;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;

/**
 * Turns packets into bytes and bytes into packets (MQTT 5 §2 and §3). Stateless and
 * thread-safe.
 * <p>
 * It works in both directions, so that which side may send a packet or property is for
 * the caller to check. The grammar of topics is not checked on encoding, see
 * {@link Topics}.
 *
 * @since 0.1.0
 */
public final class PacketCodec {

	private static final int MAX_FIXED_HEADER = 5;

	private PacketCodec() {
	}

	/**
	 * Return the size of a packet on the wire, fixed header included.
	 * @param packet the packet
	 * @return the size in bytes, 2 to 268,435,460
	 * @throws IllegalArgumentException if the packet cannot be encoded
	 */
	public static int size(MqttPacket packet) {
		int remainingLength = remainingLength(packet);
		return 1 + VariableByteInteger.size(remainingLength) + remainingLength;
	}

	/**
	 * Encode a packet.
	 * @param packet the packet
	 * @param target where to put exactly {@link #size(MqttPacket)} bytes; on an exception
	 * nothing has been put there
	 * @throws IllegalArgumentException if the packet cannot be encoded
	 * @throws BufferOverflowException if there is not enough space
	 */
	public static void encode(MqttPacket packet, ByteBuffer target) {
		int remainingLength = remainingLength(packet);
		if (target.remaining() < 1 + VariableByteInteger.size(remainingLength) + remainingLength) {
			throw new BufferOverflowException();
		}
		write(packet, start(packet, remainingLength, target));
	}

	private static PacketOutput start(MqttPacket packet, int remainingLength, ByteBuffer target) {
		PacketOutput output = PacketOutput.to(target);
		output.oneByte("Fixed Header", (packet.type().value() << 4) | flags(packet));
		output.variable("Remaining Length", remainingLength);
		return output;
	}

	/**
	 * Encode a PUBLISH without its payload, which is to follow.
	 * @param packet the packet
	 * @param target where to put {@link #size(MqttPacket)} bytes less the payload; on an
	 * exception nothing has been put there
	 * @throws IllegalArgumentException if the packet cannot be encoded
	 * @throws BufferOverflowException if there is not enough space
	 */
	public static void encodeHead(Publish packet, ByteBuffer target) {
		int remainingLength = remainingLength(packet);
		if (target.remaining() < 1 + VariableByteInteger.size(remainingLength) + remainingLength
				- packet.payload().length) {
			throw new BufferOverflowException();
		}
		PublishCodec.writeHead(packet, start(packet, remainingLength, target));
	}

	/**
	 * Decode a packet. The result shares no memory with the buffer.
	 * @param header the first byte of the fixed header
	 * @param body the variable header and payload, exactly the Remaining Length; its
	 * position and limit are left as they are
	 * @return the packet
	 * @throws PacketException if the packet is malformed, breaks the protocol, or is a
	 * CONNECT or AUTH, which no server sends to this client;
	 * {@link LocalError#MQTT_3_1_1_ONLY} for the CONNACK of an MQTT 3.1.1 server
	 */
	public static MqttPacket decode(int header, ByteBuffer body) throws PacketException {
		int flags = header & 0x0F;
		int typeValue = (header >> 4) & 0x0F;
		if (typeValue == 0) {
			throw new PacketException(LocalError.INBOUND_MALFORMED, "Packet type 0 is reserved");
		}
		PacketType type = PacketType.of(typeValue);
		PacketInput input = new PacketInput(type, body);
		if (type == PacketType.PUBLISH) {
			return PublishCodec.read(flags, input, null);
		}
		int reserved = reservedFlags(type);
		if (flags != reserved) {
			throw input.malformed(String.format(Locale.ROOT,
					"the flags of the fixed header are 0x%X, but must be 0x%X [MQTT-2.1.3-1]", flags, reserved));
		}
		return switch (type) {
			case CONNACK -> ConnAckCodec.read(input);
			case PUBACK, PUBREC, PUBREL, PUBCOMP -> PublishAckCodec.read(input);
			case SUBSCRIBE -> SubscribeCodec.readSubscribe(input);
			case SUBACK, UNSUBACK -> SubscribeAckCodec.read(input);
			case UNSUBSCRIBE -> SubscribeCodec.readUnsubscribe(input);
			case PINGREQ -> ping(Ping.REQUEST, input);
			case PINGRESP -> ping(Ping.RESPONSE, input);
			case DISCONNECT -> DisconnectCodec.read(input);
			default -> throw input.protocolError("this packet was not expected");
		};
	}

	/**
	 * Decode a PUBLISH whose payload is known apart.
	 * @param header the first byte of the fixed header
	 * @param head the variable header, up to the {@link #payloadStart}; its position and
	 * limit are left as they are
	 * @param payload the payload, not copied
	 * @return the packet
	 * @throws PacketException if the packet is malformed or breaks the protocol
	 */
	public static Publish decode(int header, ByteBuffer head, byte[] payload) throws PacketException {
		return PublishCodec.read(header & 0x0F, new PacketInput(PacketType.PUBLISH, head), payload);
	}

	/**
	 * Return where the payload of a PUBLISH begins.
	 * @param header the first byte of the fixed header
	 * @param body the first bytes of what follows the fixed header
	 * @return how many bytes are before the payload, perhaps more than there are; -1 if
	 * that cannot be told from these bytes
	 */
	public static int payloadStart(int header, ByteBuffer body) {
		return PublishCodec.payloadStart(header & 0x0F, body);
	}

	private static Ping ping(Ping ping, PacketInput input) throws PacketException {
		input.requireEnd();
		return ping;
	}

	private static int remainingLength(MqttPacket packet) {
		flags(packet);
		PacketOutput counter = PacketOutput.counting();
		write(packet, counter);
		if (counter.length() > VariableByteInteger.MAX) {
			throw new IllegalArgumentException("the packet has " + (MAX_FIXED_HEADER + counter.length())
					+ " bytes, but at most " + (MAX_FIXED_HEADER + VariableByteInteger.MAX) + " can be encoded");
		}
		return (int) counter.length();
	}

	private static int flags(MqttPacket packet) {
		if (packet instanceof Publish publish) {
			return PublishCodec.flags(publish);
		}
		return reservedFlags(packet.type());
	}

	private static int reservedFlags(PacketType type) {
		return switch (type) {
			case PUBREL, SUBSCRIBE, UNSUBSCRIBE -> 2;
			default -> 0;
		};
	}

	private static void write(MqttPacket packet, PacketOutput output) {
		if (packet instanceof Publish publish) {
			PublishCodec.write(publish, output);
		}
		else if (packet instanceof PublishAck ack) {
			PublishAckCodec.write(ack, output);
		}
		else if (packet instanceof Subscribe subscribe) {
			SubscribeCodec.write(subscribe, output);
		}
		else if (packet instanceof SubscribeAck ack) {
			SubscribeAckCodec.write(ack, output);
		}
		else if (packet instanceof Unsubscribe unsubscribe) {
			SubscribeCodec.write(unsubscribe, output);
		}
		else if (packet instanceof ConnAck connAck) {
			ConnAckCodec.write(connAck, output);
		}
		else if (packet instanceof Disconnect disconnect) {
			DisconnectCodec.write(disconnect, output);
		}
	}

}
