package io.github.mqttspringboot.client;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.Disconnect;

/**
 * One network connection from the first thought of it to its end. What reports about
 * another than the current one is not heard. Used on the engine's thread only.
 */
final class Attempt {

	final URI server;

	final boolean cleanStart;

	@Nullable WireConnection connection;

	/** Whether the transport connection was established. */
	boolean opened;

	/** The link, once the server has accepted the connection. */
	@Nullable Link link;

	/** Ends an attempt that takes too long, or a disconnect that does. */
	Scheduler.@Nullable Timer timer;

	/** Ends the search for credentials. */
	@Nullable Runnable credentials;

	Attempt(URI server, boolean cleanStart) {
		this.server = server;
		this.cleanStart = cleanStart;
	}

	void abort() {
		if (this.connection != null) {
			this.connection.abort();
		}
	}

	/**
	 * End the connection, with a DISCONNECT where the server is to know why.
	 * @param failure why
	 */
	void end(MqttFailure failure) {
		ReasonCode code = disconnectCode(failure);
		if (this.link != null && code != null) {
			this.link.disconnect(new Disconnect(code.value()));
		}
		else {
			abort();
		}
	}

	private static @Nullable ReasonCode disconnectCode(MqttFailure failure) {
		if (failure.localError() == null) {
			return ReasonCode.NORMAL_DISCONNECTION;
		}
		return switch (failure.localError()) {
			case INBOUND_RECEIVE_MAXIMUM_EXCEEDED -> ReasonCode.RECEIVE_MAXIMUM_EXCEEDED;
			case INBOUND_PROTOCOL_ERROR -> ReasonCode.PROTOCOL_ERROR;
			case INTERNAL_ERROR -> ReasonCode.UNSPECIFIED_ERROR;
			default -> null;
		};
	}

	/** Nobody waits any more for what this attempt waits for. */
	void release() {
		cancelTimer();
		if (this.credentials != null) {
			this.credentials.run();
			this.credentials = null;
		}
	}

	void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
