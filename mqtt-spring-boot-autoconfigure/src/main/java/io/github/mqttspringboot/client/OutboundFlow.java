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

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * The outbound half of the session: buffer, in-flight window, journal and QoS 2 state
 * (MQTT 5 §4.3, §4.4, §4.9). Publishes leave in the order of the calls. Used on the
 * engine's thread only.
 */
final class OutboundFlow {

	/** How much may wait in the writer of a connection before the flow holds back. */
	static final long MAX_UNWRITTEN_BYTES = 1024 * 1024;

	private static final int MAX_UNWRITTEN = 4096;

	private final EngineContext context;

	private final PublishOutcomes outcomes;

	/** Not sent yet. */
	private final WaitingPublishes waiting = new WaitingPublishes();

	/** Sent with QoS 1 or 2 and not acknowledged, in the order of sending. */
	private final Map<Integer, OutboundPublish> journal = new LinkedHashMap<>();

	/** Of the journal, what is still to be sent again on this connection. */
	private final Deque<OutboundPublish> resend = new ArrayDeque<>();

	/** Given to the writer and not yet known to be written. */
	private final Deque<OutboundPublish> unwritten = new ArrayDeque<>();

	private final PublishDeadlines deadlines;

	/** Unknown identifiers whose PUBREC was answered: a PUBCOMP is going to come. */
	private final Set<Integer> strays = new HashSet<>();

	private long unwrittenBytes;

	private int outstanding;

	private int window;

	private @Nullable Link link;

	OutboundFlow(EngineContext context) {
		this.context = context;
		this.outcomes = new PublishOutcomes(context);
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
				problem = "not connected, and 'mqtt.publish.when-disconnected' is 'fail'";
			}
			else if (this.waiting.size() >= settings.bufferSize()) {
				problem = "not connected, and the buffer of " + settings.bufferSize()
						+ " messages ('mqtt.publish.buffer-size') is full";
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
	 * A connection has been accepted.
	 * @param link the connection
	 * @param sessionKept whether the server has kept the session
	 */
	void linkUp(Link link, boolean sessionKept) {
		this.link = link;
		this.window = Math.min(link.connAck().receiveMaximum(), this.context.settings().publish().maxInFlight());
		this.outstanding = 0;
		this.resend.clear();
		if (sessionKept) {
			this.resend.addAll(this.journal.values());
		}
		else {
			sessionLost();
		}
		pump();
	}

	void linkDown() {
		this.link = null;
		this.strays.clear();
		this.outstanding = 0;
		this.resend.clear();
		List<OutboundPublish> unsent = new ArrayList<>();
		for (OutboundPublish publish : this.unwritten) {
			if (publish.qos() == 0 && !publish.settled) {
				unsent.add(publish);
			}
		}
		this.unwritten.clear();
		this.unwrittenBytes = 0;
		this.waiting.putBack(unsent);
		if (this.context.settings().publish().whenDisconnected() == WhenDisconnected.FAIL) {
			failWaiting("the connection was lost before it was sent, and 'mqtt.publish.when-disconnected' is 'fail'",
					null);
		}
	}

	/**
	 * The client has stopped: nothing is going to be sent or acknowledged.
	 * @param detail why, for the failures
	 * @param cause the failure that stopped the client, {@code null} if it was told to
	 */
	void stopped(String detail, @Nullable MqttFailure cause) {
		failWaiting(detail, cause);
		for (OutboundPublish publish : this.journal.values()) {
			if (!publish.settled) {
				this.outcomes.notConnected(publish, detail + "; it was sent and its outcome is unknown", cause);
			}
		}
		this.deadlines.clear();
	}

	/** The session has ended for good: forget it. */
	void forget() {
		this.journal.keySet().forEach(this.context.ids()::release);
		this.journal.clear();
		this.resend.clear();
	}

	boolean isIdle() {
		return this.journal.isEmpty();
	}

	/**
	 * Return whether every publish has its outcome.
	 * @return {@code true} if nobody waits for one
	 */
	boolean isQuiet() {
		return this.waiting.size() == 0 && this.unwritten.stream().allMatch((publish) -> publish.settled)
				&& this.journal.values().stream().allMatch((publish) -> publish.settled);
	}

	int inFlight() {
		return this.journal.size();
	}

	int buffered() {
		return this.waiting.size();
	}

	void written(long total) {
		while (!this.unwritten.isEmpty() && this.unwritten.peek().sequence <= total) {
			OutboundPublish publish = this.unwritten.remove();
			this.unwrittenBytes -= publish.size;
			if (publish.qos() == 0) {
				this.outcomes.succeed(publish, PacketType.PUBLISH, 0, null);
			}
		}
		pump();
	}

	void packetIdsFreed() {
		pump();
	}

	void acknowledged(PublishAck ack) {
		switch (ack.type()) {
			case PUBACK -> puback(ack);
			case PUBREC -> pubrec(ack);
			default -> pubcomp(ack);
		}
		pump();
	}

	private void puback(PublishAck ack) {
		OutboundPublish publish = this.journal.get(ack.packetId());
		if (publish == null || publish.qos() != 1 || !isCarried(publish)) {
			unsolicited(ack);
			return;
		}
		end(publish);
		settle(publish, ack);
	}

	private void pubrec(PublishAck ack) {
		OutboundPublish publish = this.journal.get(ack.packetId());
		if (publish == null || publish.qos() != 2 || !isCarried(publish)) {
			unsolicited(ack);
			if (ack.code() < 0x80) {
				this.strays.add(ack.packetId());
				release(ack.packetId(), ReasonCode.PACKET_IDENTIFIER_NOT_FOUND.value());
			}
			return;
		}
		if (publish.released) {
			release(ack.packetId(), 0);
			return;
		}
		if (ack.code() >= 0x80) {
			end(publish);
			settle(publish, ack);
			return;
		}
		Classification classification = this.outcomes.classify(publish, ack);
		if (classification.errorClass().endsConnection()) {
			end(publish);
			settle(publish, ack);
			return;
		}
		this.outcomes.report(publish, ack, classification);
		publish.released = true;
		publish.received = (ack.code() != 0) ? ack : null;
		release(ack.packetId(), 0);
	}

	private void pubcomp(PublishAck ack) {
		OutboundPublish publish = this.journal.get(ack.packetId());
		if (publish == null || !publish.released || !isCarried(publish)) {
			if (!this.strays.remove(ack.packetId())) {
				unsolicited(ack);
			}
			return;
		}
		end(publish);
		PublishAck received = publish.received;
		if (ack.code() == 0 && received != null) {
			this.outcomes.succeed(publish, PacketType.PUBREC, received.code(), received);
		}
		else {
			settle(publish, ack);
		}
	}

	private boolean isCarried(OutboundPublish publish) {
		return publish.carrier == this.link;
	}

	private void settle(OutboundPublish publish, PublishAck ack) {
		Classification classification = this.outcomes.classify(publish, ack);
		if (classification.errorClass() == ErrorClass.SUCCESS) {
			this.outcomes.succeed(publish, ack.type(), ack.code(), ack);
		}
		else if (classification.errorClass().endsConnection()) {
			MqttFailure failure = this.outcomes.reject(publish, ack, classification);
			this.context.control().endConnection(failure, classification);
		}
		else if (ack.code() < 0x80) {
			this.outcomes.report(publish, ack, classification);
			this.outcomes.succeed(publish, ack.type(), ack.code(), ack);
		}
		else {
			this.outcomes.reject(publish, ack, classification);
		}
	}

	private void end(OutboundPublish publish) {
		this.journal.remove(publish.packet.packetId());
		this.context.ids().release(publish.packet.packetId());
		this.outstanding--;
	}

	private void release(int packetId, int code) {
		if (this.link != null) {
			this.link.send(new PublishAck(PacketType.PUBREL, packetId, code), this.context.scheduler().nanoTime());
		}
	}

	private void unsolicited(PublishAck ack) {
		Anomalies.unsolicited(this.context.reporter(), ack.type(), ack.packetId(), ack.reasonString(),
				ack.userProperties());
	}

	/** Send what may be sent: first what is to be sent again, then what waits. */
	private void pump() {
		while (this.link != null && this.link.isOpen() && this.unwrittenBytes < MAX_UNWRITTEN_BYTES
				&& this.unwritten.size() < MAX_UNWRITTEN && (sendAgain(this.link) || sendNext(this.link))) {
			// go on
		}
	}

	private boolean sendAgain(Link link) {
		OutboundPublish publish = this.resend.peek();
		if (publish == null) {
			return false;
		}
		if (publish.released) {
			this.resend.remove();
			this.outstanding++;
			publish.carrier = link;
			release(publish.packet.packetId(), 0);
			return true;
		}
		if (this.outstanding >= this.window) {
			return false;
		}
		this.resend.remove();
		MqttFailure failure = Preflight.check(publish.packet, publish.size, link, Preflight.SENT_BEFORE);
		if (failure != null) {
			// The server may know the message: its identifier stays taken with the
			// session
			if (!publish.settled) {
				this.outcomes.refuse(publish, failure);
			}
			return true;
		}
		publish.packet = publish.packet.with(publish.packet.packetId(), true);
		this.outstanding++;
		write(publish, link);
		return true;
	}

	private boolean sendNext(Link link) {
		OutboundPublish publish = this.waiting.first();
		if (publish == null || !this.resend.isEmpty()) {
			return false;
		}
		if (publish.settled || publish.future.isDone()) {
			publish.settle();
			this.waiting.removeFirst();
			return true;
		}
		long now = this.context.scheduler().nanoTime();
		if (publish.expires() && publish.expiry - now <= 0) {
			this.waiting.removeFirst();
			expired(publish);
			return true;
		}
		MqttFailure failure = Preflight.check(publish.packet, publish.size, link, Preflight.NOT_SENT);
		if (failure != null) {
			this.waiting.removeFirst();
			this.outcomes.refuse(publish, failure);
			return true;
		}
		if (publish.qos() > 0) {
			int id = (this.outstanding < this.window) ? this.context.ids().take() : 0;
			if (id == 0) {
				return false;
			}
			publish.packet = publish.packet.with(id, false);
			this.journal.put(id, publish);
			this.outstanding++;
		}
		this.waiting.removeFirst();
		publish.packet = MessageExpiry.remaining(publish.packet, publish.expiry - now);
		write(publish, link);
		return true;
	}

	private void write(OutboundPublish publish, Link link) {
		publish.carrier = link;
		publish.sequence = link.send(publish.packet, this.context.scheduler().nanoTime());
		this.unwritten.add(publish);
		this.unwrittenBytes += publish.size;
	}

	private void sessionLost() {
		List<OutboundPublish> again = new ArrayList<>();
		for (OutboundPublish publish : this.journal.values()) {
			this.context.ids().release(publish.packet.packetId());
			if (publish.settled) {
				continue;
			}
			if (publish.qos() == 1 && this.context.settings().publish().onSessionLoss() == OnSessionLoss.RESEND) {
				publish.packet = publish.packet.with(0, false);
				again.add(publish);
			}
			else {
				this.outcomes.sessionLost(publish);
			}
		}
		this.journal.clear();
		this.waiting.putBack(again);
	}

	private void failWaiting(String detail, @Nullable MqttFailure cause) {
		for (OutboundPublish publish : this.waiting.drain()) {
			if (!publish.settled) {
				this.outcomes.notConnected(publish, detail, cause);
			}
		}
	}

	private void timeOut(OutboundPublish publish) {
		String within = "within " + this.context.settings().publish().timeout().toMillis()
				+ " ms ('mqtt.publish.timeout') ";
		if (!this.waiting.withdraw(publish)) {
			this.outcomes.timeOut(publish, LocalError.ACK_TIMEOUT, within + ((publish.qos() == 0)
					? "it could not be written" : "no acknowledgement came; its outcome is unknown"));
		}
		else if (this.link == null) {
			this.outcomes.timeOut(publish, LocalError.NOT_CONNECTED, within + "no connection came up; it was not sent");
		}
		else if (this.outstanding < this.window && this.context.ids().inUse() >= PacketIds.MAX) {
			this.outcomes.timeOut(publish, LocalError.PACKET_IDENTIFIERS_EXHAUSTED,
					within + "no packet identifier came free; it was not sent");
		}
		else {
			this.outcomes.timeOut(publish, LocalError.IN_FLIGHT_WINDOW_FULL, within + "the in-flight window of "
					+ this.window + " stayed full (" + this.outstanding + " in flight); it was not sent");
		}
	}

	private void watchExpiry(OutboundPublish publish) {
		if (publish.expires() && publish.expiry - publish.deadline < 0) {
			long delay = publish.expiry - this.context.scheduler().nanoTime();
			publish.expiryTimer = this.context.scheduler().schedule(Duration.ofNanos(Math.max(0, delay)), () -> {
				if (!publish.settled && this.waiting.withdraw(publish)) {
					expired(publish);
				}
			});
		}
	}

	private void expired(OutboundPublish publish) {
		this.outcomes.timeOut(publish,
				(this.link != null) ? LocalError.IN_FLIGHT_WINDOW_FULL : LocalError.NOT_CONNECTED,
				"its message expiry of " + publish.packet.properties().messageExpiryInterval()
						+ " s passed while it waited; it was not sent");
	}

}
