package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.packet.SubscribeAck;

/**
 * SUBSCRIBE and UNSUBSCRIBE: sends them, waits for their acknowledgements, restores
 * subscriptions on a new connection. Used on the engine's thread only.
 */
final class SubscribeFlow {

	/** How many filters a SUBSCRIBE that restores subscriptions carries at most. */
	private static final int BATCH = 200;

	private final EngineContext context;

	private final Subscriptions subscriptions;

	/** Wait for a connection or a packet identifier. */
	private final Deque<SubscribeOperation> waiting = new ArrayDeque<>();

	/** Sent on the current connection, by packet identifier. */
	private final Map<Integer, SubscribeOperation> inFlight = new HashMap<>();

	private long sent;

	private @Nullable Link link;

	/** Nothing is sent before the journal is on the disk up to here. */
	private long heldUntil;

	private long synced;

	/** Delays of filters refused with 0x97, on the current connection. */
	private Backoff quotaBackoff;

	private Scheduler.@Nullable Timer quotaTimer;

	SubscribeFlow(EngineContext context, Subscriptions subscriptions) {
		this.context = context;
		this.subscriptions = subscriptions;
		this.quotaBackoff = quotaBackoff(context);
	}

	private static Backoff quotaBackoff(EngineContext context) {
		return new Backoff(context.settings().reconnect(), new SplittableRandom());
	}

	void submit(SubscribeOperation operation) {
		if (!operation.prepare(this.link)) {
			return;
		}
		Duration timeout = this.context.settings().subscribe().timeout();
		operation.timer = this.context.scheduler().schedule(timeout, () -> timeOut(operation));
		this.waiting.add(operation);
		pump();
	}

	/**
	 * Wait for the journal: once subscribed, the server gives identifiers away that the
	 * journal has from the session before.
	 * @param position where the journal has the end of that session
	 */
	void hold(long position) {
		this.heldUntil = position;
	}

	/**
	 * The journal is on the disk.
	 * @param position up to which
	 */
	void synced(long position) {
		boolean held = this.heldUntil > this.synced;
		this.synced = position;
		if (held) {
			pump();
		}
	}

	void linkUp(Link link, boolean sessionKept) {
		this.link = link;
		MqttIncident last = this.context.reporter().lastIncident();
		if (last != null && last.failure().reasonCode() == ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED) {
			withoutIdentifiers("DISCONNECT 0xA1");
		}
		if (sessionKept) {
			List<HeldSubscription> leaving = new ArrayList<>(this.subscriptions.leaving());
			this.waiting.forEach((operation) -> operation.withoutOwn(leaving));
			if (!leaving.isEmpty()) {
				this.waiting.addFirst(new UnsubscribeCall(this.context, this.subscriptions, leaving));
			}
		}
		else {
			this.subscriptions.sessionLost();
		}
		this.quotaBackoff = quotaBackoff(this.context);
		List<HeldSubscription> restored = new ArrayList<>(this.subscriptions.toRestore());
		this.waiting.forEach((operation) -> operation.withoutOwn(restored));
		restoreAll(restored, link);
		pump();
	}

	private void restoreAll(List<HeldSubscription> restored, Link link) {
		// Before operations that wait, so that an UNSUBSCRIBE that came later has the
		// last word
		List<List<HeldSubscription>> packets = new ArrayList<>();
		List<HeldSubscription> left = restored;
		while (!left.isEmpty()) {
			List<HeldSubscription> packet = this.subscriptions.identifiers().together(left, BATCH, link);
			packets.add(packet);
			Set<HeldSubscription> done = new HashSet<>(packet);
			left = left.stream().filter((entry) -> !done.contains(entry)).toList();
		}
		for (int i = packets.size() - 1; i >= 0; i--) {
			restore(packets.get(i), link);
		}
	}

	private void restore(List<HeldSubscription> entries, Link link) {
		SubscribeOperation operation = SubscribeOperation.restore(this.context, this.subscriptions, entries);
		int half = entries.size() / 2;
		if (half > 0 && Preflight.checkSize(operation.packet(1), "", link) != null) {
			restore(entries.subList(half, entries.size()), link);
			restore(entries.subList(0, half), link);
			return;
		}
		this.waiting.addFirst(operation);
	}

	private void withoutIdentifiers(String why) {
		if (this.subscriptions.identifiers().isAvailable()) {
			this.subscriptions.identifiers().unavailable();
			this.context.reporter()
				.warn("identifiers", "the server takes no subscription identifiers (" + why
						+ "), though its CONNACK did"
						+ " not say so; from now on the client subscribes without, and a message that matches overlapping"
						+ " filters may reach a handler more than once");
		}
	}

	private void watchQuota() {
		if (this.link != null && this.quotaTimer == null && !this.subscriptions.overQuota().isEmpty()) {
			this.quotaTimer = this.context.scheduler()
				.schedule(this.quotaBackoff.next(ErrorClass.THROTTLED), this::tryQuota);
		}
	}

	private void tryQuota() {
		this.quotaTimer = null;
		if (this.link != null) {
			List<HeldSubscription> again = this.subscriptions.overQuota();
			again.forEach(this.subscriptions::pending);
			restoreAll(again, this.link);
			pump();
		}
	}

	void linkDown() {
		if (this.link != null) {
			unanswered(this.link);
		}
		this.link = null;
		this.subscriptions.linkDown();
		if (this.quotaTimer != null) {
			this.quotaTimer.cancel();
			this.quotaTimer = null;
		}
		List<SubscribeOperation> again = new ArrayList<>(this.inFlight.values());
		again.sort((left, right) -> Long.compare(left.order, right.order));
		this.inFlight.keySet().forEach(this.context.ids()::release);
		this.inFlight.clear();
		this.waiting.removeIf((operation) -> operation.isRestore() || operation.isSettled());
		for (int i = again.size() - 1; i >= 0; i--) {
			if (!again.get(i).isSettled() && !again.get(i).isRestore()) {
				this.waiting.addFirst(again.get(i));
			}
		}
	}

	private void unanswered(Link link) {
		long left = link.withdraw();
		PoisonGuard guard = this.context.guard();
		for (SubscribeOperation operation : this.inFlight.values()) {
			if (operation.sequence <= left) {
				boolean recent = operation.sequence > link.written() || guard.isRecent(operation.writtenAt);
				operation.suspects()
					.forEach((key) -> guard
						.testify(Unanswered.filter(key, operation.packetType(), operation.sequence, recent)));
			}
		}
	}

	/**
	 * Return whether a topic filter, or UNSUBSCRIBE, may still be sent.
	 * @param key what it is
	 * @return {@code false} if it is over
	 */
	boolean holds(Object key) {
		return (key instanceof String filter) ? this.subscriptions.isPending(filter)
				: !this.subscriptions.leaving().isEmpty()
						|| this.waiting.stream().anyMatch((operation) -> operation.suspects().contains(key));
	}

	/**
	 * Give up what was found to end connections.
	 * @param key the topic filter, or the UNSUBSCRIBE
	 * @param verdict why
	 */
	void quarantine(Object key, PoisonVerdict verdict) {
		String topic = (key instanceof Unanswered.Leaving leaving) ? leaving.filters().get(0) : key.toString();
		MqttFailure failure = verdict.failureFor(topic);
		Classification classification = this.context.reporter().classify(failure);
		boolean subscription = key instanceof String;
		if (subscription) {
			this.subscriptions.bar(topic, failure);
		}
		this.context.reporter()
			.quarantined(failure, classification,
					(subscription)
							? "subscription refused until the client is told"
									+ " to reconnect or to start, has new credentials, or the filter is unsubscribed"
							: "unsubscribe failed");
		for (SubscribeOperation operation : List.copyOf(this.waiting)) {
			if (!operation.isSettled() && operation.isRefusedWith(key, failure)) {
				this.waiting.remove(operation);
			}
		}
		if (!subscription) {
			this.subscriptions.leaving()
				.stream()
				.filter((entry) -> ((Unanswered.Leaving) key).filters().contains(entry.filter()))
				.forEach(this.subscriptions::remove);
		}
		else if (this.subscriptions.refuseBarred(topic)) {
			this.context.reporter()
				.event((source, name) -> new MqttSubscribeRejectedEvent(source, name, failure, classification, topic));
		}
	}

	/** Try again what was found to end connections, on the next one. */
	void forgive() {
		this.subscriptions.forgive();
	}

	/**
	 * The client has stopped.
	 * @param detail why, for the failures
	 * @param cause the failure that stopped the client, {@code null} if it was told to
	 */
	void stopped(String detail, @Nullable MqttFailure cause) {
		List<SubscribeOperation> failed = List.copyOf(this.waiting);
		this.waiting.clear();
		failed.forEach((operation) -> operation.notConnected(detail, cause));
	}

	void acknowledged(SubscribeAck ack) {
		SubscribeOperation operation = this.inFlight.get(ack.packetId());
		if (operation == null || operation.acknowledgedBy() != ack.type()) {
			Anomalies.unsolicited(this.context.reporter(), ack.type(), ack.packetId(), ack.reasonString(),
					ack.userProperties());
			return;
		}
		this.inFlight.remove(ack.packetId());
		this.context.guard().answered(operation);
		this.context.ids().release(ack.packetId());
		if (operation.isRefusedForItsIdentifier(ack)) {
			withoutIdentifiers("SUBACK 0xA1");
		}
		operation.acknowledged(ack);
		if (this.link != null && operation.hasMore()) {
			this.waiting.addFirst(operation);
		}
		if (ack.codes().contains(ReasonCode.QUOTA_EXCEEDED.value())) {
			watchQuota();
		}
		pump();
	}

	boolean isIdle() {
		return this.inFlight.isEmpty();
	}

	void packetIdsFreed() {
		if (!this.waiting.isEmpty()) {
			pump();
		}
	}

	private void pump() {
		if (this.heldUntil > this.synced) {
			return;
		}
		Iterator<SubscribeOperation> iterator = this.waiting.iterator();
		while (this.link != null && this.link.isOpen() && iterator.hasNext()) {
			SubscribeOperation operation = iterator.next();
			if (operation.isSettled() || !operation.prepare(this.link)) {
				iterator.remove();
				continue;
			}
			if (operation.waitsForAnother()) {
				continue;
			}
			if (!this.context.guard().admits()) {
				return;
			}
			int id = this.context.ids().take();
			if (id == 0) {
				return; // one comes free with the next acknowledgement
			}
			iterator.remove();
			this.inFlight.put(id, operation);
			operation.order = ++this.sent;
			operation.writtenAt = this.context.scheduler().nanoTime();
			operation.sequence = this.link.send(operation.packet(id), operation.writtenAt);
			operation.sent();
			this.context.guard().sent(operation);
		}
	}

	private void timeOut(SubscribeOperation operation) {
		boolean sent = this.inFlight.containsValue(operation) || operation.waitsForAnother();
		this.waiting.remove(operation);
		operation.timeOut(sent);
	}

}
