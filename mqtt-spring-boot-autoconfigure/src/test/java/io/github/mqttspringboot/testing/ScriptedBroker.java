package io.github.mqttspringboot.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;

/**
 * An MQTT 5 server on 127.0.0.1 that does what a test says. Without rules it is friendly:
 * it accepts, acknowledges and grants everything, answers pings, and routes nothing
 * unless {@link #routing()} is on. The first rule that applies to a packet decides:
 *
 * <pre>
 * broker.on(When.publish("denied/#")).answer(Reply.puback(0x87).reason("no"));
 * broker.on(When.connect()).answer(Reply.connack(0x89)).thenClose().once();
 * broker.on(When.pingreq()).withhold();
 * </pre>
 *
 * It is thread safe. It records what it receives, also over a restart. What no client may
 * send ends the link and is kept in {@link #violations()}.
 */
public final class ScriptedBroker implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final int port;

	private final List<Rule> rules = new CopyOnWriteArrayList<>();

	private final List<ServerConnection> connections = new CopyOnWriteArrayList<>();

	private final List<String> violations = new CopyOnWriteArrayList<>();

	private final Object lock = new Object();

	private final List<ReceivedPacket> received = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private @Nullable ServerSocket server;

	private volatile Reply connack = Reply.connack(0);

	private volatile boolean routing;

	private volatile TransportLayer layer = (index, socket) -> socket;

	private ScriptedBroker(ServerSocket server) {
		this.port = server.getLocalPort();
		listen(server);
	}

	/**
	 * Start a broker on a free port.
	 * @return the broker
	 */
	public static ScriptedBroker start() {
		return new ScriptedBroker(Ports.listen());
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
	 * Return the address for TLS.
	 * @return the address
	 */
	public String tlsUri() {
		return "mqtts://127.0.0.1:" + this.port;
	}

	/**
	 * Set what lies between the network and MQTT on connections from now on.
	 * @param layer the layer, for example of {@link TlsLayers}
	 */
	public void layer(TransportLayer layer) {
		this.layer = layer;
	}

	/**
	 * Begin a rule, which comes after those already there.
	 * @param when the packets it is about
	 * @return the rule, which applies once it has a step
	 */
	public Rule on(When when) {
		Rule rule = new Rule(when);
		this.rules.add(rule);
		return rule;
	}

	/**
	 * Forget all rules.
	 */
	public void clearRules() {
		this.rules.clear();
	}

	/**
	 * Set the CONNACK with which connections are accepted from now on.
	 * @param connack the packet
	 */
	public void acceptWith(Reply connack) {
		this.connack = connack;
	}

	/**
	 * Pass published messages on to the connections that subscribed, from now on.
	 * Subscriptions live as long as their connection; shared ones are not known.
	 */
	public void routing() {
		this.routing = true;
	}

	/**
	 * Return what was received, in order.
	 * @return a copy
	 */
	public List<ReceivedPacket> received() {
		synchronized (this.lock) {
			return List.copyOf(this.received);
		}
	}

	public List<ReceivedPacket> received(PacketType type) {
		return received(When.packet(type));
	}

	public List<ReceivedPacket> received(When when) {
		return received().stream().filter(when::matches).toList();
	}

	/**
	 * Wait until enough packets have been received.
	 * @param type the packet type
	 * @param count how many
	 * @return the packets, at least as many
	 */
	public List<ReceivedPacket> awaitReceived(PacketType type, int count) {
		return awaitReceived(When.packet(type), count);
	}

	/**
	 * Wait until enough packets have been received.
	 * @param when the packets
	 * @param count how many
	 * @return the packets, at least as many
	 */
	public List<ReceivedPacket> awaitReceived(When when, int count) {
		return Awaitility.await(count + " times " + when)
			.atMost(PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> received(when), (packets) -> packets.size() >= count);
	}

	/**
	 * Return how many network connections were accepted.
	 * @return the number since the first start
	 */
	public int connectionCount() {
		return this.connections.size();
	}

	/**
	 * Return how many network connections are open.
	 * @return the number
	 */
	public int openConnectionCount() {
		return (int) this.connections.stream().filter(ServerConnection::isOpen).count();
	}

	/**
	 * Return how many CONNECT packets were received.
	 * @return the number since the first start
	 */
	public int connectCount() {
		return received(PacketType.CONNECT).size();
	}

	/**
	 * Return a network connection.
	 * @param index the place in the order of accepted connections, from 0
	 * @return the connection
	 */
	public ServerConnection connection(int index) {
		return this.connections.get(index);
	}

	public ServerConnection lastConnection() {
		return this.connections.get(this.connections.size() - 1);
	}

	/**
	 * Wait for a network connection.
	 * @param index the place in the order of accepted connections, from 0
	 * @return the connection
	 */
	public ServerConnection awaitConnection(int index) {
		Awaitility.await("link " + index)
			.atMost(PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> this.connections.size() > index);
		return connection(index);
	}

	/**
	 * Wait until no network connection is open.
	 */
	public void awaitNoOpenConnection() {
		Awaitility.await("no open link")
			.atMost(PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> openConnectionCount() == 0);
	}

	/**
	 * Return what clients sent that no client may send.
	 * @return one line each
	 */
	public List<String> violations() {
		return List.copyOf(this.violations);
	}

	/**
	 * Stop listening, close all connections and wait for the threads. Rules and records
	 * stay.
	 */
	public void stop() {
		List<Thread> ending;
		synchronized (this.lock) {
			if (this.server == null) {
				return;
			}
			closeQuietly(this.server);
			this.server = null;
			this.connections.forEach(ServerConnection::close);
			ending = List.copyOf(this.threads);
			this.threads.clear();
		}
		ending.forEach(ScriptedBroker::join);
	}

	/**
	 * Stop, unless stopped, and listen on the same port again.
	 */
	public void restart() {
		stop();
		listen(Ports.listen(this.port));
	}

	@Override
	public void close() {
		stop();
	}

	private void listen(ServerSocket socket) {
		synchronized (this.lock) {
			this.server = socket;
			startThread("accept", () -> acceptAll(socket));
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

	private void accepted(ServerSocket from, Socket socket) {
		synchronized (this.lock) {
			if (this.server != from) {
				closeQuietly(socket);
				return;
			}
			ServerConnection connection = new ServerConnection(this.connections.size(), socket, this);
			this.connections.add(connection);
			this.threads.removeIf((thread) -> !thread.isAlive());
			startThread("link-" + connection.index(), connection::readAll);
		}
	}

	private void startThread(String name, Runnable task) {
		Thread thread = new Thread(task, "scripted-broker-" + this.port + "-" + name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

	void receive(ReceivedPacket packet, ServerConnection connection) {
		synchronized (this.lock) {
			this.received.add(packet);
		}
		for (Rule rule : this.rules) {
			if (rule.claims(packet)) {
				rule.apply(packet, connection);
				return;
			}
		}
		connection.answerAsUsual(packet);
	}

	void route(ReceivedPacket packet) {
		this.connections.stream().filter(ServerConnection::isOpen).forEach((connection) -> connection.deliver(packet));
	}

	boolean isRouting() {
		return this.routing;
	}

	Reply connack() {
		return this.connack;
	}

	TransportLayer layer() {
		return this.layer;
	}

	void violation(ServerConnection connection, String message) {
		this.violations.add("Link %d: %s".formatted(connection.index(), message));
	}

	private static void closeQuietly(Closeable closeable) {
		try {
			closeable.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void join(Thread thread) {
		if (thread == Thread.currentThread()) {
			return;
		}
		try {
			thread.join(PATIENCE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (thread.isAlive()) {
			throw new IllegalStateException(thread.getName() + " does not end");
		}
	}

}
