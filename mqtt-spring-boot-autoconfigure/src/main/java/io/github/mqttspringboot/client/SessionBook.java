package io.github.mqttspringboot.client;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.ConnAck;

/**
 * What the client knows of its session at the servers: whether to ask for a new one, and
 * whether the one that a server resumes is the client's. Used on the engine's thread
 * only.
 */
final class SessionBook {

	private final boolean cleanStart;

	private final KnownSessions sessions = new KnownSessions();

	/** Whether a session of this client may exist at the server. */
	private boolean held;

	/** Whether the bean's first CONNECT, which clean-start governs, is behind it. */
	private boolean connectedOnce;

	/** Whether a server has resumed a session that is not the client's. */
	private boolean renewing;

	SessionBook(boolean cleanStart) {
		this.cleanStart = cleanStart;
	}

	/**
	 * Return the Clean Start flag of the next CONNECT.
	 * @return whether to ask for a new session
	 */
	boolean cleanStart() {
		return this.renewing || ((this.connectedOnce) ? !this.held : this.cleanStart);
	}

	/**
	 * Check what a server says of the session.
	 * @param attempt the connection
	 * @param connAck its CONNACK, a success
	 * @return why the connection is of no use, {@code null} if it is
	 */
	@Nullable MqttFailure check(Attempt attempt, ConnAck connAck) {
		if (!connAck.sessionPresent()) {
			return null;
		}
		if (attempt.cleanStart) {
			return unexpected(attempt.server + " answered a Clean Start with Session Present [MQTT-3.2.2-2]");
		}
		if (this.sessions.isStale(attempt.server)) {
			return unexpected(attempt.server
					+ " resumes a session that the client has given up for one at another server [MQTT-3.2.2-4]");
		}
		return null;
	}

	private static MqttFailure unexpected(String detail) {
		return MqttFailure.local(LocalError.UNEXPECTED_SESSION_PRESENT).detail(detail).build();
	}

	/**
	 * A server has resumed a session that is not the client's: the next CONNECT asks for
	 * a new one.
	 * @return whether this is the first time in a row
	 */
	boolean renew() {
		boolean first = !this.renewing;
		this.renewing = true;
		return first;
	}

	/**
	 * A connection has been accepted.
	 * @param server the server
	 * @param link the connection
	 * @return whether a session was lost
	 */
	boolean connected(URI server, Link link) {
		boolean kept = link.connAck().sessionPresent();
		boolean lost = !kept && (this.held || this.renewing);
		this.sessions.connected(server, kept);
		this.renewing = false;
		this.connectedOnce = true;
		this.held = !link.sessionExpiry().isZero();
		return lost;
	}

	/** A journal holds a session from before the start of the JVM. */
	void recovered() {
		this.held = true;
	}

	/** The client has told the server to drop the session. */
	void dropped() {
		this.held = false;
	}

	/**
	 * The client has stopped.
	 * @return whether the session has ended with it
	 */
	boolean stopped() {
		this.renewing = false;
		if (!this.held) {
			this.connectedOnce = false;
		}
		return !this.held;
	}

}
