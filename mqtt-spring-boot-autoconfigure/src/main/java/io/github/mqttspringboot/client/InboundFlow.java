package io.github.mqttspringboot.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * The inbound half of the session: hands messages to the application in order, and
 * acknowledges each once it is processed, in the order of arrival [MQTT-4.6.0-2]
 * [MQTT-4.6.0-3]. A QoS 2 message is handed over once in a session (MQTT 5 §4.3.3), and
 * one of QoS 1 not again while it waits for its acknowledgement. Used on the engine's
 * thread only.
 */
final class InboundFlow {

	private final EngineContext context;

	private final InboundDispatcher dispatcher;

	private final ListenerFailures failures;

	private final UnacknowledgedMessages unacknowledged;

	/** QoS 2 messages not yet released, of the session. */
	private final Map<Integer, InboundMessage> exactlyOnce = new HashMap<>();

	private final EarlierMessages earlier;

	/** Against the Receive Maximum of the current connection. */
	private int received;

	private final AckSender sender;

	/** Where the journal has the last PUBREL. */
	private long completedAt;

	private long synced;

	private @Nullable Link link;

	InboundFlow(EngineContext context, Subscriptions subscriptions, SerialLane users, Executor engine) {
		this.context = context;
		this.failures = new ListenerFailures(context, engine);
		this.dispatcher = new InboundDispatcher(context, subscriptions, users, engine, this.failures, this::processed);
		this.earlier = new EarlierMessages(this.dispatcher::abandon);
		this.unacknowledged = new UnacknowledgedMessages(context.scheduler(),
				context.settings().listener().blockedAfter(), this::blocked);
		context.statistics().unacknowledgedAge(this.unacknowledged::age);
		this.sender = new AckSender(context.scheduler());
	}

	/**
	 * Take in what was processed and not released when the JVM ended.
	 * @param packetIds the packet identifiers
	 * @param position where the journal has them
	 */
	void restore(Set<Integer> packetIds, long position) {
		for (int packetId : packetIds) {
			InboundMessage message = new InboundMessage(packetId);
			message.position = position;
			this.exactlyOnce.put(packetId, message);
		}
	}

	void linkUp(Link link, boolean sessionKept) {
		this.link = link;
		this.sender.linkUp(link);
		this.received = 0;
		if (!sessionKept) {
			forget();
		}
	}

	void linkDown() {
		this.link = null;
		this.sender.linkDown();
		// PUBACK and PUBREC belong to the connection that the PUBLISH came on last, and
		// PUBCOMP to that of the PUBREL
		this.unacknowledged.forEach(this.earlier::add);
		this.unacknowledged.clear();
		this.exactlyOnce.values().forEach((message) -> message.released = false);
	}

	/** The session has ended: its packet identifiers mean nothing any more. */
	void forget() {
		this.exactlyOnce.values().forEach(this.dispatcher::abandon);
		this.exactlyOnce.clear();
		this.earlier.clear();
	}

	/**
	 * The journal is on the disk.
	 * @param position up to which
	 */
	void synced(long position) {
		this.synced = position;
		this.sender.synced(position);
	}

	/**
	 * Return whether the journal may have identifiers of messages that are not released.
	 * @return {@code true} if one that the server uses anew is taken for an old one after
	 * a crash
	 */
	boolean isRemembered() {
		return !this.exactlyOnce.isEmpty() || this.completedAt > this.synced;
	}

	boolean isIdle() {
		return this.exactlyOnce.isEmpty();
	}

	void publish(Publish publish, Link link) {
		if (publish.qos() == 0) {
			this.dispatcher.dispatch(publish, null);
			return;
		}
		InboundMessage known = (publish.qos() == 2) ? this.exactlyOnce.get(publish.packetId()) : null;
		if (known != null && known.link == link) {
			duplicate(known);
			return;
		}
		if (++this.received > this.context.settings().receiveMaximum()) {
			MqttFailure failure = MqttFailure.local(LocalError.INBOUND_RECEIVE_MAXIMUM_EXCEEDED)
				.topic(publish.topic())
				.detail("the server sent more than " + this.context.settings().receiveMaximum()
						+ " unacknowledged messages ('" + this.context.settings().property("receive-maximum") + "')")
				.build();
			this.context.control().endConnection(failure, this.context.reporter().classify(failure));
			return;
		}
		if (known != null && !known.isSameAs(publish)) {
			// To take it for the old one would lose it
			warnOfForgetfulServer(publish.packetId());
			this.exactlyOnce.remove(publish.packetId());
			this.dispatcher.abandon(known);
			known = null;
		}
		InboundMessage again = this.earlier.take(publish);
		known = (known != null) ? known : again;
		if (known != null) {
			// Sent again on a new connection: handed over already, acknowledged here
			known.link = link;
			this.unacknowledged.add(known);
			acknowledge();
			return;
		}
		InboundMessage message = new InboundMessage(publish, link, this.context.scheduler().nanoTime());
		this.unacknowledged.add(message);
		if (publish.qos() == 2) {
			this.exactlyOnce.put(publish.packetId(), message);
		}
		this.dispatcher.dispatch(publish, message);
	}

	private void warnOfForgetfulServer(int packetId) {
		this.context.reporter()
			.warn("identifier", "the server has kept the session, but gives packet identifier " + packetId
					+ ", which it has not released, to another message: it has forgotten part of the session, and may"
					+ " send messages of QoS 2 twice");
	}

	private void duplicate(InboundMessage message) {
		if (message.processed && !this.unacknowledged.contains(message)) {
			this.sender.send(PacketType.PUBREC, message.packetId, 0, message.position);
		}
	}

	void release(PublishAck pubrel) {
		if (pubrel.code() == 0) {
			answer(pubrel);
			return;
		}
		MqttFailure failure = MqttFailure.of(PacketType.PUBREL, pubrel.code())
			.detail("packet identifier " + pubrel.packetId())
			.reasonString(pubrel.reasonString())
			.userProperties(pubrel.userProperties())
			.build();
		Classification classification = Anomalies.report(this.context.reporter(), failure,
				"connection kept, PUBCOMP sent");
		answer(pubrel);
		if (classification.errorClass().endsConnection()) {
			this.context.control().endConnection(failure, classification);
		}
	}

	private void answer(PublishAck pubrel) {
		InboundMessage message = this.exactlyOnce.get(pubrel.packetId());
		if (message == null) {
			this.sender.send(PacketType.PUBCOMP, pubrel.packetId(),
					(pubrel.code() != 0) ? 0 : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND.value(), this.completedAt);
			return;
		}
		if (!message.processed) {
			message.released = true;
			return;
		}
		complete(message);
	}

	private void complete(InboundMessage message) {
		if (!this.exactlyOnce.remove(message.packetId, message)) {
			return; // of a session that has ended
		}
		this.unacknowledged.remove(message);
		if (message.link == this.link) {
			this.received--;
		}
		long position = SessionStore.SYNCED;
		if (message.position != SessionStore.SYNCED) {
			// The server uses the identifier again after the PUBCOMP
			position = this.context.store().completed(message.packetId);
			this.completedAt = position;
		}
		this.sender.send(PacketType.PUBCOMP, message.packetId, 0, position);
	}

	private void processed(InboundMessage message) {
		message.processed = true;
		message.delivery = null;
		if (message.released) {
			complete(message);
		}
		else if (this.exactlyOnce.get(message.packetId) == message) {
			message.position = this.context.store().received(message.packetId);
		}
		acknowledge();
	}

	private void acknowledge() {
		InboundMessage head = this.unacknowledged.pollProcessed();
		while (head != null) {
			if (head.qos == 1) {
				this.received--;
			}
			this.sender.send((head.qos == 1) ? PacketType.PUBACK : PacketType.PUBREC, head.packetId, 0, head.position);
			head = this.unacknowledged.pollProcessed();
		}
	}

	/**
	 * Return what reports the failures of handlers.
	 * @return usable on any thread
	 */
	ListenerFailures failures() {
		return this.failures;
	}

	private void blocked(InboundMessage message) {
		this.dispatcher.blocked(message, this.unacknowledged.size() - 1);
	}

}
