package io.github.mqttspringboot.paho;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.PacketException;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PacketFramerTests {

	private static final int[] SIZES = { 0, 1, 2, 127, 128, 129, 5000, 16383, 16384, 70_000, 200_000, 2_097_152 };

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7, 1000, 32 * 1024, 100_000, 4_000_000 })
	void cutsPacketsHoweverTheBytesAreSplit(int step) throws Exception {
		byte[] stream = stream();
		PacketFramer framer = new PacketFramer(Long.MAX_VALUE);
		List<Integer> sizes = new ArrayList<>();
		for (int offset = 0; offset < stream.length; offset += step) {
			ByteBuffer input = ByteBuffer.wrap(stream, offset, Math.min(step, stream.length - offset));
			while (framer.next(input)) {
				assertThat(framer.header()).isEqualTo(0x30 | (sizes.size() & 0x0F));
				ByteBuffer packet = packet(framer);
				assertBody(packet, sizes.size());
				sizes.add(packet.remaining());
			}
			assertThat(input.hasRemaining()).isFalse();
		}
		assertThat(sizes).containsExactly(Arrays.stream(SIZES).boxed().toArray(Integer[]::new));
		assertThat(framer.insidePacket()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 1000, 32 * 1024 })
	void tellsThePayloadOfAMessageInPartsApart(int step) throws Exception {
		PublishProperties properties = new PublishProperties(1, 60L, null, "answer/to", new byte[60_000],
				List.of(new UserProperty("name", "x".repeat(60_000))), List.of(), "text/plain");
		for (int size : new int[] { 0, 1, 100, 70_000, 1_000_000 }) {
			for (int qos = 0; qos < 3; qos++) {
				byte[] payload = new byte[size];
				new Random(size).nextBytes(payload);
				byte[] encoded = Peer
					.encode(new Publish((qos > 0) ? 7 : 0, "a/b", qos, false, false, properties, payload));
				PacketFramer framer = new PacketFramer(Long.MAX_VALUE);
				for (int offset = 0; offset < encoded.length; offset += step) {
					int count = Math.min(step, encoded.length - offset);
					assertThat(framer.next(ByteBuffer.wrap(encoded, offset, count)))
						.isEqualTo(offset + count == encoded.length);
				}
				assertThat(framer.payload()).isEqualTo(payload);
				Publish decoded = PacketCodec.decode(framer.header(), framer.body(), payload);
				assertThat(Peer.encode(decoded)).isEqualTo(encoded);
				assertThat(decoded.payload()).isSameAs(payload);
			}
		}
	}

	@Test
	void doesNotKeepALargeMessageUntilTheNextOne() throws Exception {
		byte[] encoded = Peer.encode(new Publish(0, "a/b", 0, false, false, PublishProperties.NONE, new byte[100_000]));
		PacketFramer framer = new PacketFramer(Long.MAX_VALUE);
		assertThat(framer.next(ByteBuffer.wrap(encoded, 0, 50_000))).isFalse();
		ByteBuffer rest = ByteBuffer.wrap(encoded, 50_000, encoded.length - 50_000);
		assertThat(framer.next(rest)).isTrue();
		assertThat(framer.payload()).hasSize(100_000);
		assertThat(framer.next(rest)).isFalse();
		assertThat(framer.payload()).isNull();
		assertThat(framer.body().remaining()).isZero();
	}

	@Test
	void knowsThatAPacketHasBegun() throws Exception {
		PacketFramer framer = new PacketFramer(Long.MAX_VALUE);
		assertThat(framer.next(ByteBuffer.wrap(Peer.bytes(0x40, 2, 0)))).isFalse();
		assertThat(framer.insidePacket()).isTrue();
		assertThat(framer.next(ByteBuffer.wrap(Peer.bytes(1)))).isTrue();
		assertThat(framer.insidePacket()).isFalse();
	}

	@Test
	void refusesALengthOfFiveBytes() {
		PacketFramer framer = new PacketFramer(Long.MAX_VALUE);
		assertError(framer, LocalError.INBOUND_MALFORMED, 0x30, 0xFF, 0xFF, 0xFF, 0xFF);
	}

	@Test
	void refusesALengthThatIsLongerThanNeeded() {
		PacketFramer framer = new PacketFramer(Long.MAX_VALUE);
		assertError(framer, LocalError.INBOUND_MALFORMED, 0x30, 0x80, 0x00);
	}

	@Test
	void refusesAPacketAboveTheLimitFromItsHeaderAlone() throws Exception {
		PacketFramer framer = new PacketFramer(10);
		assertThat(framer.next(ByteBuffer.wrap(Peer.bytes(0x30, 8, 1, 2, 3, 4, 5, 6, 7, 8)))).isTrue();
		assertError(framer, LocalError.INBOUND_TOO_LARGE, 0x30, 9);
	}

	@Test
	void allocatesNoMoreThanArrives() throws Exception {
		List<PacketFramer> framers = new ArrayList<>();
		// 1,000 x 256 MB if it trusted the header
		for (int i = 0; i < 1000; i++) {
			PacketFramer framer = new PacketFramer(Long.MAX_VALUE);
			assertThat(framer.next(ByteBuffer.wrap(Peer.bytes(0x30, 0xFF, 0xFF, 0xFF, 0x7F, 1)))).isFalse();
			framers.add(framer);
		}
		assertThat(framers).allMatch(PacketFramer::insidePacket);
	}

	private static void assertError(PacketFramer framer, LocalError error, int... bytes) {
		assertThatExceptionOfType(PacketException.class)
			.isThrownBy(() -> framer.next(ByteBuffer.wrap(Peer.bytes(bytes))))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(error))
			.withMessageStartingWith("PUBLISH: ");
	}

	private static byte[] stream() {
		ByteArrayOutputStream stream = new ByteArrayOutputStream();
		for (int i = 0; i < SIZES.length; i++) {
			stream.write(0x30 | i);
			int rest = SIZES[i];
			do {
				stream.write((rest > 127) ? ((rest & 0x7F) | 0x80) : rest);
				rest >>= 7;
			}
			while (rest > 0);
			stream.writeBytes(body(i));
		}
		return stream.toByteArray();
	}

	private static byte[] body(int index) {
		byte[] body = new byte[SIZES[index]];
		new Random(index).nextBytes(body);
		return body;
	}

	private static ByteBuffer packet(PacketFramer framer) {
		byte[] payload = framer.payload();
		if (payload == null) {
			return framer.body();
		}
		return ByteBuffer.allocate(framer.body().remaining() + payload.length).put(framer.body()).put(payload).flip();
	}

	private static void assertBody(ByteBuffer actual, int index) {
		assertThat(actual).isEqualTo(ByteBuffer.wrap(body(index)));
	}

}
