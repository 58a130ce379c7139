package io.github.mqttspringboot.testing;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;

/**
 * A client that is only bytes on a socket: the other party in tests, and what the test
 * servers are tested with. A read that gets nothing for ten seconds fails. Not thread
 * safe.
 */
public final class RawClient implements Closeable {

	private final Socket socket;

	private final DataInputStream input;

	/**
	 * Open a link and say nothing.
	 * @param port the port on 127.0.0.1
	 */
	public RawClient(int port) {
		try {
			this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
			this.socket.setTcpNoDelay(true);
			this.socket.setSoTimeout(10_000);
			this.input = new DataInputStream(new BufferedInputStream(this.socket.getInputStream()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Open a link and connect, with Clean Start and without Keep Alive.
	 * @param port the port on 127.0.0.1
	 * @param clientId the client identifier
	 * @return the connected client
	 */
	public static RawClient connected(int port, String clientId) {
		RawClient client = new RawClient(port);
		Frame connack = client.connect(clientId, null, null);
		if (connack.reasonCode() != 0) {
			throw new IllegalStateException("Not let in: " + connack);
		}
		return client;
	}

	public Frame connect(String clientId, @Nullable String username, @Nullable String password) {
		int flags = 0x02 | ((username != null) ? 0x80 : 0) | ((password != null) ? 0x40 : 0);
		ByteWriter body = new ByteWriter().text("MQTT").u8(5).u8(flags).u16(0).u8(0).text(clientId);
		if (username != null) {
			body.text(username);
		}
		if (password != null) {
			body.text(password);
		}
		send(PacketType.CONNECT, 0, body);
		return read();
	}

	/**
	 * Connect without Clean Start.
	 * @param clientId the client identifier
	 * @param sessionExpiry the Session Expiry Interval in seconds
	 * @return the CONNACK
	 */
	public Frame resume(String clientId, int sessionExpiry) {
		ByteWriter body = new ByteWriter().text("MQTT").u8(5).u8(0).u16(0);
		body.u8(5).u8(0x11).u16(sessionExpiry >>> 16).u16(sessionExpiry & 0xFFFF);
		send(PacketType.CONNECT, 0, body.text(clientId));
		return read();
	}

	/**
	 * Publish, and read the answer if there is one.
	 * @param packetId the packet identifier
	 * @param qos 0, 1 or 2
	 * @param topic the topic
	 * @param payload the payload
	 * @return PUBACK or PUBREC, {@code null} with QoS 0
	 */
	public @Nullable Frame publish(int packetId, int qos, String topic, String payload) {
		ByteWriter body = new ByteWriter().text(topic);
		if (qos > 0) {
			body.u16(packetId);
		}
		send(PacketType.PUBLISH, qos << 1, body.u8(0).raw(payload.getBytes(StandardCharsets.UTF_8)));
		return (qos > 0) ? read() : null;
	}

	public Frame pubrel(int packetId) {
		send(PacketType.PUBREL, 2, new ByteWriter().u16(packetId));
		return read();
	}

	public Frame subscribe(int packetId, String filter, int qos) {
		send(PacketType.SUBSCRIBE, 2, new ByteWriter().u16(packetId).u8(0).text(filter).u8(qos));
		return read();
	}

	public Frame unsubscribe(int packetId, String filter) {
		send(PacketType.UNSUBSCRIBE, 2, new ByteWriter().u16(packetId).u8(0).text(filter));
		return read();
	}

	public Frame ping() {
		send(PacketType.PINGREQ, 0, new ByteWriter());
		return read();
	}

	private void send(PacketType type, int flags, ByteWriter body) {
		send(ByteWriter.frame(type.value(), flags, body.toBytes()));
	}

	public void send(byte[] bytes) {
		try {
			this.socket.getOutputStream().write(bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read the next packet.
	 * @return the packet
	 * @throws UncheckedIOException if the link ends, is reset, or nothing comes
	 */
	public Frame read() {
		try {
			int header = this.input.readUnsignedByte();
			int length = 0;
			int shift = 0;
			int digit;
			do {
				digit = this.input.readUnsignedByte();
				length |= (digit & 0x7F) << shift;
				shift += 7;
			}
			while (digit >= 0x80);
			byte[] body = new byte[length];
			this.input.readFully(body);
			return new Frame(PacketType.of(header >> 4), header & 0x0F, body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Wait for the end of the link.
	 * @return how it ended
	 */
	public Ending awaitEnd() {
		try {
			while (this.input.read() >= 0) {
				// What comes before the end does not matter
			}
			return Ending.CLOSED;
		}
		catch (SocketTimeoutException ex) {
			return Ending.NONE;
		}
		catch (IOException ex) {
			return Ending.RESET;
		}
	}

	public Socket socket() {
		return this.socket;
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * How a link ended.
	 */
	public enum Ending {

		/**
		 * It did not end in time.
		 */
		NONE,

		/**
		 * With FIN.
		 */
		CLOSED,

		/**
		 * With RST.
		 */
		RESET

	}

	/**
	 * A packet as it came.
	 *
	 * @param type the packet type
	 * @param flags the flags of the fixed header
	 * @param body the variable header and payload
	 */
	@SuppressWarnings("ArrayRecordComponent")
	public record Frame(PacketType type, int flags, byte[] body) {

		/**
		 * Return the packet identifier.
		 * @return the identifier, of a PUBLISH with QoS 1 or 2 too
		 */
		public int packetId() {
			ByteReader reader = new ByteReader(this.body);
			if (this.type == PacketType.PUBLISH) {
				reader.text();
			}
			return reader.u16();
		}

		/**
		 * Return the first reason code.
		 * @return the code, 0 if it was left out
		 */
		public int reasonCode() {
			List<Integer> codes = reasonCodes();
			return codes.isEmpty() ? 0 : codes.get(0);
		}

		/**
		 * Return the reason codes.
		 * @return one a filter, at most one in other packets
		 */
		public List<Integer> reasonCodes() {
			return switch (this.type) {
				case CONNACK -> List.of(this.body[1] & 0xFF);
				case SUBACK, UNSUBACK -> {
					ByteReader reader = new ByteReader(this.body);
					reader.u16();
					reader.slice(reader.varInt());
					byte[] codes = reader.rest();
					yield IntStream.range(0, codes.length).mapToObj((i) -> codes[i] & 0xFF).toList();
				}
				case DISCONNECT -> codeAt(0);
				default -> codeAt(2);
			};
		}

		private List<Integer> codeAt(int position) {
			return (this.body.length > position) ? List.of(this.body[position] & 0xFF) : List.of();
		}

		/**
		 * Return the properties of an acknowledgement, CONNACK or PUBLISH.
		 * @return the properties
		 */
		public WireProperties properties() {
			ByteReader reader = new ByteReader(this.body);
			switch (this.type) {
				case CONNACK, SUBACK, UNSUBACK -> reader.u16();
				case PUBLISH -> {
					reader.text();
					if ((this.flags & 6) != 0) {
						reader.u16();
					}
				}
				case DISCONNECT -> reader.slice(Math.min(1, reader.remaining()));
				default -> reader.slice(Math.min(3, reader.remaining()));
			}
			return (reader.remaining() > 0) ? WireProperties.read(reader) : WireProperties.NONE;
		}

		/**
		 * Return the topic of a PUBLISH.
		 * @return the topic
		 */
		public String topic() {
			return new ByteReader(this.body).text();
		}

		/**
		 * Return the payload of a PUBLISH as text.
		 * @return the payload
		 */
		public String payloadText() {
			ByteReader reader = new ByteReader(this.body);
			reader.text();
			if ((this.flags & 6) != 0) {
				reader.u16();
			}
			reader.slice(reader.varInt());
			return new String(reader.rest(), StandardCharsets.UTF_8);
		}

		@Override
		public String toString() {
			return this.type + "[flags=" + this.flags + ", " + this.body.length + " bytes, codes="
					+ ((this.type != PacketType.PUBLISH) ? reasonCodes() : "none") + "]";
		}

	}

}
