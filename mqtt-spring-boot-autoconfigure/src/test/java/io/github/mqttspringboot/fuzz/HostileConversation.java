package io.github.mqttspringboot.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.SubscribeAck;

/**
 * One connection of the hostile broker: for a while more or less well-behaved, then not.
 */
final class HostileConversation {

	private static final int IDLE_MILLIS = 15;

	private static final byte[] HUGE = { 0x30, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 0, 3, 'a', '/', 'b', 0 };

	private final Socket socket;

	private final InputStream input;

	private final OutputStream output;

	private final Random random;

	private final RandomStreams streams;

	/** How many answers in a hundred are right. */
	private final int honesty;

	/** How many packets are answered before the end. */
	private int patience;

	HostileConversation(Socket socket, Random random) throws IOException {
		this.socket = socket;
		this.input = socket.getInputStream();
		this.output = socket.getOutputStream();
		this.random = random;
		this.streams = new RandomStreams(random);
		this.honesty = 20 + random.nextInt(80);
		this.patience = random.nextInt(30);
		socket.setTcpNoDelay(true);
	}

	void run() throws IOException {
		if (chance(3)) {
			part();
			return;
		}
		this.socket.setSoTimeout(2000);
		readPacket();
		if (!greet()) {
			part();
			return;
		}
		this.socket.setSoTimeout(IDLE_MILLIS);
		while (this.patience-- > 0) {
			Frame packet = readOrIdle();
			if (packet == null || !chance(this.honesty)) {
				if (!misbehave(packet)) {
					return;
				}
			}
			else {
				answer(packet);
			}
		}
		part();
	}

	/**
	 * Answer CONNECT.
	 * @return whether the client may think that it is connected
	 */
	private boolean greet() throws IOException {
		switch (this.random.nextInt(32)) {
			case 0 -> write(RandomStreams.encode(new ConnAck(chance(10), this.random.nextInt(256), null, 65535, 2, true,
					null, null, 0, true, true, true, null, chance(50) ? "127.0.0.1:1" : null, "no", List.of())));
			// MQTT 3.1.1
			case 1 -> write(0x20, 2, 0, this.random.nextInt(7));
			case 2 -> write(this.streams.strange());
			case 3 -> write(this.streams.fromServer());
			case 4 -> awaitEnd();
			case 5 -> {
				byte[] connAck = RandomStreams.encode(accept());
				this.output.write(connAck, 0, this.random.nextInt(connAck.length));
			}
			case 6 -> write(RandomStreams.encode(new Disconnect(this.random.nextInt(256))));
			case 7 -> {
				write(this.streams.mutate(RandomStreams.encode(accept())));
				return true;
			}
			case 8 -> {
				drip(RandomStreams.encode(accept()));
				return true;
			}
			case 9 -> {
				// In one segment with what follows
				ByteArrayOutputStream both = new ByteArrayOutputStream();
				both.writeBytes(RandomStreams.encode(accept()));
				both.writeBytes(flood());
				write(both.toByteArray());
				return true;
			}
			default -> {
				write(RandomStreams.encode(accept()));
				return true;
			}
		}
		return false;
	}

	private ConnAck accept() {
		return new ConnAck(chance(30), 0, chance(20) ? (long) this.random.nextInt(10) : null,
				chance(50) ? 1 + this.random.nextInt(5) : 65535, chance(10) ? this.random.nextInt(2) : 2, !chance(10),
				chance(20) ? 20L + this.random.nextInt(300) : null, chance(5) ? "assigned" : null, chance(10) ? 10 : 0,
				!chance(10), !chance(10), !chance(10), chance(20) ? 1 + this.random.nextInt(9) : null, null, null,
				List.of());
	}

	private void answer(Frame packet) throws IOException {
		byte[] answer = rightAnswer(packet, code());
		if (answer != null) {
			write(answer);
		}
	}

	private int code() {
		return chance(80) ? 0 : this.random.nextInt(256);
	}

	private byte @Nullable [] rightAnswer(Frame packet, int code) {
		int qos = (packet.header() >> 1) & 3;
		return switch (packet.type()) {
			case 3 -> switch (qos) {
				case 1 -> ack(PacketType.PUBACK, publishId(packet), code);
				case 2 -> ack(PacketType.PUBREC, publishId(packet), code);
				default -> null;
			};
			case 5 -> ack(PacketType.PUBREL, id(packet, 0), (code != 0 && chance(50)) ? 0x92 : 0);
			case 6 -> ack(PacketType.PUBCOMP, id(packet, 0), (code != 0 && chance(50)) ? 0x92 : 0);
			case 8 -> subscribeAck(PacketType.SUBACK, packet, code);
			case 10 -> subscribeAck(PacketType.UNSUBACK, packet, code);
			case 12 -> RandomStreams.encode(Ping.RESPONSE);
			default -> null;
		};
	}

	private static byte[] ack(PacketType type, int packetId, int code) {
		return RandomStreams.encode(new PublishAck(type, packetId, code));
	}

	private byte[] subscribeAck(PacketType type, Frame packet, int code) {
		int filters = 0;
		int at = 2 + 1 + packet.body()[2];
		while (at < packet.body().length) {
			at += 2 + id(packet, at) + ((type == PacketType.SUBACK) ? 1 : 0);
			filters++;
		}
		List<Integer> codes = new ArrayList<>();
		for (int i = 0; i < filters; i++) {
			codes.add((code != 0) ? code : (type == PacketType.SUBACK) ? this.random.nextInt(3) : 0);
		}
		if (chance(5)) {
			codes.add(0);
		}
		return RandomStreams.encode(new SubscribeAck(type, id(packet, 0), codes, null, List.of()));
	}

	private static int publishId(Frame packet) {
		return id(packet, 2 + id(packet, 0));
	}

	private static int id(Frame packet, int at) {
		return ((packet.body()[at] & 0xFF) << 8) | (packet.body()[at + 1] & 0xFF);
	}

	/**
	 * Do anything but the right thing.
	 * @param packet what the client has sent, {@code null} for nothing
	 * @return whether the connection is still open
	 */
	private boolean misbehave(@Nullable Frame packet) throws IOException {
		byte[] right = (packet != null) ? rightAnswer(packet, 0) : null;
		switch (this.random.nextInt(14)) {
			case 0 -> write(this.streams.strange());
			case 1 -> {
				if (right != null) {
					write(this.streams.mutate(right));
				}
			}
			case 2 -> {
				// Twice, and once more
				for (int i = 0; right != null && i < 3; i++) {
					write(right);
				}
			}
			case 3 -> {
				if (right != null && right.length > 3) {
					right[3] += (byte) (1 + this.random.nextInt(3));
					write(right);
				}
			}
			case 4, 5 -> write(flood());
			case 6 -> write(ack(PacketType.of(4 + this.random.nextInt(4)), 1 + this.random.nextInt(20), code()));
			case 7 -> {
				// Nothing
			}
			case 8 -> drip(this.streams.fromServer());
			case 9 -> {
				write(HUGE);
				this.output.write(new byte[1 + this.random.nextInt(2000)]);
				part();
				return false;
			}
			case 10 -> {
				write(RandomStreams.encode(new Disconnect(this.random.nextInt(256))));
				part();
				return false;
			}
			case 11 -> {
				byte[] bytes = this.streams.fromServer();
				this.output.write(bytes, 0, this.random.nextInt(bytes.length));
				part();
				return false;
			}
			case 12 -> {
				part();
				return false;
			}
			default -> write(this.streams.fromServer());
		}
		return true;
	}

	private byte[] flood() {
		ByteArrayOutputStream flood = new ByteArrayOutputStream();
		int count = 1 + this.random.nextInt((chance(20)) ? 400 : 20);
		for (int i = 0; i < count; i++) {
			int qos = this.random.nextInt(3);
			int packetId = (qos > 0) ? 1 + this.random.nextInt(chance(20) ? 65535 : 30) : 0;
			flood.writeBytes(RandomStreams.encode(new Publish(packetId, (chance(70)) ? "in/a" : "else/b", qos,
					chance(10), qos > 0 && chance(20), PublishProperties.NONE, new byte[this.random.nextInt(50)])));
		}
		return flood.toByteArray();
	}

	/** Leave, in one of the ways there are. */
	private void part() throws IOException {
		switch (this.random.nextInt(4)) {
			case 0 -> this.socket.setSoLinger(true, 0);
			case 1 -> this.socket.shutdownOutput();
			default -> {
			}
		}
		if (chance(5)) {
			awaitEnd();
		}
	}

	/** Take what comes and say nothing, until the client has had enough. */
	private void awaitEnd() throws IOException {
		this.socket.setSoTimeout(2000);
		byte[] sink = new byte[1024];
		try {
			while (this.input.read(sink) >= 0) {
				continue;
			}
		}
		catch (SocketTimeoutException ex) {
			// It is patient
		}
	}

	private void drip(byte[] bytes) throws IOException {
		int drops = Math.min(bytes.length, 20);
		for (int i = 0; i < drops; i++) {
			this.output.write(bytes[i]);
			LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(300));
		}
		this.output.write(bytes, drops, bytes.length - drops);
	}

	private void write(int... bytes) throws IOException {
		byte[] packet = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			packet[i] = (byte) bytes[i];
		}
		write(packet);
	}

	private void write(byte[] bytes) throws IOException {
		this.output.write(bytes);
	}

	private @Nullable Frame readOrIdle() throws IOException {
		try {
			return readPacket();
		}
		catch (SocketTimeoutException ex) {
			return null;
		}
	}

	private Frame readPacket() throws IOException {
		int header = octet();
		int length = 0;
		int shift = 0;
		int octet;
		do {
			octet = octet();
			length |= (octet & 0x7F) << shift;
			shift += 7;
		}
		while (octet > 0x7F);
		byte[] body = this.input.readNBytes(length);
		if (body.length < length) {
			throw new EOFException();
		}
		return new Frame(header, body);
	}

	private int octet() throws IOException {
		int octet = this.input.read();
		if (octet < 0) {
			throw new EOFException();
		}
		return octet;
	}

	private boolean chance(int percent) {
		return this.random.nextInt(100) < percent;
	}

}
