package io.github.mqttspringboot.paho;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.SocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * The raw socket of one connection, which can be closed at any moment: before it exists,
 * while it connects, and while it is read and written.
 */
final class Transport {

	private final ServerAddress address;

	private final Duration timeout;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Socket socket;

	private volatile @Nullable PromptAcks acks;

	private boolean closed;

	/**
	 * Create a transport.
	 * @param address where to connect to
	 * @param timeout the limit for all addresses of the host together
	 */
	Transport(ServerAddress address, Duration timeout) {
		this.address = address;
		this.timeout = timeout;
	}

	/**
	 * Connect to the first address of the host that answers. Blocks.
	 * @param factory where the sockets come from
	 * @throws IOException if none answers, or the transport is closed meanwhile
	 */
	void connect(SocketFactory factory) throws IOException {
		long deadline = System.nanoTime() + this.timeout.toNanos();
		InetAddress[] addresses = InetAddress.getAllByName(this.address.host());
		for (int i = 0; i < addresses.length; i++) {
			long rest = Math.max(0, deadline - System.nanoTime()) / (addresses.length - i);
			InetSocketAddress target = new InetSocketAddress(addresses[i], this.address.port());
			try {
				connect(factory.createSocket(), target, (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(rest)));
				return;
			}
			catch (IOException ex) {
				if (i == addresses.length - 1 || isClosed()) {
					throw ex;
				}
			}
		}
	}

	private void connect(Socket candidate, InetSocketAddress target, int timeoutMillis) throws IOException {
		try {
			use(candidate);
			candidate.setTcpNoDelay(true);
			candidate.connect(target, timeoutMillis);
			this.acks = new PromptAcks(candidate);
		}
		catch (IOException | RuntimeException ex) {
			closeQuietly(candidate);
			throw ex;
		}
	}

	private void use(Socket candidate) throws IOException {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new IOException("The attempt was abandoned");
			}
			this.socket = candidate;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return what the server sends. Time-outs of the socket do not show.
	 * @return the stream
	 * @throws IOException if the transport is not connected
	 */
	InputStream input() throws IOException {
		return new PatientInputStream(connected().getInputStream());
	}

	/**
	 * Return the way to the server.
	 * @return the stream
	 * @throws IOException if the transport is not connected
	 */
	OutputStream output() throws IOException {
		return connected().getOutputStream();
	}

	/**
	 * Acknowledge at TCP level what has come, without waiting for data that could carry
	 * the acknowledgement.
	 */
	void acknowledge() {
		PromptAcks current = this.acks;
		if (current != null) {
			current.acknowledge();
		}
	}

	/**
	 * Tell the server that nothing more will be sent.
	 */
	void closeOutput() {
		try {
			connected().shutdownOutput();
		}
		catch (IOException | UnsupportedOperationException ex) {
			// It ends with the socket
		}
	}

	/**
	 * Close the socket, now or as soon as there is one. Does not block, idempotent.
	 */
	void close() {
		Socket current;
		this.lock.lock();
		try {
			this.closed = true;
			current = this.socket;
		}
		finally {
			this.lock.unlock();
		}
		if (current != null) {
			closeQuietly(current);
		}
	}

	/**
	 * Return whether the transport has been closed by this side.
	 * @return whether it is closed
	 */
	boolean isClosed() {
		this.lock.lock();
		try {
			return this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private Socket connected() throws IOException {
		this.lock.lock();
		try {
			if (this.socket == null) {
				throw new IOException("There is no socket");
			}
			return this.socket;
		}
		finally {
			this.lock.unlock();
		}
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// Closed all the same
		}
	}

	/**
	 * Waits on where a socket's read times out: Paho would lose its place in the stream.
	 */
	private static final class PatientInputStream extends FilterInputStream {

		PatientInputStream(InputStream in) {
			super(in);
		}

		@Override
		public int read() throws IOException {
			while (true) {
				try {
					return super.read();
				}
				catch (SocketTimeoutException ex) {
					// Nothing has been taken from the stream
				}
			}
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			while (true) {
				try {
					return super.read(target, offset, length);
				}
				catch (SocketTimeoutException ex) {
					// Nothing has been taken from the stream
				}
			}
		}

	}

}
