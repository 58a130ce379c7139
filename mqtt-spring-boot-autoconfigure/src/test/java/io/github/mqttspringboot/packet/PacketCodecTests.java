package io.github.mqttspringboot.packet;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.Subscribe.Subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PacketCodec}. The bytes are written by hand from the specification.
 */
class PacketCodecTests {

	private static final List<UserProperty> USER = List.of(new UserProperty("k", "v"), new UserProperty("k", ""));

	private static final String USER_HEX = "26 0001 6B 0001 76  26 0001 6B 0000";

	static Stream<Arguments> vectors() {
		return Stream.of(
				// PUBLISH
				vector("PUBLISH QoS 0", "30 06 0003 612F62 00", publish(0, 0, false, false, PublishProperties.NONE)),
				vector("PUBLISH QoS 0 retained with payload", "31 08 0003 612F62 00 6869",
						publish(0, 0, true, false, PublishProperties.NONE, 'h', 'i')),
				vector("PUBLISH QoS 1", "32 08 0003 612F62 000A 00",
						publish(10, 1, false, false, PublishProperties.NONE)),
				vector("PUBLISH QoS 2 retained duplicate", "3D 08 0003 612F62 FFFF 00",
						publish(65535, 2, true, true, PublishProperties.NONE)),
				vector("PUBLISH with all properties",
						"34 3C 0003 612F62 0102 33  01 01  02 FFFFFFFF  08 0003 722F31  09 0002 00FF " + USER_HEX
								+ " 0B 01  0B FFFFFF7F  03 000A 746578742F706C61696E  2A",
						publish(0x0102, 2, false, false,
								new PublishProperties(1, 0xFFFF_FFFFL, null, "r/1", new byte[] { 0, (byte) 0xFF }, USER,
										List.of(1, 268_435_455), "text/plain"),
								'*')),
				vector("PUBLISH with UTF-8 of every length", "30 0E 000B 24 C2A3 E282AC F0908D88 7E 00",
						new Publish(0, "$£€\uD800\uDF48~", 0, false, false, PublishProperties.NONE, new byte[0])),
				// PUBACK, PUBREC, PUBREL, PUBCOMP
				vector("PUBACK without reason code", "40 02 0001", new PublishAck(PacketType.PUBACK, 1, 0)),
				vector("PUBACK without properties", "40 03 0001 87", new PublishAck(PacketType.PUBACK, 1, 0x87)),
				vector("PUBACK with reason string", "40 0B 0001 87 07 1F 0004 6E6F7065",
						new PublishAck(PacketType.PUBACK, 1, 0x87, "nope", List.of())),
				vector("PUBACK success with user properties", "40 11 0001 00 0D " + USER_HEX,
						new PublishAck(PacketType.PUBACK, 1, 0, null, USER)),
				vector("PUBREC", "50 02 FFFF", new PublishAck(PacketType.PUBREC, 65535, 0)),
				vector("PUBREC refused", "50 03 0100 80", new PublishAck(PacketType.PUBREC, 256, 0x80)),
				vector("PUBREL", "62 02 0001", new PublishAck(PacketType.PUBREL, 1, 0)),
				vector("PUBREL not found", "62 03 0001 92", new PublishAck(PacketType.PUBREL, 1, 0x92)),
				vector("PUBCOMP", "70 02 0001", new PublishAck(PacketType.PUBCOMP, 1, 0)),
				vector("PUBCOMP vendor code", "70 03 0001 FE", new PublishAck(PacketType.PUBCOMP, 1, 0xFE)),
				// SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK
				vector("SUBSCRIBE", "82 0D 000A 00 0003 612F62 01 0001 23 2E",
						new Subscribe(10,
								List.of(new Subscription("a/b", 1, false, false, 0),
										new Subscription("#", 2, true, true, 2)),
								null, List.of())),
				vector("SUBSCRIBE with properties", "82 17 000A 10 0B 8001 " + USER_HEX + " 0001 61 10",
						new Subscribe(10, List.of(new Subscription("a", 0, false, false, 1)), 128, USER)),
				vector("SUBACK", "90 06 000A 00 00 02 87",
						new SubscribeAck(PacketType.SUBACK, 10, List.of(0, 2, 0x87), null, List.of())),
				vector("SUBACK with properties", "90 15 000A 11 1F 0001 78 " + USER_HEX + " 80",
						new SubscribeAck(PacketType.SUBACK, 10, List.of(0x80), "x", USER)),
				vector("UNSUBSCRIBE", "A2 09 000A 00 0001 61 0001 2B",
						new Unsubscribe(10, List.of("a", "+"), List.of())),
				vector("UNSUBSCRIBE with user properties", "A2 13 000A 0D " + USER_HEX + " 0001 61",
						new Unsubscribe(10, List.of("a"), USER)),
				vector("UNSUBACK", "B0 05 000A 00 00 11",
						new SubscribeAck(PacketType.UNSUBACK, 10, List.of(0, 0x11), null, List.of())),
				// PINGREQ, PINGRESP
				vector("PINGREQ", "C0 00", Ping.REQUEST), vector("PINGRESP", "D0 00", Ping.RESPONSE),
				// CONNACK
				vector("CONNACK", "20 03 00 00 00", ConnAck.of(false, 0)),
				vector("CONNACK session present", "20 03 01 00 00", ConnAck.of(true, 0)),
				vector("CONNACK refused", "20 03 00 86 00", ConnAck.of(false, 0x86)),
				vector("CONNACK with all properties",
						"20 3C 00 9D 39  11 00000000  21 0001  24 00  25 00  27 00000001  12 0002 6964  22 FFFF"
								+ " 1F 0001 72 " + USER_HEX + " 28 00  29 00  2A 00  13 003C  1C 0003 683A31",
						new ConnAck(false, 0x9D, 0L, 1, 0, false, 1L, "id", 65535, false, false, false, 60, "h:1", "r",
								USER)),
				// DISCONNECT
				vector("DISCONNECT normal", "E0 00", new Disconnect(0)),
				vector("DISCONNECT with code", "E0 01 8E", new Disconnect(0x8E)),
				vector("DISCONNECT with session expiry", "E0 07 00 05 11 00000078",
						new Disconnect(0, 120L, null, null, List.of())),
				vector("DISCONNECT with all properties",
						"E0 1C 9C 1A 11 00000001  1F 0001 72 " + USER_HEX + " 1C 0001 68",
						new Disconnect(0x9C, 1L, "h", "r", USER)));
	}

	private static Arguments vector(String name, String hex, MqttPacket packet) {
		return Arguments.of(name, hex, packet);
	}

	private static Publish publish(int packetId, int qos, boolean retain, boolean duplicate,
			PublishProperties properties, int... payload) {
		byte[] bytes = new byte[payload.length];
		for (int i = 0; i < payload.length; i++) {
			bytes[i] = (byte) payload[i];
		}
		return new Publish(packetId, "a/b", qos, retain, duplicate, properties, bytes);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("vectors")
	void encodesToTheBytesOfTheSpecification(String name, String hex, MqttPacket packet) {
		byte[] expected = bytes(hex);
		assertThat(encode(packet)).isEqualTo(expected);
		assertThat(PacketCodec.size(packet)).isEqualTo(expected.length);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("vectors")
	void decodesTheBytesOfTheSpecification(String name, String hex, MqttPacket packet) throws PacketException {
		assertSame(decode(bytes(hex)), packet);
	}

	@Test
	void decodesPropertiesInAnyOrderAndThoseAtTheirDefault() throws PacketException {
		ConnAck connAck = (ConnAck) decode(bytes("20 0F 00 00 0C  25 01  2A 01  22 0000  21 FFFF  24 01"));
		assertThat(connAck.maximumQos()).isEqualTo(1);
		assertThat(connAck.retainAvailable()).isTrue();
		assertThat(connAck.receiveMaximum()).isEqualTo(65535);
	}

	@Test
	void readsPastAuthenticationAndResponseInformationOfConnAck() throws PacketException {
		MqttPacket packet = decode(bytes("20 11 00 00 0E  15 0001 6D  16 0002 0000  1A 0002 722F"));
		assertThat(packet).isEqualTo(ConnAck.of(false, 0));
	}

	@Test
	void decodesAcknowledgementsWithAnEmptyPropertyLength() throws PacketException {
		assertThat(decode(bytes("40 04 0001 10 00"))).isEqualTo(new PublishAck(PacketType.PUBACK, 1, 0x10));
		assertThat(decode(bytes("E0 02 8B 00"))).isEqualTo(new Disconnect(0x8B));
	}

	@Test
	void keepsTheByteOrderMark() throws PacketException {
		Publish publish = (Publish) decode(bytes("30 07 0004 EFBBBF 61 00"));
		assertThat(publish.topic()).isEqualTo("\uFEFFa");
	}

	@Test
	void correlationDataMayHave65535Bytes() throws PacketException {
		byte[] correlationData = new byte[65535];
		Arrays.fill(correlationData, (byte) 0xA5);
		Publish packet = publish(1, 1, false, false,
				new PublishProperties(null, null, null, null, correlationData, List.of(), List.of(), null));
		Publish decoded = (Publish) decode(encode(packet));
		assertThat(decoded.properties().correlationData()).isEqualTo(correlationData);
	}

	@Test
	void topicMayHave65535Bytes() throws PacketException {
		Publish packet = new Publish(0, "é".repeat(32767) + "/", 0, false, false, PublishProperties.NONE, new byte[0]);
		assertThat(((Publish) decode(encode(packet))).topic()).isEqualTo(packet.topic());
	}

	@Test
	void remainingLengthTakesAsFewBytesAsPossible() {
		int overhead = 6;
		assertThat(hex(encode(withPayload(127 - overhead)))).startsWith("307f0003");
		assertThat(hex(encode(withPayload(128 - overhead)))).startsWith("3080010003");
		assertThat(hex(encode(withPayload(16383 - overhead)))).startsWith("30ff7f0003");
		assertThat(hex(encode(withPayload(16384 - overhead)))).startsWith("308080010003");
		assertThat(hex(Arrays.copyOf(encode(withPayload(2097151 - overhead)), 6))).isEqualTo("30ffff7f0003");
		assertThat(hex(Arrays.copyOf(encode(withPayload(2097152 - overhead)), 7))).isEqualTo("30808080010003");
		assertThat(PacketCodec.size(withPayload(2097152 - overhead))).isEqualTo(5 + 2097152);
	}

	@Test
	void packetAboveTheProtocolsLimitIsRefused() {
		List<UserProperty> properties = Collections.nCopies(2049,
				new UserProperty("n".repeat(65535), "v".repeat(65535)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> PacketCodec.size(new Unsubscribe(1, List.of("a"), properties)))
			.withMessageContaining("Property Length is 268");
	}

	@Test
	void decodesFromEveryKindOfBufferAndLeavesItsPosition() throws PacketException {
		byte[] encoded = bytes("32 11 0003 612F62 0102 05 03 0002 C3A9 01020304");
		byte[] body = Arrays.copyOfRange(encoded, 2, encoded.length);
		byte[] padded = new byte[body.length + 7];
		System.arraycopy(body, 0, padded, 3, body.length);
		ByteBuffer inside = ByteBuffer.wrap(padded, 3, body.length);
		ByteBuffer direct = ByteBuffer.allocateDirect(body.length).put(body).flip();
		for (ByteBuffer buffer : List.of(inside, ByteBuffer.wrap(padded).slice(3, body.length), direct,
				ByteBuffer.wrap(body).asReadOnlyBuffer(), ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN))) {
			int position = buffer.position();
			Publish publish = (Publish) PacketCodec.decode(0x32, buffer);
			assertThat(publish.topic()).isEqualTo("a/b");
			assertThat(publish.packetId()).isEqualTo(0x0102);
			assertThat(publish.properties().contentType()).isEqualTo("é");
			assertThat(publish.payload()).containsExactly(1, 2, 3, 4);
			assertThat(buffer.position()).isEqualTo(position);
		}
	}

	@Test
	void decodedPayloadIsACopy() throws PacketException {
		byte[] body = bytes("0001 61 00 2A");
		Publish publish = (Publish) PacketCodec.decode(0x30, ByteBuffer.wrap(body));
		Arrays.fill(body, (byte) 0);
		assertThat(publish.payload()).containsExactly(0x2A);
	}

	@Test
	void encodesIntoEveryKindOfBuffer() {
		Disconnect packet = new Disconnect(0x81, 0x01020304L, null, "é", List.of());
		byte[] expected = bytes("E0 0C 81 0A 11 01020304 1F 0002 C3A9");
		for (ByteBuffer buffer : List.of(ByteBuffer.allocateDirect(14),
				ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN))) {
			PacketCodec.encode(packet, buffer);
			byte[] actual = new byte[14];
			buffer.flip().get(actual);
			assertThat(actual).isEqualTo(expected);
		}
	}

	@Test
	void encodeLeavesATooSmallBufferAlone() {
		ByteBuffer buffer = ByteBuffer.allocate(7);
		assertThatExceptionOfType(BufferOverflowException.class)
			.isThrownBy(() -> PacketCodec.encode(publish(0, 0, false, false, PublishProperties.NONE), buffer));
		assertThat(buffer.position()).isZero();
		assertThat(buffer.array()).containsOnly(0);
	}

	static Stream<Arguments> unencodable() {
		return Stream.of(refused("Topic Name contains the null character U+0000 at index 1", topic("a\0")),
				refused("Topic Name contains the lone surrogate U+D800 at index 0", topic("\uD800a")),
				refused("Topic Name contains the lone surrogate U+DC00 at index 2", topic("ab\uDC00")),
				refused("Topic Name contains the lone surrogate U+DBFF at index 0", topic("\uDBFF")),
				refused("Topic Name has 65536 bytes in UTF-8", topic("é".repeat(32768))),
				refused("QoS is 3", publish(1, 3, false, false, PublishProperties.NONE)),
				refused("QoS is -1", publish(1, -1, false, false, PublishProperties.NONE)),
				refused("Packet Identifier is 0", publish(0, 1, false, false, PublishProperties.NONE)),
				refused("Packet Identifier is 65536", publish(65536, 1, false, false, PublishProperties.NONE)),
				refused("neither packet identifier nor DUP", publish(1, 0, false, false, PublishProperties.NONE)),
				refused("neither packet identifier nor DUP", publish(0, 0, false, true, PublishProperties.NONE)),
				refused("Payload Format Indicator is 2",
						properties(new PublishProperties(2, null, null, null, null, List.of(), List.of(), null))),
				refused("Message Expiry Interval is 4294967296",
						properties(
								new PublishProperties(null, 1L << 32, null, null, null, List.of(), List.of(), null))),
				refused("Topic Alias is 0",
						properties(new PublishProperties(null, null, 0, null, null, List.of(), List.of(), null))),
				refused("Correlation Data has 65536 bytes",
						properties(new PublishProperties(null, null, null, null, new byte[65536], List.of(), List.of(),
								null))),
				refused("Subscription Identifier is 268435456",
						properties(new PublishProperties(null, null, null, null, null, List.of(), List.of(268_435_456),
								null))),
				refused("User Property value contains the null character",
						new Disconnect(0, null, null, null, List.of(new UserProperty("k", "\0")))),
				refused("Reason Code is 256", new PublishAck(PacketType.PUBACK, 1, 256)),
				refused("Packet Identifier is 0", new PublishAck(PacketType.PUBREL, 0, 0)),
				refused("no topic filter", new Subscribe(1, List.of(), null, List.of())),
				refused("no topic filter", new Unsubscribe(1, List.of(), List.of())),
				refused("Retain Handling is 3",
						new Subscribe(1, List.of(new Subscription("a", 0, false, false, 3)), null, List.of())),
				refused("QoS is 3",
						new Subscribe(1, List.of(new Subscription("a", 3, false, false, 0)), null, List.of())),
				refused("Subscription Identifier is 0",
						new Subscribe(1, List.of(new Subscription("a", 0, false, false, 0)), 0, List.of())),
				refused("no reason code", new SubscribeAck(PacketType.SUBACK, 1, List.of(), null, List.of())),
				refused("Session Expiry Interval is -1", new Disconnect(0, -1L, null, null, List.of())));
	}

	private static Arguments refused(String message, MqttPacket packet) {
		return Arguments.of(message, packet);
	}

	private static Publish topic(String topic) {
		return new Publish(0, topic, 0, false, false, PublishProperties.NONE, new byte[0]);
	}

	private static Publish properties(PublishProperties properties) {
		return publish(0, 0, false, false, properties);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("unencodable")
	void refusesWhatCannotBeEncodedAndWritesNothing(String message, MqttPacket packet) {
		ByteBuffer buffer = ByteBuffer.allocate(200_000);
		assertThatIllegalArgumentException().isThrownBy(() -> PacketCodec.size(packet)).withMessageContaining(message);
		assertThatIllegalArgumentException().isThrownBy(() -> PacketCodec.encode(packet, buffer))
			.withMessageContaining(message);
		assertThat(buffer.position()).isZero();
	}

	@Test
	void randomPacketsSurviveARoundTrip() throws PacketException {
		long seed = new Random().nextLong();
		RandomPackets packets = new RandomPackets(new Random(seed));
		for (int i = 0; i < 5_000; i++) {
			MqttPacket packet = packets.next();
			byte[] encoded = encode(packet);
			MqttPacket decoded = decode(encoded);
			assertThat(hex(encode(decoded))).as("packet %d of seed %d", i, seed).isEqualTo(hex(encoded));
			if (packet instanceof Publish publish) {
				assertThat(decoded).as("packet %d of seed %d", i, seed).usingRecursiveComparison().isEqualTo(publish);
			}
			else {
				assertThat(decoded).as("packet %d of seed %d", i, seed).isEqualTo(packet);
			}
		}
	}

	private static Publish withPayload(int length) {
		return new Publish(0, "a/b", 0, false, false, PublishProperties.NONE, new byte[length]);
	}

	private static void assertSame(MqttPacket actual, MqttPacket expected) {
		assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
		assertThat(actual.getClass()).isEqualTo(expected.getClass());
	}

	private static byte[] encode(MqttPacket packet) {
		ByteBuffer buffer = ByteBuffer.allocate(PacketCodec.size(packet));
		PacketCodec.encode(packet, buffer);
		assertThat(buffer.hasRemaining()).isFalse();
		return buffer.array();
	}

	private static MqttPacket decode(byte[] encoded) throws PacketException {
		int start = 1;
		int remainingLength = 0;
		int shift = 0;
		int octet;
		do {
			octet = encoded[start++];
			remainingLength |= (octet & 0x7F) << shift;
			shift += 7;
		}
		while ((octet & 0x80) != 0);
		assertThat(remainingLength).isEqualTo(encoded.length - start);
		return PacketCodec.decode(encoded[0] & 0xFF, ByteBuffer.wrap(encoded, start, remainingLength));
	}

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex.replace(" ", ""));
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

}
