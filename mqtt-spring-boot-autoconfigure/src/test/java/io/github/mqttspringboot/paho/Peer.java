package io.github.mqttspringboot.paho;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLSocket;

import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.ServerWebSocket;

/**
 * The other end of a connection, byte by byte. Each connection is handled by a thread of
 * its own and closed when the handler returns.
 */
final class Peer implements AutoCloseable {

	static final byte[] CONNACK = { 0x20, 3, 0, 0, 0 };

	private final ServerSocket server;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final Handler handler;

	private final Kind kind;

	Peer(Handler handler) throws IOException {
		this(Kind.MQTT, handler);
	}

	Peer(Kind kind, Handler handler) throws IOException {
		this(kind, (kind.tls) ? Certificates.get().server(Certificates.SERVER).getServerSocketFactory()
				: ServerSocketFactory.getDefault(), handler);
	}

	Peer(Kind kind, ServerSocketFactory sockets, Handler handler) throws IOException {
		this(kind, sockets, (server) -> {
		}, handler);
	}

	Peer(Kind kind, ServerSocketFactory sockets, Consumer<ServerSocket> setup, Handler handler) throws IOException {
		this.kind = kind;
		this.handler = handler;
		this.server = sockets.createServerSocket(0, 500, InetAddress.getByName("127.0.0.1"));
		setup.accept(this.server);
		start(this::accept);
	}

	URI uri() {
		return URI.create(this.kind.name().toLowerCase(Locale.ROOT) + "://127.0.0.1:" + this.server.getLocalPort());
	}

	private void accept() {
		while (true) {
			try {
				Socket socket = this.server.accept();
				this.sockets.add(socket);
				start(() -> handle(socket));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void handle(Socket socket) {
		try (socket) {
			if (socket instanceof SSLSocket tls) {
				tls.startHandshake();
			}
			this.handler.handle(Conversation.begin(socket, this.kind));
		}
		catch (Exception ex) {
			// The test sees what the client makes of it
		}
	}

	private static void start(Runnable action) {
		Thread thread = new Thread(action, "peer");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	static byte[] encode(MqttPacket packet) {
		ByteBuffer buffer = ByteBuffer.allocate(PacketCodec.size(packet));
		PacketCodec.encode(packet, buffer);
		return buffer.array();
	}

	static byte[] bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return bytes;
	}

	/**
	 * What the peer speaks below MQTT.
	 */
	enum Kind {

		MQTT(false, false), MQTTS(true, false), WS(false, true), WSS(true, true);

		private final boolean tls;

		private final boolean webSocket;

		Kind(boolean tls, boolean webSocket) {
			this.tls = tls;
			this.webSocket = webSocket;
		}

	}

	interface Handler {

		void handle(Conversation conversation) throws Exception;

	}

	/**
	 * One connection as the peer sees it.
	 */
	static final class Conversation {

		final Socket socket;

		final DataInputStream input;

		final OutputStream output;

		Conversation(Socket socket) throws IOException {
			this.socket = socket;
			this.input = new DataInputStream(socket.getInputStream());
			this.output = socket.getOutputStream();
		}

		Conversation(Socket socket, ServerWebSocket webSocket) {
			this.socket = socket;
			this.input = new DataInputStream(webSocket.mqttInput());
			this.output = webSocket.mqttOutput();
		}

		static Conversation begin(Socket socket, Kind kind) throws IOException {
			if (!kind.webSocket) {
				return new Conversation(socket);
			}
			return new Conversation(socket,
					new ServerWebSocket(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream())
						.upgrade());
		}

		Frame read() throws IOException {
			int header = this.input.readUnsignedByte();
			int length = 0;
			int shift = 0;
			int next;
			do {
				next = this.input.readUnsignedByte();
				length |= (next & 0x7F) << shift;
				shift += 7;
			}
			while ((next & 0x80) != 0);
			byte[] body = new byte[length];
			this.input.readFully(body);
			return new Frame(header, body);
		}

		Frame accept() throws IOException {
			Frame connect = read();
			write(CONNACK);
			return connect;
		}

		void write(byte[] bytes) throws IOException {
			this.output.write(bytes);
			this.output.flush();
		}

		void write(int... bytes) throws IOException {
			write(bytes(bytes));
		}

		void write(MqttPacket packet) throws IOException {
			write(encode(packet));
		}

		void awaitEnd() throws IOException {
			while (this.input.read() >= 0) {
				continue;
			}
		}

	}

	record Frame(int header, byte[] body) {

		MqttPacket decode() throws Exception {
			return PacketCodec.decode(this.header, ByteBuffer.wrap(this.body));
		}

	}

}
