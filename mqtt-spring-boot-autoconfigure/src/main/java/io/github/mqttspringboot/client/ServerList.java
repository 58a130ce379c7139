package io.github.mqttspringboot.client;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The configured servers in their order, the one that just refused, which goes last, and
 * those that a Server Reference names, which come first. Used on the engine's thread
 * only.
 */
final class ServerList {

	private final List<URI> servers;

	private @Nullable URI refused;

	/** Those that pointed elsewhere since the last connection. */
	private final Set<URI> sentAway = new HashSet<>();

	/** Where the next attempt begins instead of at the first configured server. */
	private List<URI> detour = List.of();

	/** What the present attempt has not tried yet. */
	private final Deque<URI> round = new ArrayDeque<>();

	ServerList(List<URI> servers) {
		this.servers = servers;
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
		order.removeAll(this.detour);
		this.round.clear();
		this.round.addAll(this.detour);
		this.round.addAll(order);
		this.refused = null;
		this.detour = List.of();
		return this.round.remove();
	}

	/**
	 * Move on within the attempt.
	 * @return the next server, {@code null} if all have been tried
	 */
	@Nullable URI next() {
		return this.round.poll();
	}

	/**
	 * Turn to other servers within the attempt.
	 * @param others the servers, at least one
	 * @return the first of them
	 */
	URI divert(List<URI> others) {
		this.round.removeAll(others);
		for (int i = others.size() - 1; i >= 0; i--) {
			this.round.addFirst(others.get(i));
		}
		return this.round.remove();
	}

	/**
	 * Begin the next attempt, and only that, at other servers.
	 * @param others the servers
	 */
	void beginAt(List<URI> others) {
		this.detour = others;
	}

	boolean beginsElsewhere() {
		return !this.detour.isEmpty();
	}

	/**
	 * Put a server last in the next attempt.
	 * @param server the server
	 */
	void refused(URI server) {
		if (this.servers.contains(server)) {
			this.refused = server;
		}
	}

	/**
	 * A server has told the client to use another one.
	 * @param server the server
	 */
	void sentAway(URI server) {
		if (this.servers.contains(server)) {
			this.sentAway.add(server);
		}
	}

	/**
	 * Return whether there is a configured server that has not sent the client away since
	 * it was connected.
	 * @return {@code true} if there is hope in the next attempt
	 */
	boolean hasOther() {
		return !this.sentAway.containsAll(this.servers);
	}

	/**
	 * Forget which servers refused: the last attempt reached one.
	 */
	void accepted() {
		this.refused = null;
		this.sentAway.clear();
	}

	/** Forget where servers have pointed to: somebody begins anew. */
	void stay() {
		this.detour = List.of();
		this.sentAway.clear();
	}

}
