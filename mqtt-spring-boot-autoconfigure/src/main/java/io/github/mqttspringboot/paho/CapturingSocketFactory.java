package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;

import javax.net.SocketFactory;

/**
 * Gives Paho a socket that connects a {@link Transport}: the host is resolved there, TLS
 * and WebSocket are layered there, and the raw socket is ours to close.
 */
final class CapturingSocketFactory extends SocketFactory {

	private final Transport transport;

	/**
	 * Create a factory.
	 * @param transport what the sockets stand for
	 */
	CapturingSocketFactory(Transport transport) {
		this.transport = transport;
	}

	@Override
	public Socket createSocket() {
		return new CapturedSocket(this.transport);
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return connectedSocket();
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
		return connectedSocket();
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return connectedSocket();
	}

	@Override
	public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
			throws IOException {
		return connectedSocket();
	}

	private Socket connectedSocket() throws IOException {
		this.transport.connect();
		return createSocket();
	}

	/**
	 * What Paho takes for its socket.
	 */
	private static final class CapturedSocket extends Socket {

		private final Transport transport;

		CapturedSocket(Transport transport) {
			this.transport = transport;
		}

		@Override
		public void connect(SocketAddress ignored) throws IOException {
			this.transport.connect();
		}

		@Override
		public void connect(SocketAddress ignored, int ignoredTimeout) throws IOException {
			this.transport.connect();
		}

		// Paho's one second would only interrupt the reader
		@Override
		public void setSoTimeout(int timeout) {
		}

		@Override
		public InputStream getInputStream() throws IOException {
			return this.transport.input();
		}

		@Override
		public OutputStream getOutputStream() throws IOException {
			return this.transport.output();
		}

		@Override
		public void shutdownInput() {
		}

		@Override
		public void close() {
			this.transport.close();
		}

	}

}
