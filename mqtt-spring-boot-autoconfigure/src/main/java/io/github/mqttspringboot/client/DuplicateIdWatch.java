package io.github.mqttspringboot.client;

import java.time.Duration;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;

/**
 * Recognises that another client uses the same client identifier, at a server that does
 * not say so with DISCONNECT 0x8E: each takes the connection from the other, without a
 * reason and while nothing is in flight that could be one. Used on the engine's thread
 * only.
 */
final class DuplicateIdWatch {

	static final Duration SHORT = Duration.ofSeconds(10);

	private static final int SUSPICIOUS = 3;

	private long connectedAt;

	private int closes;

	void connected(long now) {
		this.connectedAt = now;
	}

	/**
	 * A connection has ended.
	 * @param failure why
	 * @param now the monotonic time
	 * @param idle whether nothing was in flight
	 * @return whether it is to be suspected that the client identifier is used twice
	 */
	boolean closed(MqttFailure failure, long now, boolean idle) {
		if (now - this.connectedAt >= SHORT.toNanos() || failure.localError() != LocalError.CONNECTION_CLOSED) {
			reset();
			return false;
		}
		return idle && ++this.closes >= SUSPICIOUS;
	}

	/** Count anew: a connection has ended for a reason that is known. */
	void reset() {
		this.closes = 0;
	}

	/**
	 * Describe the suspicion.
	 * @param settings the settings of the client
	 * @return what is suspected, why, and what to do
	 */
	String suspicion(ClientSettings settings) {
		return "suspected duplicate client id: " + this.closes + " connections in a row were closed without a reason"
				+ " within " + SHORT.toSeconds() + " s, as if another client used the id '"
				+ Printable.escape(settings.clientId()) + "' (give each its own '" + settings.property("client-id")
				+ "')";
	}

}
