package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The transport of one connection: a socket and what is on top of it. It can be closed at
 * any moment, before there is a socket, while it connects, during the handshakes, and
 * while it is read and written, because closing means the raw socket: that of TLS or
 * WebSocket would block.
 */
final class Transport {

	private final ServerAddress address;

	private final Duration timeout;

	private final TransportSettings settings;

	private final Runnable answerWaiting;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Socket socket;

	private volatile @Nullable PromptAcks acks;

	private @Nullable TransportLayers layers;

	private boolean closed;

	/**
	 * Create a transport.
	 * @param address where to connect to
	 * @param timeout the limit for all addresses of the host and all layers together
	 * @param settings how
	 * @param answerWaiting told by the reading thread that flushing the output has
	 * something to send
	 */
	Transport(ServerAddress address, Duration timeout, TransportSettings settings, Runnable answerWaiting) {
		this.address = address;
		this.timeout = timeout;
		this.settings = settings;
		this.answerWaiting = answerWaiting;
	}

	/**
	 * Connect to the first address of the host that answers, and set up what belongs on
	 * top of it. Blocks.
	 * @throws IOException if none answers, or the transport is closed meanwhile
	 */
	void connect() throws IOException {
		long deadline = System.nanoTime() + this.timeout.toNanos();
		RawSocket raw = new RawSocket(connectSocket(deadline), deadline);
		use(TransportLayers.build(raw, this.address, this.settings, this.answerWaiting));
	}

	private Socket connectSocket(long deadline) throws IOException {
		InetAddress[] addresses = InetAddress.getAllByName(this.address.host());
		for (int i = 0;; i++) {
			long rest = Math.max(0, deadline - System.nanoTime()) / (addresses.length - i);
			InetSocketAddress target = new InetSocketAddress(addresses[i], this.address.port());
			try {
				Socket candidate = this.settings.sockets().createSocket();
				connect(candidate, target, (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(rest)));
				return candidate;
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

	private void use(TransportLayers built) {
		this.lock.lock();
		try {
			this.layers = built;
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
		return connected().input();
	}

	/**
	 * Return the way to the server.
	 * @return the stream
	 * @throws IOException if the transport is not connected
	 */
	OutputStream output() throws IOException {
		return connected().output();
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
			connected().closeOutput();
		}
		catch (IOException | UnsupportedOperationException ex) {
			// It ends with the socket
		}
	}

	/**
	 * Return whether the server waits for {@link #closeOutput()}.
	 * @return whether it does
	 */
	boolean isPeerClosing() {
		this.lock.lock();
		try {
			return this.layers != null && this.layers.isPeerClosing();
		}
		finally {
			this.lock.unlock();
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

	private TransportLayers connected() throws IOException {
		this.lock.lock();
		try {
			if (this.layers == null) {
				throw new IOException("There is no connection");
			}
			return this.layers;
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

}
