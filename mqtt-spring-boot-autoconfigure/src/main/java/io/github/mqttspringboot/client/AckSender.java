package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * Sends acknowledgements, those that depend on the journal once it is on the disk, in
 * their order. Used on the engine's thread only.
 */
final class AckSender {

	private final Scheduler scheduler;

	private final Deque<Held> held = new ArrayDeque<>();

	private long synced;

	private @Nullable Link link;

	AckSender(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	void linkUp(Link link) {
		this.link = link;
	}

	void linkDown() {
		this.link = null;
		this.held.clear();
	}

	/**
	 * Send an acknowledgement.
	 * @param type its type
	 * @param packetId the packet identifier
	 * @param code the reason code
	 * @param position what the journal must have on the disk before; without one, the
	 * acknowledgement waits for no other either
	 */
	void send(PacketType type, int packetId, int code, long position) {
		Link link = this.link;
		if (link == null) {
			return;
		}
		PublishAck ack = new PublishAck(type, packetId, code);
		if (position == SessionStore.SYNCED || (position <= this.synced && this.held.isEmpty())) {
			link.send(ack, this.scheduler.nanoTime());
		}
		else {
			this.held.add(new Held(ack, position));
		}
	}

	void synced(long position) {
		this.synced = position;
		Held first = this.held.peek();
		while (first != null && this.link != null && first.position <= position) {
			this.link.send(first.ack, this.scheduler.nanoTime());
			this.held.remove();
			first = this.held.peek();
		}
	}

	private record Held(PublishAck ack, long position) {

	}

}
