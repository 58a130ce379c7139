package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * The outbound half of the session: buffer, in-flight window and what is sent again (MQTT
 * 5 §4.3, §4.4, §4.9). Publishes leave in the order of the calls. Used on the engine's
 * thread only.
 */
final class OutboundFlow {

	private final EngineContext context;

	private final PublishOutcomes outcomes;

	/** Not sent yet, or to be sent anew. */
	private final WaitingPublishes waiting = new WaitingPublishes();

	/** Sent with QoS 1 or 2 and not acknowledged. */
	private final InFlightPublishes inFlight;

	private final OutboundAcks acks;

	private final PublishWriter writer;

	private final PublishDeadlines deadlines;

	private final OverduePublishes overdue;

	private final StrandedPublishes stranded;

	private final InheritedIds inherited = new InheritedIds();

	private final PoisonGuard guard;

	private @Nullable Link link;

	OutboundFlow(EngineContext context) {
		this.context = context;
		this.guard = context.guard();
		this.outcomes = new PublishOutcomes(context);
		this.inFlight = new InFlightPublishes(context, this.inherited);
		this.acks = new OutboundAcks(context, this.outcomes, this.inFlight);
		this.writer = new PublishWriter(context.scheduler(), context.statistics());
		this.deadlines = new PublishDeadlines(context.scheduler(), this::timeOut);
		this.stranded = new StrandedPublishes(context, this.outcomes, this.waiting, this.inFlight);
		this.overdue = new OverduePublishes(context, this.outcomes, this.inFlight);
	}

	PublishOutcomes outcomes() {
		return this.outcomes;
	}

	void submit(OutboundPublish publish) {
		if (this.link == null && this.stranded.isRefused(publish)) {
			return;
		}
		this.waiting.add(publish);
		this.deadlines.watch(publish);
		watchExpiry(publish);
		pump();
	}

	/** The journal knows what the server holds of the session. */
	void recovered() {
		this.inFlight.recovered();
	}

	/**
	 * Take in what was in flight when the JVM ended. Nobody waits for it any more: it has
	 * no deadline and is sent when it can be.
	 * @param recovered the publishes in their order
	 */
	void restore(Collection<Published> recovered) {
		List<OutboundPublish> lost = new ArrayList<>();
		for (Published published : recovered) {
			OutboundPublish publish = OutboundPublish.of(published, this.context.scheduler());
			if (published.lost()) {
				lost.add(publish);
			}
			else {
				this.inFlight.restore(publish);
			}
		}
		this.stranded.sessionLost(lost);
	}

	/**
	 * A connection has been accepted.
	 * @param link the connection
	 * @param sessionKept whether the server has kept the session
	 */
	void linkUp(Link link, boolean sessionKept) {
		this.link = link;
		if (!sessionKept) {
			this.stranded.sessionLost(this.inFlight.clear());
		}
		this.inFlight.linkUp(Math.min(link.connAck().receiveMaximum(), this.context.settings().publish().maxInFlight()),
				sessionKept);
		this.acks.linkUp(link);
		pump();
	}

	void linkDown() {
		Link ended = this.link;
		this.link = null;
		this.acks.linkDown();
		this.inFlight.linkDown();
		if (ended != null) {
			// What may have left must not leave again
			this.writer.written(ended.withdraw(), this::written);
			this.inFlight.unanswered(ended, this.guard::isRecent, this.guard::testify);
		}
		this.waiting.putBack(this.writer.linkDown());
		this.stranded.linkDown();
	}

	/**
	 * The client has stopped: nothing is going to be sent or acknowledged.
	 * @param detail why, for the failures
	 * @param cause the failure that stopped the client, {@code null} if it was told to
	 */
	void stopped(String detail, @Nullable MqttFailure cause) {
		this.stranded.stopped(detail, cause);
		this.deadlines.clear();
	}

	/** The session has ended for good: forget it. */
	void forget() {
		this.inFlight.clear();
	}

	boolean isIdle() {
		return this.inFlight.isEmpty();
	}

	/**
	 * Return whether every publish has its outcome.
	 * @return {@code true} if nobody waits for one
	 */
	boolean isQuiet() {
		return this.waiting.size() == 0 && this.writer.isQuiet()
				&& this.inFlight.all().stream().allMatch((publish) -> publish.settled);
	}

	int inFlight() {
		return this.inFlight.size();
	}

	int buffered() {
		return this.waiting.size();
	}

	void written(long total) {
		this.writer.written(total, this::written);
		pump();
	}

	private void written(OutboundPublish publish) {
		this.guard.writtenUnanswerable();
		this.outcomes.succeed(publish, PacketType.PUBLISH, 0, null);
	}

	/**
	 * Return whether a publish waits or is in flight.
	 * @param publish the publish
	 * @return {@code false} if it is over
	 */
	boolean holds(OutboundPublish publish) {
		return publish.waiting || this.inFlight.get(publish.packet.packetId()) == publish;
	}

	/**
	 * Give up a publish in flight that was found to end connections.
	 * @param publish the publish
	 * @param verdict why
	 */
	void quarantine(OutboundPublish publish, PoisonVerdict verdict) {
		if (this.inFlight.get(publish.packet.packetId()) == publish) {
			this.inFlight.giveUp(publish);
		}
		this.outcomes.quarantine(publish, verdict);
	}

	void packetIdsFreed() {
		pump();
	}

	void acknowledged(PublishAck ack) {
		if (this.inherited.answered(ack)) {
			cleared(ack.packetId());
		}
		else {
			this.acks.acknowledged(ack);
		}
		pump();
	}

	private void cleared(int packetId) {
		OutboundPublish publish = this.inFlight.get(packetId);
		if (publish != null && publish.uncleared && !this.inherited.isUnknown(packetId)) {
			this.inFlight.cleared(publish);
			this.writer.flush(this.link);
		}
	}

	/**
	 * The journal is on the disk.
	 * @param position up to which
	 */
	void synced(long position) {
		this.writer.synced(position, this.link);
		this.acks.synced(position);
		pump();
	}

	/**
	 * The journal could not be written.
	 * @param first the position of the first note that is not there
	 * @param last the position of the last
	 * @param cause why
	 * @return whether a publish has failed because of it
	 */
	boolean notStored(long first, long last, Throwable cause) {
		boolean failed = false;
		for (OutboundPublish publish : this.inFlight.all()) {
			if (publish.key >= first && publish.key <= last) {
				this.writer.withdraw(publish);
				this.inFlight.end(publish);
				if (!publish.settled) {
					this.outcomes.notStored(publish, cause);
					failed = true;
				}
			}
		}
		// What waited behind them need not wait any more
		this.writer.flush(this.link);
		pump();
		return failed;
	}

	/** Send what may be sent: first what is to be sent again, then what waits. */
	private void pump() {
		while (this.link != null && this.link.isOpen() && this.writer.hasRoom() && hasWork() && this.guard.admits()
				&& (sendAgain(this.link) || sendNext(this.link))) {
			// go on
		}
	}

	private boolean hasWork() {
		return this.inFlight.hasToResend() || this.waiting.size() > 0;
	}

	private boolean sendAgain(Link link) {
		OutboundPublish publish = this.inFlight.firstToResend();
		if (publish == null) {
			return false;
		}
		if (publish.released) {
			this.inFlight.resent(true);
			publish.carrier = link;
			this.acks.release(publish);
			this.guard.sent(publish);
			return true;
		}
		if (publish.uncleared && publish.settled) {
			this.inFlight.resent(false);
			this.inFlight.end(publish);
			return true;
		}
		if (!this.inFlight.hasPermit()) {
			return false;
		}
		MqttFailure failure = Preflight.check(publish.packet, publish.size, link,
				(publish.uncleared) ? Preflight.NOT_SENT : Preflight.SENT_BEFORE);
		if (failure != null) {
			this.inFlight.resent(false);
			this.guard.dropped(publish);
			if (publish.qos() == 1 || publish.uncleared) {
				this.inFlight.end(publish);
			}
			// Of QoS 2 the server may know the identifier, and would take another
			// message with it for this one: it stays taken with the session
			if (!publish.settled) {
				this.outcomes.refuse(publish, failure);
			}
			return true;
		}
		this.inFlight.resent(true);
		publish.packet = MessageExpiry.remaining(publish.packet.with(publish.packet.packetId(), !publish.uncleared),
				publish.expiry - this.context.scheduler().nanoTime());
		write(publish, link);
		return true;
	}

	private boolean sendNext(Link link) {
		OutboundPublish publish = this.waiting.first();
		if (publish == null || this.inFlight.hasToResend()) {
			return false;
		}
		if (publish.settled || publish.future.isDone()) {
			publish.settle();
			dropFirst(publish);
			return true;
		}
		long now = this.context.scheduler().nanoTime();
		if (publish.expires() && publish.expiry - now <= 0) {
			dropFirst(publish);
			this.overdue.expired(publish, this.link != null);
			return true;
		}
		MqttFailure failure = Preflight.check(publish.packet, publish.size, link,
				(publish.sent) ? Preflight.SENT_BEFORE : Preflight.NOT_SENT);
		if (failure != null) {
			dropFirst(publish);
			this.outcomes.refuse(publish, failure);
			return true;
		}
		if (publish.qos() == 0) {
			publish.packet = MessageExpiry.remaining(publish.packet, publish.expiry - now);
		}
		else if (!this.inFlight.add(publish)) {
			return false;
		}
		this.waiting.removeFirst();
		write(publish, link);
		return true;
	}

	private void write(OutboundPublish publish, Link link) {
		this.writer.write(publish, link);
		if (publish.uncleared) {
			this.inherited.clear(publish.packet.packetId(), link, this.context.scheduler().nanoTime());
		}
		this.guard.sent(publish);
	}

	private void dropFirst(OutboundPublish publish) {
		this.waiting.removeFirst();
		this.stranded.strike(publish);
	}

	private void timeOut(OutboundPublish publish) {
		if (publish.uncleared) {
			this.writer.withdraw(publish);
			this.inFlight.end(publish);
			if (this.link != null) {
				this.overdue.uncleared(publish);
			}
			else {
				this.overdue.unsent(publish, false);
			}
			this.writer.flush(this.link);
			pump();
		}
		else if (this.waiting.withdraw(publish)) {
			this.stranded.strike(publish);
			this.overdue.unsent(publish, this.link != null);
		}
		else {
			this.overdue.unanswered(publish);
		}
	}

	private void watchExpiry(OutboundPublish publish) {
		if (publish.expires() && publish.expiry - publish.deadline < 0) {
			long delay = publish.expiry - this.context.scheduler().nanoTime();
			publish.expiryTimer = this.context.scheduler().schedule(Duration.ofNanos(Math.max(0, delay)), () -> {
				if (!publish.settled && this.waiting.withdraw(publish)) {
					this.stranded.strike(publish);
					this.overdue.expired(publish, this.link != null);
				}
			});
		}
	}

}
