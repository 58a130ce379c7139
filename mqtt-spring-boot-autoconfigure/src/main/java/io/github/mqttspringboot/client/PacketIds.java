package io.github.mqttspringboot.client;

import java.util.BitSet;

/**
 * The packet identifiers of a session (MQTT 5 §2.2.1): one space for PUBLISH, SUBSCRIBE
 * and UNSUBSCRIBE. An identifier is not handed out again while it is in use.
 */
final class PacketIds {

	static final int MAX = 65_535;

	private final BitSet used = new BitSet(MAX + 1);

	private int last;

	/**
	 * Take a free identifier.
	 * @return 1 to 65,535, or 0 if all are in use
	 */
	int take() {
		int free = this.used.nextClearBit(this.last + 1);
		if (free > MAX) {
			free = this.used.nextClearBit(1);
			if (free > MAX) {
				return 0;
			}
		}
		this.used.set(free);
		this.last = free;
		return free;
	}

	/**
	 * Take an identifier that is in use in a session from before.
	 * @param id the identifier
	 */
	void reserve(int id) {
		this.used.set(id);
		this.last = id;
	}

	/**
	 * Take an identifier that has just come free.
	 * @param id the identifier
	 * @return whether it was free
	 */
	boolean claim(int id) {
		boolean free = !this.used.get(id);
		this.used.set(id);
		return free;
	}

	void release(int id) {
		this.used.clear(id);
	}

	int inUse() {
		return this.used.cardinality();
	}

}
