package io.github.mqttspringboot.matrix;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that grants a window, refuses every publish and remembers none: fast, and of
 * constant size, which {@code ScriptedBroker} is not. While it holds, it does not answer.
 */
final class RejectingPeer implements AutoCloseable {

	static final int RECEIVE_MAXIMUM = 100;

	private static final int NOT_AUTHORIZED = 0x87;

	private final ServerSocket server;

	private final Thread thread;

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicInteger publishes = new AtomicInteger();

	private final AtomicInteger others = new AtomicInteger();

	/** Packet identifiers of publishes that it does not answer. */
	private final BitSet held = new BitSet();

	private volatile boolean holding;

	private volatile Socket socket;

	RejectingPeer() throws IOException {
		this.server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
		this.thread = new Thread(this::accept, "rejecting-peer");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	String uri() {
		return "mqtt://127.0.0.1:" + this.server.getLocalPort();
	}

	int connections() {
		return this.connections.get();
	}

	int publishes() {
		return this.publishes.get();
	}

	/** Packets other than CONNECT and PUBLISH: none is due. */
	int others() {
		return this.others.get();
	}

	void hold() {
		this.holding = true;
	}

	int held() {
		synchronized (this.held) {
			return this.held.cardinality();
		}
	}

	private void accept() {
		try {
			while (true) {
				try (Socket accepted = this.server.accept()) {
					this.socket = accepted;
					this.connections.incrementAndGet();
					accepted.setTcpNoDelay(true);
					serve(accepted);
				}
			}
		}
		catch (IOException ex) {
			// Closed
		}
	}

	private void serve(Socket accepted) throws IOException {
		DataInputStream input = new DataInputStream(new BufferedInputStream(accepted.getInputStream(), 65_536));
		DataOutputStream output = new DataOutputStream(new BufferedOutputStream(accepted.getOutputStream(), 65_536));
		int header = input.read();
		while (header >= 0) {
			byte[] body = new byte[remainingLength(input)];
			input.readFully(body);
			answer(header, body, output);
			if (input.available() == 0) {
				output.flush();
			}
			header = input.read();
		}
	}

	private void answer(int header, byte[] body, DataOutputStream output) throws IOException {
		switch (header >> 4) {
			case 1 -> output.write(new byte[] { 0x20, 6, 0, 0, 3, 0x21, 0, RECEIVE_MAXIMUM });
			case 3 -> {
				this.publishes.incrementAndGet();
				int topic = ((body[0] & 0xFF) << 8) + (body[1] & 0xFF);
				int id = ((body[2 + topic] & 0xFF) << 8) + (body[3 + topic] & 0xFF);
				if (this.holding) {
					synchronized (this.held) {
						this.held.set(id);
					}
					return;
				}
				boolean once = ((header >> 1) & 3) == 1;
				output.write(new byte[] { (byte) (once ? 0x40 : 0x50), 3, (byte) (id >> 8), (byte) id,
						(byte) NOT_AUTHORIZED });
			}
			case 12 -> output.write(new byte[] { (byte) 0xD0, 0 });
			case 14 -> {
			}
			default -> this.others.incrementAndGet();
		}
	}

	private static int remainingLength(DataInputStream input) throws IOException {
		int length = 0;
		int shift = 0;
		int digit = input.readUnsignedByte();
		while (digit >= 0x80) {
			length |= (digit & 0x7F) << shift;
			shift += 7;
			digit = input.readUnsignedByte();
		}
		return length | (digit << shift);
	}

	@Override
	public void close() throws Exception {
		this.server.close();
		Socket current = this.socket;
		if (current != null) {
			current.close();
		}
		this.thread.join();
	}

}
