package io.github.mqttspringboot.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The configured servers in their order, and the one that just refused, which goes last.
 */
final class ServerList {

	private final List<URI> servers;

	private @Nullable URI refused;

	private Iterator<URI> round;

	ServerList(List<URI> servers) {
		this.servers = servers;
		this.round = servers.iterator();
	}

	/**
	 * Begin an attempt.
	 * @return its first server
	 */
	URI begin() {
		List<URI> order = new ArrayList<>(this.servers);
		if (this.refused != null && order.remove(this.refused)) {
			order.add(this.refused);
		}
		this.refused = null;
		this.round = order.iterator();
		return this.round.next();
	}

	/**
	 * Move on within the attempt.
	 * @return the next server, {@code null} if all have been tried
	 */
	@Nullable URI next() {
		return this.round.hasNext() ? this.round.next() : null;
	}

	/**
	 * Put a server last in the next attempt.
	 * @param server the server
	 */
	void refused(URI server) {
		this.refused = server;
	}

	/**
	 * Forget which server refused: the last attempt reached one.
	 */
	void accepted() {
		this.refused = null;
	}

}
