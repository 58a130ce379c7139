package io.github.mqttspringboot.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * A network that can be made to fail: forwards a port on 127.0.0.1 to another one. It is
 * thread safe.
 */
public final class TcpProxy implements AutoCloseable {

	private static final long JOIN_MILLIS = 10_000;

	private final int port;

	private final int target;

	private final Tap tap;

	private final Passage passage = new Passage();

	private final Object lock = new Object();

	private final List<ProxyLink> links = new ArrayList<>();

	/** All there ever were, in the order of acceptance. */
	private final List<ProxyLink> history = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final AtomicInteger linkCount = new AtomicInteger();

	private @Nullable ServerSocket server;

	private @Nullable Thread acceptor;

	private @Nullable Cut next;

	private TcpProxy(int target, ServerSocket server, Tap tap) {
		this.target = target;
		this.tap = tap;
		this.port = server.getLocalPort();
		listen(server);
	}

	/**
	 * Start a proxy on a free port.
	 * @param target the port on 127.0.0.1 to forward to
	 * @return the proxy
	 */
	public static TcpProxy to(int target) {
		return to(target, (link, toClient, buffer, length) -> {
		});
	}

	/**
	 * Start a proxy on a free port that shows what it passes.
	 * @param target the port on 127.0.0.1 to forward to
	 * @param tap sees what passes
	 * @return the proxy
	 */
	public static TcpProxy to(int target, Tap tap) {
		return new TcpProxy(target, Ports.listen(), tap);
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
		this.passage.stall(true);
	}

	/**
	 * Pass what clients send, and hold back what the target answers: what a client asked
	 * for happens, and the client does not learn of it.
	 */
	public void stallAnswers() {
		this.passage.stall(false);
	}

	/**
	 * Pass on what was held back, and all that comes.
	 */
	public void resume() {
		this.passage.resume();
	}

	/**
	 * Hold up everything that is passed on, in both directions: a slow network. What came
	 * in meanwhile is passed on together.
	 * @param delay how long, zero for a fast network again
	 */
	public void delay(Duration delay) {
		this.passage.delay(delay);
	}

	/**
	 * End a link at a byte: the newest one, or the next one if none is open. What comes
	 * before is passed on.
	 * @param bytes how many bytes are still passed, both directions together
	 * @param ending how the link ends then
	 */
	public void cutAfter(long bytes, Ending ending) {
		synchronized (this.lock) {
			if (this.links.isEmpty()) {
				cutNextAfter(bytes, ending);
			}
			else {
				this.links.get(this.links.size() - 1).cutAfter(bytes, ending);
			}
		}
	}

	/**
	 * End the next link that is accepted at a byte.
	 * @param bytes how many of its bytes are passed, both directions together
	 * @param ending how the link ends then
	 */
	public void cutNextAfter(long bytes, Ending ending) {
		synchronized (this.lock) {
			this.next = new Cut(bytes, ending);
		}
	}

	/**
	 * Return how much the links have passed to their clients.
	 * @return the bytes of each link that reached the target, in the order of acceptance
	 */
	public List<Long> answered() {
		synchronized (this.lock) {
			return this.history.stream().map(ProxyLink::answered).toList();
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

	private List<ProxyLink> snapshot() {
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
			ProxyLink link = new ProxyLink(number, client, upstream, this.passage, this.tap, this::ended);
			if (this.server != from) {
				link.end(true);
				return;
			}
			Cut cut = this.next;
			if (cut != null) {
				this.next = null;
				link.cutAfter(cut.bytes, cut.ending);
			}
			this.links.add(link);
			this.history.add(link);
			this.threads.removeIf((thread) -> !thread.isAlive());
			startThread("link-" + number + "-out", link::pumpToTarget);
			startThread("link-" + number + "-in", link::pumpToClient);
		}
	}

	private void ended(ProxyLink link) {
		synchronized (this.lock) {
			this.links.remove(link);
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

	static void reset(Socket socket) {
		try {
			socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// It is closed already
		}
		closeQuietly(socket);
	}

	static void closeQuietly(@Nullable Closeable closeable) {
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
	 * How a link ends.
	 */
	public enum Ending {

		/** RST on both sides. */
		RESET,

		/** FIN on both sides. */
		CLOSE,

		/** FIN to the client, which may still send, to nobody. */
		HALF_CLOSE_TO_CLIENT,

		/** FIN to the target, which may still answer, to nobody. */
		HALF_CLOSE_TO_TARGET

	}

	/**
	 * Sees the bytes on the links.
	 */
	@FunctionalInterface
	public interface Tap {

		/**
		 * Bytes have come and are not passed on yet. Called on a thread for each
		 * direction of each link.
		 * @param link the index of the link, from 0
		 * @param toClient whether they are for the client
		 * @param buffer where they are, from the beginning; not to be kept
		 * @param length how many there are
		 */
		void passing(int link, boolean toClient, byte[] buffer, int length);

	}

	private record Cut(long bytes, Ending ending) {

	}

}
