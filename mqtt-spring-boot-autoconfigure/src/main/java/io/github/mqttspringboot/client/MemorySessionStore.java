package io.github.mqttspringboot.client;

import io.github.mqttspringboot.packet.Publish;

/**
 * The store of a session that does not outlive the JVM: the engine's own state is all
 * there is.
 */
final class MemorySessionStore implements SessionStore {

	@Override
	public Recovered open(Listener listener) {
		return Recovered.NOTHING;
	}

	@Override
	public long published(Publish publish, long expiresAt) {
		return SYNCED;
	}

	@Override
	public long released(long key) {
		return SYNCED;
	}

	@Override
	public void ended(long key) {
	}

	@Override
	public long received(int packetId) {
		return SYNCED;
	}

	@Override
	public long completed(int packetId) {
		return SYNCED;
	}

	@Override
	public long newSession() {
		return SYNCED;
	}

	@Override
	public void wipe() {
	}

	@Override
	public void close() {
	}

}
