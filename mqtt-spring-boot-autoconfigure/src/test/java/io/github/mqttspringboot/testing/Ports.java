package io.github.mqttspringboot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on 127.0.0.1. They are below the range from which the system takes ports for
 * outgoing connections: otherwise a client that knocks at a stopped server could be given
 * the server's own port, reach itself, and keep the server from coming back.
 */
final class Ports {

	private static final int LOWEST = 20_000;

	private static final int HIGHEST = 32_000;

	private static final int ATTEMPTS = 200;

	private Ports() {
	}

	/**
	 * Find a port that is free now, for a server that must be told a number.
	 * @return the port
	 */
	static int free() {
		try (ServerSocket socket = listen()) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Listen on a free port.
	 * @return the bound socket
	 */
	static ServerSocket listen() {
		for (int i = 0; i < ATTEMPTS; i++) {
			try {
				return bind(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST));
			}
			catch (BindException ex) {
				// Taken: the next one
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		throw new IllegalStateException("No free port between %d and %d".formatted(LOWEST, HIGHEST));
	}

	/**
	 * Listen on a port that was had before.
	 * @param port the port
	 * @return the bound socket
	 */
	static ServerSocket listen(int port) {
		try {
			return bind(port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Port " + port, ex);
		}
	}

	private static ServerSocket bind(int port) throws IOException {
		ServerSocket socket = new ServerSocket();
		try {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

}
