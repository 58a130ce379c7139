package io.github.mqttspringboot.paho;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/**
 * A connected socket as the layers above it see it. While they are being set up, what
 * they write is held until they read: a server that refuses in the middle of what it is
 * sent would otherwise answer the rest with a reset, which can destroy its reason; and no
 * read goes beyond the deadline. Afterwards reads wait for ever, and nothing is held.
 * <p>
 * Set up by one thread; then one thread may read while another writes.
 */
final class RawSocket extends Socket {

	private final Socket socket;

	private final long deadline;

	private final ByteArrayOutputStream held = new ByteArrayOutputStream();

	private final InputStream input;

	private final OutputStream output;

	private int flights;

	private volatile boolean settingUp = true;

	/**
	 * Wrap a socket.
	 * @param socket the connected socket
	 * @param deadline when the layers must be up, in terms of {@link System#nanoTime()}
	 * @throws IOException if it is not connected any more
	 */
	RawSocket(Socket socket, long deadline) throws IOException {
		this.socket = socket;
		this.deadline = deadline;
		this.input = new RawInput(socket.getInputStream());
		this.output = new RawOutput(socket.getOutputStream());
	}

	/**
	 * Send what is held. A failure is not thrown: the next read tells it, or better, why.
	 */
	void push() {
		if (this.held.size() == 0) {
			return;
		}
		this.flights++;
		try {
			OutputStream target = this.socket.getOutputStream();
			this.held.writeTo(target);
			target.flush();
		}
		catch (IOException ex) {
			// See above
		}
		finally {
			this.held.reset();
		}
	}

	/**
	 * Return how often the layers have sent something and waited for the answer.
	 * @return the number
	 */
	int flights() {
		return this.flights;
	}

	/**
	 * All layers are up.
	 * @throws IOException if the socket is closed
	 */
	void established() throws IOException {
		push();
		this.settingUp = false;
		this.socket.setSoTimeout(0);
	}

	@Override
	public InputStream getInputStream() {
		return this.input;
	}

	@Override
	public OutputStream getOutputStream() {
		return this.output;
	}

	@Override
	public void shutdownInput() throws IOException {
		this.socket.shutdownInput();
	}

	@Override
	public void shutdownOutput() throws IOException {
		push();
		this.socket.shutdownOutput();
	}

	// A layer that gives up has said so before
	@Override
	public void close() throws IOException {
		push();
		this.socket.close();
	}

	@Override
	public boolean isBound() {
		return this.socket.isBound();
	}

	@Override
	public boolean isConnected() {
		return this.socket.isConnected();
	}

	@Override
	public boolean isClosed() {
		return this.socket.isClosed();
	}

	@Override
	public boolean isInputShutdown() {
		return this.socket.isInputShutdown();
	}

	@Override
	public boolean isOutputShutdown() {
		return this.socket.isOutputShutdown();
	}

	@Override
	public InetAddress getInetAddress() {
		return this.socket.getInetAddress();
	}

	@Override
	public InetAddress getLocalAddress() {
		return this.socket.getLocalAddress();
	}

	@Override
	public int getPort() {
		return this.socket.getPort();
	}

	@Override
	public int getLocalPort() {
		return this.socket.getLocalPort();
	}

	@Override
	public SocketAddress getRemoteSocketAddress() {
		return this.socket.getRemoteSocketAddress();
	}

	@Override
	public SocketAddress getLocalSocketAddress() {
		return this.socket.getLocalSocketAddress();
	}

	@Override
	public int getSoLinger() throws SocketException {
		return this.socket.getSoLinger();
	}

	@Override
	public boolean getTcpNoDelay() throws SocketException {
		return this.socket.getTcpNoDelay();
	}

	// The deadline is ours
	@Override
	public void setSoTimeout(int timeout) {
	}

	@Override
	public String toString() {
		return this.socket.toString();
	}

	/**
	 * What the server sends.
	 */
	private final class RawInput extends InputStream {

		private final InputStream in;

		RawInput(InputStream in) {
			this.in = in;
		}

		@Override
		public int read() throws IOException {
			byte[] single = new byte[1];
			return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xFF;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			if (RawSocket.this.settingUp) {
				push();
				RawSocket.this.socket.setSoTimeout(rest());
				return this.in.read(target, offset, length);
			}
			while (true) {
				try {
					return this.in.read(target, offset, length);
				}
				catch (SocketTimeoutException ex) {
					// Nothing has been taken from the stream
				}
			}
		}

		private int rest() throws SocketTimeoutException {
			long millis = TimeUnit.NANOSECONDS.toMillis(RawSocket.this.deadline - System.nanoTime());
			if (millis <= 0) {
				throw new SocketTimeoutException("The time to connect is over");
			}
			return (int) Math.min(millis, Integer.MAX_VALUE);
		}

		@Override
		public int available() throws IOException {
			return this.in.available();
		}

		@Override
		public void close() throws IOException {
			RawSocket.this.close();
		}

	}

	/**
	 * The way to the server.
	 */
	private final class RawOutput extends OutputStream {

		private final OutputStream out;

		RawOutput(OutputStream out) {
			this.out = out;
		}

		@Override
		public void write(int value) throws IOException {
			write(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] source, int offset, int length) throws IOException {
			if (RawSocket.this.settingUp) {
				RawSocket.this.held.write(source, offset, length);
			}
			else {
				this.out.write(source, offset, length);
			}
		}

		@Override
		public void flush() throws IOException {
			if (!RawSocket.this.settingUp) {
				this.out.flush();
			}
		}

		@Override
		public void close() throws IOException {
			RawSocket.this.close();
		}

	}

}
