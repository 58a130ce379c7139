package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

import org.jspecify.annotations.Nullable;

/**
 * The QoS 1 and 2 publishes that have a packet identifier, and the permits of the
 * connection (MQTT 5 §4.9). Notes in the journal what becomes of them. Used on the
 * engine's thread only.
 */
final class InFlightPublishes {

	private final PacketIds ids;

	private final SessionStore store;

	private final Scheduler scheduler;

	private final InheritedIds inherited;

	private final PoisonGuard guard;

	/** Whether the client knows what the server holds of the session. */
	private boolean known;

	/** In the order of sending, by packet identifier. */
	private final Map<Integer, OutboundPublish> publishes = new LinkedHashMap<>();

	/** Of these, what is still to be sent again on this connection. */
	private final Deque<OutboundPublish> resend = new ArrayDeque<>();

	/** Identifiers that the server may hold a message under that was given up. */
	private final Set<Integer> retired = new HashSet<>();

	/** How many of them hold a permit of this connection. */
	private int outstanding;

	/** Tells the permits of this connection from those of earlier ones. */
	private int generation;

	private int window;

	InFlightPublishes(EngineContext context, InheritedIds inherited) {
		this.inherited = inherited;
		this.guard = context.guard();
		this.ids = context.ids();
		this.store = context.store();
		this.scheduler = context.scheduler();
	}

	void linkUp(int window, boolean sessionKept) {
		linkDown();
		this.window = window;
		if (sessionKept) {
			this.resend.addAll(this.publishes.values());
			if (!this.known) {
				this.inherited.inherit();
			}
		}
		this.known = true;
	}

	void linkDown() {
		this.generation++;
		this.outstanding = 0;
		this.resend.clear();
		this.inherited.linkDown();
	}

	/** The journal knows what the server holds of the session. */
	void recovered() {
		this.known = true;
	}

	/**
	 * Take a permit and a packet identifier for a publish that is sent for the first
	 * time.
	 * @param publish the publish
	 * @return whether there were both
	 */
	boolean add(OutboundPublish publish) {
		int id = (hasPermit()) ? this.ids.take() : 0;
		if (id == 0) {
			return false;
		}
		publish.packet = publish.packet.with(id, false);
		publish.uncleared = publish.qos() == 2 && this.inherited.isUnknown(id);
		if (!publish.uncleared) {
			note(publish);
		}
		this.publishes.put(id, publish);
		takePermit(publish);
		return true;
	}

	private void note(OutboundPublish publish) {
		long before = publish.key;
		publish.packet = MessageExpiry.remaining(publish.packet, publish.expiry - this.scheduler.nanoTime());
		publish.key = this.store.published(publish.packet, expiresAt(publish));
		strike(before);
	}

	private void strike(long key) {
		if (key != SessionStore.SYNCED) {
			this.store.ended(key);
		}
	}

	/**
	 * The identifier of a publish is free: from now on the publish is the session's. Not
	 * before, because after a crash it is sent again without asking.
	 * @param publish the publish
	 */
	void cleared(OutboundPublish publish) {
		publish.uncleared = false;
		note(publish);
	}

	/**
	 * Take in a publish of a session from before.
	 * @param publish the publish
	 */
	void restore(OutboundPublish publish) {
		this.ids.reserve(publish.packet.packetId());
		this.publishes.put(publish.packet.packetId(), publish);
	}

	private long expiresAt(OutboundPublish publish) {
		return (publish.expires())
				? this.scheduler.now().plus(Duration.ofNanos(publish.expiry - this.scheduler.nanoTime())).toEpochMilli()
				: 0;
	}

	@Nullable OutboundPublish get(int packetId) {
		return this.publishes.get(packetId);
	}

	List<OutboundPublish> all() {
		return new ArrayList<>(this.publishes.values());
	}

	/**
	 * A publish is over: its permit and its identifier are free.
	 * @param publish the publish
	 */
	void end(OutboundPublish publish) {
		this.guard.dropped(publish);
		this.publishes.remove(publish.packet.packetId());
		this.ids.release(publish.packet.packetId());
		strike(publish.key);
		if (publish.permit == this.generation) {
			this.outstanding--;
		}
		else {
			this.resend.remove(publish);
		}
	}

	/**
	 * A publish is given up without an answer. If its QoS is 2 the server may hold its
	 * identifier, and would take another message with it for this one: it stays taken as
	 * long as the session.
	 * @param publish the publish
	 */
	void giveUp(OutboundPublish publish) {
		end(publish);
		if (publish.qos() == 2 && this.ids.claim(publish.packet.packetId())) {
			this.retired.add(publish.packet.packetId());
		}
	}

	/**
	 * Tell what had left on a connection that has ended, and was not answered.
	 * @param link the connection
	 * @param recent whether a time is within the suspect window
	 * @param witness told each
	 */
	void unanswered(Link link, LongPredicate recent, Consumer<Unanswered> witness) {
		long left = link.withdraw();
		for (OutboundPublish publish : this.publishes.values()) {
			if (publish.carrier == link && (publish.released || publish.sequence <= left)) {
				boolean unwritten = !publish.released && publish.sequence > link.written();
				witness.accept(Unanswered.publish(publish, unwritten || recent.test(publish.writtenAt)));
			}
		}
	}

	void released(OutboundPublish publish) {
		publish.released = true;
		publish.releasedAt = this.store.released(publish.key);
	}

	@Nullable OutboundPublish firstToResend() {
		return this.resend.peek();
	}

	boolean hasToResend() {
		return !this.resend.isEmpty();
	}

	/**
	 * The first to be sent again is dealt with.
	 * @param permit whether it is sent, for which it takes a permit
	 */
	void resent(boolean permit) {
		OutboundPublish publish = this.resend.remove();
		if (permit) {
			takePermit(publish);
		}
	}

	private void takePermit(OutboundPublish publish) {
		publish.permit = this.generation;
		this.outstanding++;
	}

	/**
	 * The session has ended: all identifiers and permits are free.
	 * @return what was in flight, in its order
	 */
	List<OutboundPublish> clear() {
		List<OutboundPublish> all = all();
		this.publishes.keySet().forEach(this.ids::release);
		this.publishes.clear();
		this.retired.forEach(this.ids::release);
		this.retired.clear();
		this.inherited.end();
		this.known = false;
		linkDown();
		return all;
	}

	boolean hasPermit() {
		return this.outstanding < this.window;
	}

	int outstanding() {
		return this.outstanding;
	}

	int window() {
		return this.window;
	}

	int size() {
		return this.publishes.size();
	}

	boolean isEmpty() {
		return this.publishes.isEmpty();
	}

}
