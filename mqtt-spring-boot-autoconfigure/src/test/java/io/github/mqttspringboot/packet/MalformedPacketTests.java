package io.github.mqttspringboot.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.LocalError;

import static io.github.mqttspringboot.error.LocalError.INBOUND_MALFORMED;
import static io.github.mqttspringboot.error.LocalError.INBOUND_PROTOCOL_ERROR;
import static io.github.mqttspringboot.error.LocalError.INBOUND_TOPIC_ALIAS_INVALID;
import static io.github.mqttspringboot.error.LocalError.MQTT_3_1_1_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what {@link PacketCodec} refuses to decode. Each case is the first byte of
 * the fixed header and the body, without the Remaining Length.
 */
class MalformedPacketTests {

	static Stream<Arguments> refused() {
		return Stream.of(
				// Fixed header
				malformed("00", "type 0"), malformed("0F", "type 0"),
				protocolError("10 0004 4D515454 05 02", "CONNECT"), protocolError("F0", "AUTH"),
				protocolError("F0 18 00", "AUTH"), malformed("41 0001", "flags"), malformed("58 0001", "flags"),
				malformed("60 0001", "must be 0x2"), malformed("63 0001", "flags"), malformed("72 0001", "flags"),
				malformed("80 0001 00 0001 61 00", "must be 0x2"), malformed("92 0001 00 00", "flags"),
				malformed("A0 0001 00 0001 61", "must be 0x2"), malformed("B1 0001 00 00", "flags"),
				malformed("C1", "flags"), malformed("D8", "flags"), malformed("E2", "flags"),
				malformed("21 00 00 00", "flags"), malformed("C0 00", "1 bytes too many"),
				malformed("D0 0000", "2 bytes too many"),
				// PUBLISH
				protocolError("36 0001 61 0001 00", "QoS is 3"), protocolError("3F 0001 61 0001 00", "QoS is 3"),
				protocolError("38 0001 61 00", "DUP"), malformed("30", "Topic Name is cut off"),
				malformed("30 00", "Topic Name is cut off"), malformed("30 0002 61", "Topic Name is cut off"),
				malformed("30 FFFF 61 00", "Topic Name is cut off"), malformed("30 0001 61", "Property Length"),
				malformed("32 0001 61 00", "Packet Identifier is cut off"),
				protocolError("32 0001 61 0000 00", "Packet Identifier is 0"),
				malformed("32 0001 61 0001", "Property Length"), malformed("30 0001 61 01", "Properties"),
				malformed("30 0001 61 FFFFFF7F", "Properties"),
				malformed("30 0001 61 80", "Property Length is cut off"), malformed("30 0001 61 8000", "fewest bytes"),
				malformed("30 0001 61 FFFFFFFF7F", "four bytes"), protocolError("30 0000 00", "Topic Name is empty"),
				protocolError("30 0003 612F23 00", "wildcard: a/#"), protocolError("30 0001 2B 00", "wildcard: +"),
				protocolError("30 0003 610A2B 00", "a\\u000A+"),
				protocolError("30 0001 61 04 08 0001 23", "Response Topic contains a wildcard"),
				protocolError("30 0001 61 03 08 0000", "Response Topic is empty"),
				topicAlias("30 0001 61 03 23 0001", "Topic Alias is 1"),
				topicAlias("30 0000 03 23 000A", "Topic Alias is 10"), topicAlias("30 0001 61 03 23 0000", "is 0"),
				protocolError("30 0001 61 02 01 02", "Payload Format Indicator is 2"),
				protocolError("30 0001 61 02 0B 00", "Subscription Identifier is 0"),
				protocolError("30 0001 61 04 01 00 01 00", "Payload Format Indicator is there more than once"),
				protocolError("30 0001 61 0A 02 00000001 02 00000001", "Message Expiry Interval is there more"),
				protocolError("30 0001 61 06 03 0000 03 0000", "Content Type is there more than once"),
				protocolError("30 0001 61 06 09 0000 09 0000", "Correlation Data is there more than once"),
				malformed("30 0001 61 03 1F 0000", "0x1F (Reason String) is not allowed"),
				malformed("30 0001 61 01 00", "0x00 is not allowed"), malformed("30 0001 61 02 2B 00", "0x2B"),
				malformed("30 0001 61 05 FFFFFF7F 00", "is not allowed"), malformed("30 0001 61 02 8101", "0x81"),
				malformed("30 0001 61 03 8100 01", "fewest bytes"),
				malformed("30 0001 61 05 09 0003 0000 00", "Correlation Data is cut off"),
				malformed("30 0001 61 03 02 0000 0000 0000", "Message Expiry Interval is cut off"),
				malformed("30 0001 61 04 26 0001 6B 0001 76", "User Property value is cut off"),
				malformed("30 0001 61 02 0B 80 00", "Subscription Identifier is cut off"),
				// Strings
				malformed("30 0001 00 00", "U+0000 at byte 0"), malformed("30 0004 C2A3 6100 00", "U+0000 at byte 3"),
				malformed("30 0001 80 00", "UTF-8"), malformed("30 0002 C080 00", "UTF-8"),
				malformed("30 0002 C1BF 00", "UTF-8"), malformed("30 0003 E08080 00", "UTF-8"),
				malformed("30 0003 E09FBF 00", "UTF-8"), malformed("30 0003 EDA080 00", "UTF-8"),
				malformed("30 0003 EDBFBF 00", "UTF-8"), malformed("30 0006 EDA080EDB080 00", "UTF-8"),
				malformed("30 0004 F0808080 00", "UTF-8"), malformed("30 0004 F4908080 00", "UTF-8"),
				malformed("30 0005 F888808080 00", "UTF-8"), malformed("30 0001 C2 A3 00", "UTF-8"),
				malformed("30 0002 E282 00", "UTF-8"), malformed("30 0001 FF 00", "UTF-8"),
				malformed("30 0001 61 04 03 0001 FF", "Content Type is not"),
				malformed("30 0001 61 06 26 0001 00 0000", "User Property name contains the null character"),
				malformed("30 0001 61 06 26 0000 0001 C0", "User Property value is not well-formed UTF-8"),
				// Acknowledgements
				malformed("40", "Packet Identifier is cut off"), malformed("40 00", "Packet Identifier is cut off"),
				protocolError("40 0000", "Packet Identifier is 0"), protocolError("50 0000 00", "is 0"),
				protocolError("62 0000", "is 0"), protocolError("70 0000", "is 0"),
				malformed("40 0001 00 00 00", "1 bytes too many"), malformed("40 0001 00 01", "Properties"),
				malformed("50 0001 87 02 1F 00", "Reason String is cut off"),
				protocolError("40 0001 00 06 1F 0000 1F 0000", "Reason String is there more than once"),
				malformed("62 0001 00 03 03 0000", "0x03 (Content Type) is not allowed"),
				// SUBSCRIBE, UNSUBSCRIBE
				malformed("82 0001", "Property Length"), protocolError("82 0001 00", "no topic filter"),
				protocolError("82 0000 00 0001 61 00", "Packet Identifier is 0"),
				malformed("82 0001 00 0001 61", "Subscription Options is cut off"),
				malformed("82 0001 00 0001 61 40", "reserved bit"), malformed("82 0001 00 0001 61 80", "reserved bit"),
				protocolError("82 0001 00 0001 61 03", "Maximum QoS"),
				protocolError("82 0001 00 0001 61 30", "Retain Handling"),
				protocolError("82 0001 00 000A 2473686172652F672F61 04", "No Local"),
				protocolError("82 0001 02 0B 00 0001 61 00", "Subscription Identifier is 0"),
				protocolError("82 0001 04 0B 01 0B 02 0001 61 00", "Subscription Identifier is there more"),
				malformed("82 0001 03 1F 0000 0001 61 00", "is not allowed"),
				malformed("82 0001 00 0001 61 00 00", "off"), protocolError("A2 0001 00", "no topic filter"),
				malformed("A2 0001 00 0001", "Topic Filter is cut off"),
				malformed("A2 0001 02 0B 01 0001 61", "is not allowed"),
				// SUBACK, UNSUBACK
				protocolError("90 0001 00", "no reason code"), protocolError("B0 0001 00", "no reason code"),
				protocolError("90 0000 00 00", "Packet Identifier is 0"), malformed("90 0001", "Property Length"),
				malformed("B0 0001 02 0B 01 00", "is not allowed"),
				// CONNACK
				malformed("20", "Connect Acknowledge Flags is cut off"), malformed("20 00", "Reason Code is cut off"),
				malformed("20 02 00 00", "reserved bit"), malformed("20 80 00 00", "reserved bit"),
				malformed("20 00 00 00 00", "1 bytes too many"), malformed("20 00 00 03 21 00", "Properties"),
				protocolError("20 00 00 03 21 0000", "Receive Maximum is 0"),
				protocolError("20 00 00 05 27 00000000", "Maximum Packet Size is 0"),
				protocolError("20 00 00 02 24 02", "Maximum QoS is 2"),
				protocolError("20 00 00 02 25 02", "Retain Available is 2"),
				protocolError("20 00 00 02 28 FF", "Wildcard Subscription Available is 255"),
				protocolError("20 00 00 02 29 02", "Subscription Identifier Available is 2"),
				protocolError("20 00 00 02 2A 02", "Shared Subscription Available is 2"),
				protocolError("20 00 00 04 25 00 25 00", "Retain Available is there more than once"),
				protocolError("20 00 00 06 13 0001 13 0001", "Server Keep Alive is there more than once"),
				malformed("20 00 00 03 23 0001", "0x23 (Topic Alias) is not allowed"),
				// DISCONNECT
				malformed("E0 00 00 00", "1 bytes too many"), malformed("E0 00 01", "Properties"),
				malformed("E0 00 05 11 000000", "Properties"),
				malformed("E0 00 03 21 0001", "0x21 (Receive Maximum) is not allowed"),
				protocolError("E0 00 0A 11 00000000 11 00000000", "Session Expiry Interval is there more"));
	}

	private static Arguments malformed(String hex, String message) {
		return Arguments.of(hex, INBOUND_MALFORMED, message);
	}

	private static Arguments protocolError(String hex, String message) {
		return Arguments.of(hex, INBOUND_PROTOCOL_ERROR, message);
	}

	private static Arguments topicAlias(String hex, String message) {
		return Arguments.of(hex, INBOUND_TOPIC_ALIAS_INVALID, message);
	}

	@ParameterizedTest(name = "{0} is {1}: {2}")
	@MethodSource("refused")
	void refusesWithTheFittingError(String hex, LocalError error, String message) {
		byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
		assertThatExceptionOfType(PacketException.class)
			.isThrownBy(() -> PacketCodec.decode(bytes[0] & 0xFF, ByteBuffer.wrap(bytes, 1, bytes.length - 1)))
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(error));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4, 5, 6, 0x84, 0xFF })
	void recognisesTheConnAckOfAnMqtt311Server(int returnCode) {
		ByteBuffer body = ByteBuffer.wrap(new byte[] { 0, (byte) returnCode });
		assertThatExceptionOfType(PacketException.class).isThrownBy(() -> PacketCodec.decode(0x20, body))
			.withMessageContaining("only MQTT 3.1.1")
			.withMessageContaining(String.format("return code 0x%02X", returnCode))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(MQTT_3_1_1_ONLY));
	}

	@Test
	void everyTruncationIsRefusedOrDecodesToWhatIsEncodedThatWay() {
		long seed = new Random().nextLong();
		RandomPackets packets = new RandomPackets(new Random(seed));
		for (int i = 0; i < 300; i++) {
			byte[] encoded = encode(packets.next());
			byte[] body = body(encoded);
			for (int length = 0; length < body.length; length++) {
				assertSound(encoded[0] & 0xFF, Arrays.copyOf(body, length), seed);
			}
		}
	}

	@Test
	void decodesOrRefusesRandomBytes() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		int decoded = 0;
		for (int i = 0; i < 50_000; i++) {
			byte[] body = new byte[random.nextInt((random.nextBoolean()) ? 8 : 120)];
			random.nextBytes(body);
			// Small numbers make lengths and identifiers that lead further in
			for (int j = 0; j < body.length; j++) {
				if (random.nextInt(3) > 0) {
					body[j] = (byte) random.nextInt(4);
				}
			}
			decoded += assertSound(random.nextInt(256), body, seed);
		}
		assertThat(decoded).as("packets decoded, seed %d", seed).isPositive();
	}

	@Test
	void decodesOrRefusesMutatedPackets() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		RandomPackets packets = new RandomPackets(random);
		int decoded = 0;
		for (int i = 0; i < 50_000; i++) {
			byte[] encoded = encode(packets.next());
			int header = (random.nextInt(10) > 0) ? encoded[0] & 0xFF : random.nextInt(256);
			decoded += assertSound(header, mutate(body(encoded), random), seed);
		}
		assertThat(decoded).as("packets decoded, seed %d", seed).isBetween(1_000, 49_000);
	}

	private static byte[] mutate(byte[] body, Random random) {
		byte[] mutated = body;
		for (int i = random.nextInt(4); i >= 0; i--) {
			int index = random.nextInt(mutated.length + 1);
			switch (random.nextInt(4)) {
				case 0 -> mutated = Arrays.copyOf(mutated, index);
				case 1 -> {
					byte[] longer = Arrays.copyOf(mutated, mutated.length + 1);
					System.arraycopy(mutated, index, longer, index + 1, mutated.length - index);
					longer[index] = (byte) random.nextInt(256);
					mutated = longer;
				}
				default -> {
					if (index < mutated.length) {
						mutated[index] = (byte) ((random.nextBoolean()) ? random.nextInt(256)
								: mutated[index] ^ (1 << random.nextInt(8)));
					}
				}
			}
		}
		return mutated;
	}

	/**
	 * Decode, and encode again what was decoded: whatever is let in can be let out.
	 * @return 1 if the body was decoded, 0 if it was refused
	 */
	private static int assertSound(int header, byte[] body, long seed) {
		MqttPacket packet;
		try {
			packet = PacketCodec.decode(header, ByteBuffer.wrap(body));
		}
		catch (PacketException ex) {
			assertThat(ex.getMessage()).isNotBlank();
			return 0;
		}
		catch (RuntimeException | Error ex) {
			throw new AssertionError(describe(header, body, seed), ex);
		}
		try {
			byte[] encoded = encode(packet);
			MqttPacket again = PacketCodec.decode(encoded[0] & 0xFF, ByteBuffer.wrap(body(encoded)));
			assertThat(encode(again)).as(() -> describe(header, body, seed)).isEqualTo(encoded);
			return 1;
		}
		catch (PacketException | RuntimeException ex) {
			throw new AssertionError(describe(header, body, seed), ex);
		}
	}

	private static String describe(int header, byte[] body, long seed) {
		return String.format("header 0x%02X, body %s, seed %d", header, HexFormat.of().formatHex(body), seed);
	}

	private static byte[] encode(MqttPacket packet) {
		ByteBuffer buffer = ByteBuffer.allocate(PacketCodec.size(packet));
		PacketCodec.encode(packet, buffer);
		return buffer.array();
	}

	private static byte[] body(byte[] encoded) {
		int start = 1;
		while ((encoded[start++] & 0x80) != 0) {
			// Skip the Remaining Length
		}
		return Arrays.copyOfRange(encoded, start, encoded.length);
	}

}
