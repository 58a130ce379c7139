package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.error.LocalError;
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

	private @Nullable Link link;

	OutboundFlow(EngineContext context) {
		this.context = context;
		this.outcomes = new PublishOutcomes(context);
		this.inFlight = new InFlightPublishes(context);
		this.acks = new OutboundAcks(context, this.outcomes, this.inFlight);
		this.writer = new PublishWriter(context.scheduler(), context.statistics());
		this.deadlines = new PublishDeadlines(context.scheduler(), this::timeOut);
	}

	PublishOutcomes outcomes() {
		return this.outcomes;
	}

	void submit(OutboundPublish publish) {
		if (this.link == null) {
			ClientSettings.Publish settings = this.context.settings().publish();
			String problem = null;
			if (settings.whenDisconnected() == WhenDisconnected.FAIL) {
				problem = "not connected, and " + whenDisconnected();
			}
			else if (this.waiting.size() >= settings.bufferSize()) {
				problem = "not connected, and the buffer of " + settings.bufferSize() + " messages ("
						+ name("publish.buffer-size") + ") is full";
			}
			if (problem != null) {
				this.outcomes.notConnected(publish, problem, null);
				return;
			}
		}
		this.waiting.add(publish);
		this.deadlines.watch(publish);
		watchExpiry(publish);
		pump();
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
		sessionLost(lost);
	}

	/**
	 * A connection has been accepted.
	 * @param link the connection
	 * @param sessionKept whether the server has kept the session
	 */
	void linkUp(Link link, boolean sessionKept) {
		this.link = link;
		if (!sessionKept) {
			sessionLost(this.inFlight.clear());
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
			this.writer.written(ended.written(), this::written);
			// What may have left must not leave again
			this.writer.written(ended.withdraw(), this::cutOff);
		}
		this.waiting.putBack(this.writer.linkDown());
		if (this.context.settings().publish().whenDisconnected() == WhenDisconnected.FAIL) {
			failWaiting("the connection was lost while it waited, and " + whenDisconnected(), null);
		}
	}

	/**
	 * The client has stopped: nothing is going to be sent or acknowledged.
	 * @param detail why, for the failures
	 * @param cause the failure that stopped the client, {@code null} if it was told to
	 */
	void stopped(String detail, @Nullable MqttFailure cause) {
		failWaiting(detail, cause);
		for (OutboundPublish publish : this.inFlight.all()) {
			if (!publish.settled) {
				this.outcomes.notConnected(publish, detail + "; it was sent and its outcome is unknown", cause);
			}
		}
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
		this.outcomes.succeed(publish, PacketType.PUBLISH, 0, null);
	}

	private void cutOff(OutboundPublish publish) {
		if (!publish.settled) {
			this.outcomes.notConnected(publish, "the connection was lost while it was written; its outcome is unknown",
					null);
		}
	}

	void packetIdsFreed() {
		pump();
	}

	void acknowledged(PublishAck ack) {
		this.acks.acknowledged(ack);
		pump();
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
		while (this.link != null && this.link.isOpen() && this.writer.hasRoom()
				&& (sendAgain(this.link) || sendNext(this.link))) {
			// go on
		}
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
			return true;
		}
		if (!this.inFlight.hasPermit()) {
			return false;
		}
		MqttFailure failure = Preflight.check(publish.packet, publish.size, link, Preflight.SENT_BEFORE);
		if (failure != null) {
			this.inFlight.resent(false);
			if (publish.qos() == 1) {
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
		publish.packet = MessageExpiry.remaining(publish.packet.with(publish.packet.packetId(), true),
				publish.expiry - this.context.scheduler().nanoTime());
		this.writer.write(publish, link);
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
			expired(publish);
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
		this.writer.write(publish, link);
		return true;
	}

	private void dropFirst(OutboundPublish publish) {
		this.waiting.removeFirst();
		strike(publish);
	}

	/**
	 * Strike a publish off the journal, which has it from an earlier session.
	 * @param publish the publish
	 */
	private void strike(OutboundPublish publish) {
		if (publish.key != SessionStore.SYNCED) {
			this.context.store().ended(publish.key);
			publish.key = SessionStore.SYNCED;
		}
	}

	private void sessionLost(List<OutboundPublish> lost) {
		List<OutboundPublish> again = new ArrayList<>();
		for (OutboundPublish publish : lost) {
			if (!publish.settled && publish.qos() == 1
					&& this.context.settings().publish().onSessionLoss() == OnSessionLoss.RESEND) {
				publish.packet = publish.packet.with(0, false);
				again.add(publish);
				continue;
			}
			strike(publish);
			if (!publish.settled) {
				this.outcomes.sessionLost(publish);
			}
		}
		this.waiting.putBack(again);
	}

	private void failWaiting(String detail, @Nullable MqttFailure cause) {
		for (OutboundPublish publish : this.waiting.drain()) {
			strike(publish);
			if (!publish.settled) {
				this.outcomes.notConnected(publish, (publish.sent) ? detail + "; " + publish.fate() : detail, cause);
			}
		}
	}

	private String whenDisconnected() {
		return name("publish.when-disconnected") + " is 'fail'";
	}

	private String name(String property) {
		return "'" + this.context.settings().property(property) + "'";
	}

	private void timeOut(OutboundPublish publish) {
		String within = "within " + this.context.settings().publish().timeout().toMillis() + " ms ("
				+ name("publish.timeout") + ") ";
		if (!this.waiting.withdraw(publish)) {
			this.outcomes.timeOut(publish, LocalError.ACK_TIMEOUT, within + ((publish.qos() == 0)
					? "it could not be written" : "no acknowledgement came; its outcome is unknown"));
			return;
		}
		strike(publish);
		if (this.link == null) {
			this.outcomes.timeOut(publish, LocalError.NOT_CONNECTED,
					within + "no connection came up; " + publish.fate());
		}
		else if (this.inFlight.hasPermit() && this.context.ids().inUse() >= PacketIds.MAX) {
			this.outcomes.timeOut(publish, LocalError.PACKET_IDENTIFIERS_EXHAUSTED,
					within + "no packet identifier came free; " + publish.fate());
		}
		else {
			this.outcomes.timeOut(publish, LocalError.IN_FLIGHT_WINDOW_FULL,
					within + "the in-flight window of " + this.inFlight.window() + " stayed full ("
							+ this.inFlight.outstanding() + " in flight); " + publish.fate());
		}
	}

	private void watchExpiry(OutboundPublish publish) {
		if (publish.expires() && publish.expiry - publish.deadline < 0) {
			long delay = publish.expiry - this.context.scheduler().nanoTime();
			publish.expiryTimer = this.context.scheduler().schedule(Duration.ofNanos(Math.max(0, delay)), () -> {
				if (!publish.settled && this.waiting.withdraw(publish)) {
					strike(publish);
					expired(publish);
				}
			});
		}
	}

	private void expired(OutboundPublish publish) {
		this.outcomes.timeOut(publish,
				(this.link != null) ? LocalError.IN_FLIGHT_WINDOW_FULL : LocalError.NOT_CONNECTED,
				"its message expiry of " + publish.packet.properties().messageExpiryInterval()
						+ " s passed while it waited; " + publish.fate());
	}

}
