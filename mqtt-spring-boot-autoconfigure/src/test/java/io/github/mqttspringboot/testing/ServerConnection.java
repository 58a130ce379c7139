package io.github.mqttspringboot.testing;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One network connection of a {@link ScriptedBroker}, as the server sees it.
 */
public final class ServerConnection {

	private final int index;

	private volatile Socket socket;

	private final ScriptedBroker broker;

	private final ReentrantLock writing = new ReentrantLock();

	private final Map<String, Integer> subscriptions = new ConcurrentHashMap<>();

	private final Set<Integer> unreleased = ConcurrentHashMap.newKeySet();

	private final AtomicInteger lastPacketId = new AtomicInteger();

	private volatile boolean open = true;

	ServerConnection(int index, Socket socket, ScriptedBroker broker) {
		this.index = index;
		this.socket = socket;
		this.broker = broker;
	}

	/**
	 * Return the place in the order of accepted connections.
	 * @return the index, from 0
	 */
	public int index() {
		return this.index;
	}

	/**
	 * Return whether neither side has ended the connection, as far as the server knows.
	 * @return whether it is open
	 */
	public boolean isOpen() {
		return this.open;
	}

	/**
	 * Send a packet.
	 * @param packet the packet; one that carries an identifier must have been given it
	 */
	public void send(Reply packet) {
		send(packet.encode());
	}

	/**
	 * Send bytes as they are.
	 * @param bytes the bytes, of which the low eight bits count
	 */
	public void send(int... bytes) {
		send(ByteWriter.bytes(bytes));
	}

	/**
	 * Send bytes as they are, in one write.
	 * @param bytes the bytes
	 */
	public void send(byte[] bytes) {
		sendInChunks(bytes, Math.max(1, bytes.length));
	}

	/**
	 * Send bytes as they are, in several writes.
	 * @param bytes the bytes
	 * @param size the number of bytes of a write
	 */
	public void sendInChunks(byte[] bytes, int size) {
		this.writing.lock();
		try {
			for (int from = 0; from < bytes.length; from += size) {
				this.socket.getOutputStream().write(bytes, from, Math.min(size, bytes.length - from));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Link %d is gone".formatted(this.index), ex);
		}
		finally {
			this.writing.unlock();
		}
	}

	/**
	 * Close with FIN.
	 */
	public void close() {
		this.open = false;
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * End with RST.
	 */
	public void reset() {
		try {
			this.socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// It is closed already
		}
		close();
	}

	void readAll() {
		try {
			this.socket = this.broker.layer().over(this.index, this.socket);
			DataInputStream input = new DataInputStream(new BufferedInputStream(this.socket.getInputStream()));
			this.socket.setTcpNoDelay(true);
			int header = input.read();
			while (header >= 0) {
				byte[] body = new byte[remainingLength(input)];
				input.readFully(body);
				this.broker.receive(ReceivedPacket.read(this.index, header, body), this);
				header = input.read();
			}
		}
		catch (EOFException ex) {
			this.broker.violation(this, "The link ended within a packet");
		}
		catch (IOException | UncheckedIOException ex) {
			// The link was cut, by the client or by the script
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			this.broker.violation(this, String.valueOf(ex.getMessage()));
		}
		finally {
			close();
		}
	}

	private static int remainingLength(DataInputStream input) throws IOException {
		int length = 0;
		for (int shift = 0; shift <= 21; shift += 7) {
			int digit = input.readUnsignedByte();
			length |= (digit & 0x7F) << shift;
			if (digit < 0x80) {
				return length;
			}
		}
		throw new IllegalStateException("The remaining length has more than four bytes");
	}

	void answerAsUsual(ReceivedPacket packet) {
		switch (packet.type()) {
			case CONNECT -> send(this.broker.connack());
			case PUBLISH -> acknowledge(packet);
			case PUBREC -> {
				if (packet.reasonCode() < 0x80) {
					send(Reply.pubrel(0).id(packet.packetId()));
				}
			}
			case PUBREL -> {
				this.unreleased.remove(packet.packetId());
				send(Reply.pubcomp(0).id(packet.packetId()));
			}
			case SUBSCRIBE -> {
				packet.filters().forEach((filter) -> this.subscriptions.put(filter.name(), filter.qos()));
				int[] granted = packet.filters().stream().mapToInt(ReceivedPacket.Filter::qos).toArray();
				send(Reply.suback(granted).id(packet.packetId()));
			}
			case UNSUBSCRIBE -> {
				packet.filterNames().forEach(this.subscriptions::remove);
				send(Reply.unsuback(new int[packet.filters().size()]).id(packet.packetId()));
			}
			case PINGREQ -> send(Reply.pingresp());
			case DISCONNECT -> close();
			default -> {
			}
		}
	}

	private void acknowledge(ReceivedPacket packet) {
		// Asked before the answer, which lets the test go on
		boolean routed = this.broker.isRouting();
		boolean first = packet.qos() < 2 || this.unreleased.add(packet.packetId());
		if (packet.qos() == 1) {
			send(Reply.puback(0).id(packet.packetId()));
		}
		else if (packet.qos() == 2) {
			send(Reply.pubrec(0).id(packet.packetId()));
		}
		if (routed && first) {
			this.broker.route(packet);
		}
	}

	void deliver(ReceivedPacket packet) {
		this.subscriptions.entrySet()
			.stream()
			.filter((entry) -> When.matches(entry.getKey(), packet.topic()))
			.mapToInt(Map.Entry::getValue)
			.max()
			.ifPresent((granted) -> deliver(packet, Math.min(granted, packet.qos())));
	}

	private void deliver(ReceivedPacket packet, int qos) {
		Reply publish = Reply.publish(packet.topic(), packet.payload()).qos(qos);
		if (qos > 0) {
			publish.id(this.lastPacketId.updateAndGet((id) -> id % 65_535 + 1));
		}
		try {
			send(publish);
		}
		catch (UncheckedIOException ex) {
			// A subscriber that is gone must not end the publisher's link
		}
	}

	@Override
	public String toString() {
		return "Link " + this.index + (this.open ? "" : " (closed)");
	}

}
