package io.github.mqttspringboot.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.RandomPackets;

/**
 * What a server might send, and what none should.
 */
final class RandomStreams {

	private static final byte[] INTERESTING = { 0, 1, 2, 0x0B, 0x1F, 0x23, 0x26, 0x7F, (byte) 0x80, (byte) 0x87,
			(byte) 0xC0, (byte) 0xED, (byte) 0xF4, (byte) 0xFF };

	// As Remaining Length or any other length
	private static final byte[][] LENGTHS = { { (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F },
			{ (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F }, { (byte) 0x80, 0 },
			{ (byte) 0x80, (byte) 0x80, (byte) 0x80, 0 }, { (byte) 0xFF, (byte) 0xFF }, { (byte) 0x80, 1 },
			{ (byte) 0xFF, 0x7F } };

	private final Random random;

	private final RandomPackets packets;

	RandomStreams(Random random) {
		this.random = random;
		this.packets = new RandomPackets(random);
	}

	/**
	 * Return a stream from its beginning.
	 * @return the bytes
	 */
	byte[] next() {
		ByteArrayOutputStream stream = new ByteArrayOutputStream();
		if (chance(90)) {
			stream.writeBytes(chance(80) ? encode(ConnAck.of(false, 0)) : packetOfType(2));
		}
		int count = this.random.nextInt(8);
		int strange = this.random.nextInt(3) * 30;
		for (int i = 0; i < count; i++) {
			stream.writeBytes(chance(strange) ? strange() : fromServer());
		}
		byte[] bytes = stream.toByteArray();
		return switch (this.random.nextInt(6)) {
			case 0 -> mutate(bytes);
			case 1 -> Arrays.copyOf(bytes, this.random.nextInt(bytes.length + 1));
			default -> bytes;
		};
	}

	/**
	 * Return something that is hardly a valid packet.
	 * @return the bytes
	 */
	byte[] strange() {
		return switch (this.random.nextInt(7)) {
			case 0 -> garbage();
			case 1 -> encode(this.packets.next());
			case 2 -> PropertyLayout.of(frame()).another(this.random);
			case 3 -> overlong();
			case 4 -> mutate(frame().bytes());
			default -> {
				// The length stays right, so that the mutation gets behind the framing
				Frame frame = frame();
				int header = chance(10) ? frame.header() ^ (1 << this.random.nextInt(8)) : frame.header();
				yield new Frame(header, mutate(frame.body())).bytes();
			}
		};
	}

	/**
	 * Return a valid packet of a type that servers send during a connection.
	 * @return the bytes
	 */
	byte[] fromServer() {
		while (true) {
			byte[] packet = encode(this.packets.next());
			int type = (packet[0] >> 4) & 0x0F;
			boolean sent = switch (type) {
				case 2, 8, 10, 12 -> false;
				case 14 -> chance(5);
				default -> true;
			};
			if (sent) {
				return packet;
			}
		}
	}

	private byte[] packetOfType(int type) {
		while (true) {
			byte[] packet = encode(this.packets.next());
			if (((packet[0] >> 4) & 0x0F) == type) {
				return packet;
			}
		}
	}

	private Frame frame() {
		return Frame.cut(encode(this.packets.next())).get(0);
	}

	private byte[] garbage() {
		byte[] bytes = new byte[1 + this.random.nextInt(40)];
		this.random.nextBytes(bytes);
		return bytes;
	}

	private byte[] overlong() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write((chance(50)) ? 0x30 : this.random.nextInt(256));
		bytes.writeBytes(LENGTHS[this.random.nextInt(LENGTHS.length)]);
		bytes.writeBytes(garbage());
		return bytes.toByteArray();
	}

	/**
	 * Return the bytes with up to four changes.
	 * @param original the bytes
	 * @return other bytes
	 */
	byte[] mutate(byte[] original) {
		byte[] bytes = original;
		for (int i = this.random.nextInt(4); i >= 0; i--) {
			bytes = mutateOnce(bytes);
		}
		return bytes;
	}

	private byte[] mutateOnce(byte[] bytes) {
		if (bytes.length == 0) {
			return garbage();
		}
		int at = this.random.nextInt(bytes.length);
		int end = Math.min(bytes.length, at + 1 + this.random.nextInt(8));
		return switch (this.random.nextInt(8)) {
			case 0 -> set(bytes, at, bytes[at] ^ (1 << this.random.nextInt(8)));
			case 1 -> set(bytes, at, this.random.nextInt(256));
			case 2 -> set(bytes, at, INTERESTING[this.random.nextInt(INTERESTING.length)]);
			case 3 -> replace(bytes, at, at, garbage());
			case 4 -> replace(bytes, at, end, new byte[0]);
			case 5 -> replace(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
			case 6 -> replace(bytes, at, end, LENGTHS[this.random.nextInt(LENGTHS.length)]);
			default -> Arrays.copyOf(bytes, at);
		};
	}

	private static byte[] set(byte[] bytes, int at, int value) {
		byte[] changed = bytes.clone();
		changed[at] = (byte) value;
		return changed;
	}

	private static byte[] replace(byte[] bytes, int start, int end, byte[] replacement) {
		ByteArrayOutputStream changed = new ByteArrayOutputStream();
		changed.write(bytes, 0, start);
		changed.writeBytes(replacement);
		changed.write(bytes, end, bytes.length - end);
		return changed.toByteArray();
	}

	private boolean chance(int percent) {
		return this.random.nextInt(100) < percent;
	}

	static byte[] encode(MqttPacket packet) {
		ByteBuffer target = ByteBuffer.allocate(PacketCodec.size(packet));
		PacketCodec.encode(packet, target);
		return target.array();
	}

}
