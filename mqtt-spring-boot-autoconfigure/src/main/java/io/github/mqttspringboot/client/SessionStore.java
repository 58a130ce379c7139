package io.github.mqttspringboot.client;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.packet.Publish;

/**
 * Where the journal of a session is kept. Everything is noted in the order of the calls,
 * without waiting; what depends on a note may leave when the note's position is synced.
 * Notes are made on the engine's thread only.
 */
interface SessionStore {

	/** The position of what needs no sync. */
	long SYNCED = 0;

	/**
	 * Return the store that the settings ask for. It is not open.
	 * @param settings the settings
	 * @return the store
	 */
	static SessionStore of(ClientSettings settings) {
		Path directory = settings.persistence().directory();
		return (settings.persistence().type() == PersistenceType.FILE && directory != null)
				? new FileSessionStore(directory, settings.clientId(),
						new ThreadScheduler("mqtt-" + settings.name() + "-journal"))
				: new MemorySessionStore();
	}

	/**
	 * Open the store, unless it is open. May block.
	 * @param listener hears what becomes of the notes, on any thread
	 * @return what it held; nothing if it was open
	 * @throws SessionStoreException if that is not possible; it may be tried again
	 */
	Recovered open(Listener listener) throws SessionStoreException;

	/**
	 * A QoS 1 or 2 publish is going to be sent.
	 * @param publish the message with its packet identifier
	 * @param expiresAt when it expires, milliseconds since the epoch, 0 for never
	 * @return the position, which names the publish from now on
	 */
	long published(Publish publish, long expiresAt);

	/**
	 * PUBREC has come.
	 * @param key the publish
	 * @return the position
	 */
	long released(long key);

	/**
	 * A publish is over.
	 * @param key the publish
	 */
	void ended(long key);

	/**
	 * An inbound QoS 2 message is processed.
	 * @param packetId its packet identifier
	 * @return the position
	 */
	long received(int packetId);

	/**
	 * PUBREL has come for an inbound QoS 2 message that was noted.
	 * @param packetId its packet identifier
	 * @return the position
	 */
	long completed(int packetId);

	/**
	 * What was noted so far belongs to a session that the server has lost.
	 * @return the position
	 */
	long newSession();

	/** The session has ended for good: nothing is to be remembered. */
	void wipe();

	/** Write what is still to be written, and let go of the files. May block. */
	void close();

	/**
	 * What a store held.
	 *
	 * @param outbound publishes that are not over, in the order of their sending
	 * @param inbound packet identifiers of inbound QoS 2 messages that are processed
	 * @param position the position of all that
	 */
	record Recovered(Collection<Published> outbound, Set<Integer> inbound, long position) {

		static final Recovered NOTHING = new Recovered(List.of(), Set.of(), SYNCED);

		public Recovered {
			outbound = List.copyOf(outbound);
			inbound = Set.copyOf(inbound);
		}

		boolean isEmpty() {
			return this.outbound.isEmpty() && this.inbound.isEmpty();
		}

	}

	/**
	 * Hears what becomes of the notes.
	 */
	interface Listener {

		/**
		 * Notes are on the disk.
		 * @param position up to which they are, but for publishes that have failed
		 */
		void synced(long position);

		/**
		 * Notes could not be written. Publishes among them are not going to be; all else
		 * is tried again.
		 * @param first the position of the first
		 * @param last the position of the last
		 * @param cause why, in words
		 */
		void failed(long first, long last, Throwable cause);

		/**
		 * What was kept did not end well, and was read up to there.
		 * @param problem what was found and done, in words
		 * @param lost whether something that was needed is lost
		 */
		void repaired(String problem, boolean lost);

	}

}
