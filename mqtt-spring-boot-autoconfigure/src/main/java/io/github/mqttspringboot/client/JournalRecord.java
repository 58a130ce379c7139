package io.github.mqttspringboot.client;

import io.github.mqttspringboot.packet.Publish;

/**
 * One step in the life of a session, as the journal keeps it.
 */
sealed interface JournalRecord {

	/**
	 * A QoS 1 or 2 publish is going to be sent.
	 *
	 * @param key names the publish for as long as the journal knows it; greater than that
	 * of every earlier one. Packet identifiers are used again, keys are not
	 * @param packet the message with its packet identifier
	 * @param expiresAt when the message expires, milliseconds since the epoch, 0 for
	 * never
	 * @param released whether the server has the message (QoS 2), so that PUBREL is next
	 * @param lost whether it was in flight in an earlier session, which has ended
	 */
	record Published(long key, Publish packet, long expiresAt, boolean released,
			boolean lost) implements JournalRecord {

		Published withReleased() {
			return new Published(this.key, this.packet, this.expiresAt, true, this.lost);
		}

		Published withLost() {
			return new Published(this.key, this.packet, this.expiresAt, this.released, true);
		}

	}

	/**
	 * PUBREC has come for a publish.
	 *
	 * @param key the publish
	 */
	record Released(long key) implements JournalRecord {

	}

	/**
	 * A publish is over.
	 *
	 * @param key the publish
	 */
	record Ended(long key) implements JournalRecord {

	}

	/**
	 * An inbound QoS 2 message is processed: whatever comes with its packet identifier
	 * before its PUBREL is the same message.
	 *
	 * @param packetId the packet identifier
	 */
	record Received(int packetId) implements JournalRecord {

	}

	/**
	 * PUBREL has come for an inbound QoS 2 message: the packet identifier is free.
	 *
	 * @param packetId the packet identifier
	 */
	record Completed(int packetId) implements JournalRecord {

	}

	/**
	 * The server has begun a new session: everything before belongs to one that has
	 * ended.
	 */
	record NewSession() implements JournalRecord {

	}

	/** Nothing is to be remembered. Never written: it makes the file empty. */
	record Wiped() implements JournalRecord {

	}

}
