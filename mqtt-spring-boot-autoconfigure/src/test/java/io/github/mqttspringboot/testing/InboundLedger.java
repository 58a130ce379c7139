package io.github.mqttspringboot.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * The messages of QoS 1 and 2 that a server has sent on one link, by their packet
 * identifiers, and what the client has answered.
 */
public final class InboundLedger {

	/** Not PUBACK, PUBCOMP or PUBREC of 0x80 and above (MQTT 5 §4.9). */
	private final Set<Integer> outstanding = new HashSet<>();

	/** Neither PUBACK nor PUBREC, in the order of arrival. */
	private final Deque<Integer> unanswered = new ArrayDeque<>();

	private int published;

	private int completed;

	private int maximum;

	private int faults;

	private int disconnect = -1;

	void published(Publish publish) {
		if (publish.qos() == 0) {
			return;
		}
		this.published++;
		if (!this.outstanding.add(publish.packetId())) {
			this.faults++;
		}
		this.unanswered.add(publish.packetId());
		this.maximum = Math.max(this.maximum, this.outstanding.size());
	}

	void acknowledged(PublishAck ack) {
		if (ack.type() != PacketType.PUBCOMP) {
			Integer expected = this.unanswered.poll();
			if (expected == null || expected != ack.packetId()) {
				this.faults++;
			}
		}
		if (ack.type() != PacketType.PUBREC || ack.code() >= 0x80) {
			if (!this.outstanding.remove(ack.packetId())) {
				this.faults++;
			}
			this.completed++;
		}
	}

	void disconnected(int code) {
		this.disconnect = code;
	}

	Summary summary() {
		return new Summary(this.published, this.completed, this.outstanding.size(), this.maximum, this.faults,
				this.disconnect);
	}

	/**
	 * What is known of a link.
	 *
	 * @param published the messages of QoS 1 and 2 that the server has sent
	 * @param completed those that the client has answered for good
	 * @param outstanding those that count against the Receive Maximum
	 * @param maximum the most of those at one time
	 * @param faults answers out of order or to nothing, and identifiers that were given
	 * anew before they were free; of a resumed session PUBCOMPs for earlier links too
	 * @param disconnect the reason code of the client's DISCONNECT, -1 if there was none
	 */
	public record Summary(int published, int completed, int outstanding, int maximum, int faults, int disconnect) {

	}

}
