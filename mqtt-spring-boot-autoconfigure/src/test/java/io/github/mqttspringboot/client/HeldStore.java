package io.github.mqttspringboot.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.mqttspringboot.packet.Publish;

/**
 * A store that is synced when the test says so.
 */
final class HeldStore implements SessionStore {

	final List<String> notes = new ArrayList<>();

	private SessionStore.Listener listener;

	private long position;

	private long told;

	@Override
	public Recovered open(Listener listener) {
		if (this.listener != null) {
			return Recovered.NOTHING;
		}
		this.listener = listener;
		this.position = 1;
		this.told = 1;
		return new Recovered(List.of(), Set.of(), 1);
	}

	/** Everything noted so far is on the disk. */
	void sync() {
		this.told = this.position;
		this.listener.synced(this.position);
	}

	/** Of what was noted since the last sync, only the first is on the disk. */
	void syncFirst() {
		this.listener.synced(++this.told);
	}

	/** Nothing noted since the last sync is. */
	void fail() {
		this.listener.failed(this.told + 1, this.position, new IOException("No space left on device"));
		this.told = this.position;
	}

	private long note(String note) {
		this.notes.add(note);
		return ++this.position;
	}

	@Override
	public long published(Publish publish, long expiresAt) {
		return note("published " + publish.packetId());
	}

	@Override
	public long released(long key) {
		return note("released");
	}

	@Override
	public void ended(long key) {
		note("ended");
	}

	@Override
	public long received(int packetId) {
		return note("received " + packetId);
	}

	@Override
	public long completed(int packetId) {
		return note("completed " + packetId);
	}

	@Override
	public long newSession() {
		return note("new session");
	}

	@Override
	public void wipe() {
		note("wiped");
	}

	@Override
	public void close() {
	}

}
