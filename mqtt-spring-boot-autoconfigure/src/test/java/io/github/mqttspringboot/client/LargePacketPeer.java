package io.github.mqttspringboot.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.CRC32;

/**
 * A server for one client that throws large messages away while they come, and makes them
 * while they go: it holds none.
 */
final class LargePacketPeer implements AutoCloseable {

	private static final byte[] PATTERN = pattern();

	private static final String TOPIC = "large";

	/** What is before the payload of a QoS 1 message without properties. */
	static final int HEAD = 2 + TOPIC.length() + 2 + 1;

	private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));

	private final int remainingLength;

	/** Remaining Length and checksum of each PUBLISH received. */
	final BlockingQueue<String> published = new LinkedBlockingQueue<>();

	/** The packet identifiers that the client has acknowledged. */
	final BlockingQueue<Integer> acknowledged = new LinkedBlockingQueue<>();

	/**
	 * Start a server.
	 * @param remainingLength of the message that it sends to a subscriber
	 * @throws IOException if there is no free port
	 */
	LargePacketPeer(int remainingLength) throws IOException {
		this.remainingLength = remainingLength;
		Thread thread = new Thread(this::serve, "large-packet-peer");
		thread.setDaemon(true);
		thread.start();
	}

	private static byte[] pattern() {
		byte[] pattern = new byte[65_521];
		new Random(1).nextBytes(pattern);
		return pattern;
	}

	static byte[] payload(int size) {
		byte[] payload = new byte[size];
		for (int offset = 0; offset < size; offset += PATTERN.length) {
			System.arraycopy(PATTERN, 0, payload, offset, Math.min(PATTERN.length, size - offset));
		}
		return payload;
	}

	static long checksum(int size) {
		CRC32 checksum = new CRC32();
		for (int rest = size; rest > 0; rest -= PATTERN.length) {
			checksum.update(PATTERN, 0, Math.min(rest, PATTERN.length));
		}
		return checksum.getValue();
	}

	String uri() {
		return "mqtt://127.0.0.1:" + this.server.getLocalPort();
	}

	private void serve() {
		try (Socket socket = this.server.accept()) {
			DataInputStream input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
			OutputStream output = socket.getOutputStream();
			while (true) {
				int type = input.readUnsignedByte() >> 4;
				int length = length(input);
				switch (type) {
					case 1 -> {
						input.skipNBytes(length);
						output.write(new byte[] { 0x20, 3, 0, 0, 0 });
					}
					case 3 -> output.write(acknowledgement(input, length));
					case 4 -> {
						this.acknowledged.add(input.readUnsignedShort());
						input.skipNBytes(length - 2);
					}
					case 8 -> {
						byte[] subscribe = input.readNBytes(length);
						output.write(new byte[] { (byte) 0x90, 4, subscribe[0], subscribe[1], 0, 1 });
						send(output);
					}
					default -> input.skipNBytes(length);
				}
			}
		}
		catch (IOException ex) {
			// The client has gone
		}
	}

	private static int length(DataInputStream input) throws IOException {
		int length = 0;
		int shift = 0;
		int next;
		do {
			next = input.readUnsignedByte();
			length |= (next & 0x7F) << shift;
			shift += 7;
		}
		while (next > 0x7F);
		return length;
	}

	private byte[] acknowledgement(DataInputStream input, int length) throws IOException {
		input.skipNBytes(input.readUnsignedShort());
		byte[] id = input.readNBytes(2);
		input.skipNBytes(1);
		CRC32 checksum = new CRC32();
		byte[] buffer = new byte[PATTERN.length];
		int rest = length - HEAD;
		while (rest > 0) {
			int count = input.read(buffer, 0, Math.min(rest, buffer.length));
			if (count < 0) {
				throw new IOException("The client has gone");
			}
			checksum.update(buffer, 0, count);
			rest -= count;
		}
		this.published.add(length + " " + checksum.getValue());
		return new byte[] { 0x40, 2, id[0], id[1] };
	}

	private void send(OutputStream output) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		head.write(0x32);
		for (int rest = this.remainingLength; rest > 0; rest >>= 7) {
			head.write((rest > 0x7F) ? ((rest & 0x7F) | 0x80) : rest);
		}
		head.write(0);
		head.write(TOPIC.length());
		head.writeBytes(TOPIC.getBytes(StandardCharsets.UTF_8));
		head.writeBytes(new byte[] { 0, 7, 0 });
		output.write(head.toByteArray());
		for (int rest = this.remainingLength - HEAD; rest > 0; rest -= PATTERN.length) {
			output.write(PATTERN, 0, Math.min(rest, PATTERN.length));
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
