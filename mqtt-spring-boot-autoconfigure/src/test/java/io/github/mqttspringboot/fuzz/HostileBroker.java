package io.github.mqttspringboot.fuzz;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that one client should never have met. What it does on its n-th connection is
 * a function of its seed, of n, and of what the client sends.
 */
final class HostileBroker implements AutoCloseable {

	private final ServerSocket server;

	private final long seed;

	private final Executor executor;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger connections = new AtomicInteger();

	private volatile boolean closed;

	/**
	 * Start the broker.
	 * @param seed decides what it does
	 * @param executor runs its connections
	 * @throws IOException if there is no free port
	 */
	HostileBroker(long seed, Executor executor) throws IOException {
		this.seed = seed;
		this.executor = executor;
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		executor.execute(this::accept);
	}

	String uri() {
		return "mqtt://127.0.0.1:" + this.server.getLocalPort();
	}

	/**
	 * Return how many network connections there have been.
	 * @return the number of connections accepted from TCP's view
	 */
	int connections() {
		return this.connections.get();
	}

	private void accept() {
		while (!this.closed) {
			try {
				Socket socket = this.server.accept();
				this.open.add(socket);
				long connection = this.connections.incrementAndGet();
				this.executor.execute(() -> serve(socket, connection));
			}
			catch (IOException ex) {
				// Closed, or a client that was gone already
			}
		}
	}

	private void serve(Socket socket, long connection) {
		try (socket) {
			if (!this.closed) {
				new HostileConversation(socket, new Random(FuzzSettings.mix(this.seed, connection))).run();
			}
		}
		catch (IOException ex) {
			// The client has closed, as it should
		}
		finally {
			this.open.remove(socket);
		}
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		this.server.close();
		for (Socket socket : this.open) {
			socket.close();
		}
	}

}
