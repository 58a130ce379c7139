package io.github.mqttspringboot.client;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.wire.WireConnection;

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

	Attempt(URI server, boolean cleanStart) {
		this.server = server;
		this.cleanStart = cleanStart;
	}

	void abort() {
		if (this.connection != null) {
			this.connection.abort();
		}
	}

	void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
