package io.github.mqttspringboot.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * A network that can be made to fail: forwards a port on 127.0.0.1 to another one. It is
 * thread safe.
 */
public final class TcpProxy implements AutoCloseable {

	private static final int BUFFER_SIZE = 16 * 1024;

	private static final long JOIN_MILLIS = 10_000;

	private final int port;

	private final int target;

	private final Object lock = new Object();

	private final List<Link> links = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final AtomicInteger linkCount = new AtomicInteger();

	private @Nullable ServerSocket server;

	private @Nullable Thread acceptor;

	private boolean stalled;

	private boolean answersStalled;

	private TcpProxy(int target, ServerSocket server) {
		this.target = target;
		this.port = server.getLocalPort();
		listen(server);
	}

	/**
	 * Start a proxy on a free port.
	 * @param target the port on 127.0.0.1 to forward to
	 * @return the proxy
	 */
	public static TcpProxy to(int target) {
		return new TcpProxy(target, Ports.listen());
	}

	public int port() {
		return this.port;
	}

	/**
	 * Return the address to put into {@code mqtt.servers}.
	 * @return the address
	 */
	public String uri() {
		return "mqtt://127.0.0.1:" + this.port;
	}

	/**
	 * Return how many links were accepted.
	 * @return the number since the start, those whose target refused included
	 */
	public int linkCount() {
		return this.linkCount.get();
	}

	/**
	 * Return how many links are open.
	 * @return the number
	 */
	public int openLinkCount() {
		synchronized (this.lock) {
			return this.links.size();
		}
	}

	/**
	 * End all links with RST on both sides. New ones are still accepted.
	 */
	public void cutAll() {
		snapshot().forEach((link) -> link.end(true));
	}

	/**
	 * Close all links with FIN on both sides. New ones are still accepted.
	 */
	public void closeAll() {
		snapshot().forEach((link) -> link.end(false));
	}

	/**
	 * Keep links open, accept new ones, and pass nothing, neither data nor the end of a
	 * link: a half-open network.
	 */
	public void stall() {
		synchronized (this.lock) {
			this.stalled = true;
		}
	}

	/**
	 * Pass what clients send, and hold back what the target answers: what a client asked
	 * for happens, and the client does not learn of it.
	 */
	public void stallAnswers() {
		synchronized (this.lock) {
			this.answersStalled = true;
		}
	}

	/**
	 * Pass on what was held back, and all that comes.
	 */
	public void resume() {
		synchronized (this.lock) {
			this.stalled = false;
			this.answersStalled = false;
			this.lock.notifyAll();
		}
	}

	/**
	 * Refuse new links; those that are open live on.
	 */
	public void refuse() {
		Thread ending;
		synchronized (this.lock) {
			closeQuietly(this.server);
			this.server = null;
			ending = this.acceptor;
			this.acceptor = null;
		}
		if (ending != null) {
			// The system listens until the thread has left its call of accept
			join(ending);
		}
	}

	/**
	 * Accept links again, on the same port.
	 */
	public void listen() {
		synchronized (this.lock) {
			if (this.server == null) {
				listen(Ports.listen(this.port));
			}
		}
	}

	@Override
	public void close() {
		refuse();
		closeAll();
		List<Thread> ending;
		synchronized (this.lock) {
			ending = List.copyOf(this.threads);
		}
		ending.forEach(TcpProxy::join);
	}

	private List<Link> snapshot() {
		synchronized (this.lock) {
			return List.copyOf(this.links);
		}
	}

	private void listen(ServerSocket socket) {
		synchronized (this.lock) {
			this.server = socket;
			this.acceptor = startThread("accept", () -> acceptAll(socket));
		}
	}

	private void acceptAll(ServerSocket socket) {
		while (true) {
			try {
				accepted(socket, socket.accept());
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void accepted(ServerSocket from, Socket client) {
		int number = this.linkCount.getAndIncrement();
		Socket upstream;
		try {
			client.setTcpNoDelay(true);
			upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
			upstream.setTcpNoDelay(true);
		}
		catch (IOException ex) {
			reset(client);
			return;
		}
		synchronized (this.lock) {
			Link link = new Link(client, upstream);
			if (this.server != from) {
				reset(client);
				reset(upstream);
				return;
			}
			this.links.add(link);
			this.threads.removeIf((thread) -> !thread.isAlive());
			startThread("link-" + number + "-out", () -> link.pump(client, upstream));
			startThread("link-" + number + "-in", () -> link.pump(upstream, client));
		}
	}

	private Thread startThread(String name, Runnable task) {
		Thread thread = new Thread(task, "tcp-proxy-" + this.port + "-" + name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
		return thread;
	}

	private static void join(Thread thread) {
		try {
			thread.join(JOIN_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return;
		}
		if (thread.isAlive()) {
			throw new IllegalStateException(thread.getName() + " does not end");
		}
	}

	private static void reset(Socket socket) {
		try {
			socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// It is closed already
		}
		closeQuietly(socket);
	}

	private static void closeQuietly(@Nullable Closeable closeable) {
		try {
			if (closeable != null) {
				closeable.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A client's connection and the one to the target.
	 */
	private final class Link {

		private final Socket client;

		private final Socket upstream;

		private int openDirections = 2;

		private boolean ended;

		Link(Socket client, Socket upstream) {
			this.client = client;
			this.upstream = upstream;
		}

		void pump(Socket from, Socket to) {
			byte[] buffer = new byte[BUFFER_SIZE];
			try {
				InputStream input = from.getInputStream();
				int length = input.read(buffer);
				while (length >= 0 && awaitPassage(from)) {
					to.getOutputStream().write(buffer, 0, length);
					length = input.read(buffer);
				}
				if (awaitPassage(from)) {
					directionClosed(to);
				}
			}
			catch (IOException ex) {
				if (awaitPassage(from)) {
					end(true);
				}
			}
		}

		/**
		 * Wait as long as the network is stalled.
		 * @param from where the data came from
		 * @return whether the link is still there
		 */
		private boolean awaitPassage(Socket from) {
			synchronized (TcpProxy.this.lock) {
				while (isStalled(from) && !this.ended) {
					try {
						TcpProxy.this.lock.wait();
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
						return false;
					}
				}
				return !this.ended;
			}
		}

		private boolean isStalled(Socket from) {
			return TcpProxy.this.stalled || (TcpProxy.this.answersStalled && from == this.upstream);
		}

		private void directionClosed(Socket to) throws IOException {
			to.shutdownOutput();
			boolean last;
			synchronized (TcpProxy.this.lock) {
				this.openDirections--;
				last = this.openDirections == 0;
			}
			if (last) {
				end(false);
			}
		}

		void end(boolean reset) {
			synchronized (TcpProxy.this.lock) {
				if (this.ended) {
					return;
				}
				this.ended = true;
				TcpProxy.this.links.remove(this);
				TcpProxy.this.lock.notifyAll();
			}
			if (reset) {
				TcpProxy.reset(this.client);
				TcpProxy.reset(this.upstream);
			}
			else {
				closeQuietly(this.client);
				closeQuietly(this.upstream);
			}
		}

	}

}
