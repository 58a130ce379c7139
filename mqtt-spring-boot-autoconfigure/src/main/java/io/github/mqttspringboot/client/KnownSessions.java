package io.github.mqttspringboot.client;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * Which session each server was last seen to hold. Servers of one cluster share sessions;
 * servers that do not may still hold one that the client has replaced by a new one at
 * another server, and whose state it has forgotten. Used on the engine's thread only.
 */
final class KnownSessions {

	private final Map<URI, Integer> sessions = new HashMap<>();

	private int current;

	void connected(URI server, boolean sessionPresent) {
		if (!sessionPresent) {
			this.current++;
		}
		this.sessions.put(server, this.current);
	}

	/**
	 * Return whether the session that a server resumes is not the client's present one.
	 * @param server the server
	 * @return {@code true} if it was last seen with an older session
	 */
	boolean isStale(URI server) {
		Integer known = this.sessions.get(server);
		return known != null && known != this.current;
	}

}
