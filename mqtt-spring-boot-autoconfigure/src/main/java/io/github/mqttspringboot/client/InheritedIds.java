package io.github.mqttspringboot.client;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * The packet identifiers of a session that is older than what this client knows of it.
 * The server may hold a QoS 2 message of an earlier process under any of them, and would
 * take a new message for that one (MQTT 5 §4.3.3). PUBREL frees an identifier, whether
 * the server knows it or not. Used on the engine's thread only.
 */
final class InheritedIds {

	/** Free for QoS 2; {@code null} while all are, because the session is known. */
	private @Nullable BitSet cleared;

	/** Whose PUBREL on this connection has no answer yet, or none of use. */
	private final Set<Integer> asked = new HashSet<>();

	/** The server has resumed a session that this client knows nothing of. */
	void inherit() {
		this.cleared = new BitSet();
	}

	/** That session has ended. */
	void end() {
		this.cleared = null;
		this.asked.clear();
	}

	void linkDown() {
		this.asked.clear();
	}

	/**
	 * Return whether an identifier has to be cleared before a QoS 2 message has it.
	 * @param packetId the packet identifier
	 * @return {@code true} if the server may hold a message with it
	 */
	boolean isUnknown(int packetId) {
		return this.cleared != null && !this.cleared.get(packetId);
	}

	/**
	 * Clear an identifier.
	 * @param packetId the packet identifier
	 * @param link the connection
	 * @param now the monotonic time
	 */
	void clear(int packetId, Link link, long now) {
		if (this.asked.add(packetId)) {
			link.send(new PublishAck(PacketType.PUBREL, packetId, 0), now);
		}
	}

	/**
	 * Take an acknowledgement in, if it answers a PUBREL that clears an identifier.
	 * @param ack the acknowledgement
	 * @return whether it does
	 */
	boolean answered(PublishAck ack) {
		if (ack.type() != PacketType.PUBCOMP || !this.asked.contains(ack.packetId())) {
			return false;
		}
		boolean free = ack.code() == 0 || ack.code() == ReasonCode.PACKET_IDENTIFIER_NOT_FOUND.value();
		if (free && this.cleared != null) {
			this.asked.remove(ack.packetId());
			this.cleared.set(ack.packetId());
		}
		return true;
	}

}
