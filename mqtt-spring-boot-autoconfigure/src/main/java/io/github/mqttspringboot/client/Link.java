package io.github.mqttspringboot.client;

import java.time.Duration;
import java.time.Instant;

import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;

/**
 * A network connection that the server has accepted, with the limits in force on it. Used
 * on the engine's thread only.
 */
final class Link {

	/** The largest packet of MQTT 5 §2.1.4, fixed header included. */
	static final long PROTOCOL_MAXIMUM_PACKET_SIZE = 268_435_460;

	/** For each packet identifier of both sides an exchange, and as many to spare. */
	private static final long MAX_UNWRITTEN = 5 * 65_536;

	private final WireConnection connection;

	private final String server;

	private final Instant since;

	private final ConnAck connAck;

	private final Duration keepAlive;

	private final Duration sessionExpiry;

	private long sent;

	private long written;

	private long lastSent;

	/** What had left when it ended, -1 before. */
	private long left = -1;

	private boolean disconnected;

	Link(WireConnection connection, String server, Instant since, ConnAck connAck, ClientSettings settings) {
		this.connection = connection;
		this.server = server;
		this.since = since;
		this.connAck = connAck;
		this.keepAlive = (connAck.serverKeepAlive() != null) ? Duration.ofSeconds(connAck.serverKeepAlive())
				: settings.keepAlive();
		this.sessionExpiry = (connAck.sessionExpiryInterval() != null)
				? Duration.ofSeconds(connAck.sessionExpiryInterval()) : settings.sessionExpiry();
	}

	/**
	 * Queue a packet for writing. Nothing follows a DISCONNECT [MQTT-3.14.4-1].
	 * @param packet the packet
	 * @param now the monotonic time
	 * @return the packet's number on this connection, from 1
	 */
	long send(MqttPacket packet, long now) {
		if (this.disconnected) {
			return this.sent;
		}
		this.lastSent = now;
		this.connection.send(packet);
		return ++this.sent;
	}

	void disconnect(Disconnect disconnect) {
		this.disconnected = true;
		this.connection.disconnect(disconnect);
	}

	/**
	 * Take back what the wire has not taken yet.
	 * @return the number of the last packet that has left, or may have
	 */
	long withdraw() {
		if (this.left < 0) {
			this.left = this.connection.withdraw();
		}
		return this.left;
	}

	/**
	 * Return how many packets were queued for writing.
	 * @return the number of the last
	 */
	long sent() {
		return this.sent;
	}

	/**
	 * Return how many packets are known to have left.
	 * @return the number of the last
	 */
	long written() {
		return this.written;
	}

	/**
	 * Packets have left.
	 * @param total how many of those sent
	 */
	void written(long total) {
		this.written = total;
	}

	/**
	 * Return whether more waits to be written than a server that keeps to the protocol
	 * can bring about: it asks for answers and does not read them.
	 * @return {@code true} if the connection should end
	 */
	boolean isFlooded() {
		return this.sent - this.written > MAX_UNWRITTEN;
	}

	/**
	 * Return whether packets may be sent.
	 * @return {@code false} after a DISCONNECT
	 */
	boolean isOpen() {
		return !this.disconnected;
	}

	void sentNothingUntil(long now) {
		this.lastSent = now;
	}

	WireConnection connection() {
		return this.connection;
	}

	String server() {
		return this.server;
	}

	ConnAck connAck() {
		return this.connAck;
	}

	long lastSent() {
		return this.lastSent;
	}

	Duration keepAlive() {
		return this.keepAlive;
	}

	Duration sessionExpiry() {
		return this.sessionExpiry;
	}

	long maximumPacketSize() {
		Long limit = this.connAck.maximumPacketSize();
		return (limit != null) ? Math.min(limit, PROTOCOL_MAXIMUM_PACKET_SIZE) : PROTOCOL_MAXIMUM_PACKET_SIZE;
	}

	ConnectionInfo info(String clientId) {
		return new ConnectionInfo(clientId, this.server, this.since, this.connAck.sessionPresent(),
				new ConnectionInfo.Limits(this.connAck.receiveMaximum(), maximumPacketSize(), this.connAck.maximumQos(),
						this.connAck.retainAvailable(), this.connAck.wildcardSubscriptionAvailable(),
						this.connAck.subscriptionIdentifierAvailable(), this.connAck.sharedSubscriptionAvailable(),
						this.keepAlive, this.sessionExpiry));
	}

	static ConnectionInfo none(ClientSettings settings) {
		return new ConnectionInfo(settings.clientId(), null, null, false,
				new ConnectionInfo.Limits(65_535, PROTOCOL_MAXIMUM_PACKET_SIZE, 2, true, true, true, true,
						settings.keepAlive(), settings.sessionExpiry()));
	}

}
