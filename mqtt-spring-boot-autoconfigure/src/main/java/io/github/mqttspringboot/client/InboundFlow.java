package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * The inbound half of the session: hands messages to the application in order, and
 * acknowledges each once it is processed, in the order of arrival [MQTT-4.6.0-2]
 * [MQTT-4.6.0-3]. A QoS 2 message is handed over once in a session (MQTT 5 §4.3.3). Used
 * on the engine's thread only.
 */
final class InboundFlow {

	private final EngineContext context;

	private final Subscriptions subscriptions;

	private final SerialLane lane;

	private final Executor engine;

	/** Of the current connection, in the order of arrival. */
	private final Deque<InboundMessage> unacknowledged = new ArrayDeque<>();

	/** QoS 2 messages not yet released, of the session. */
	private final Map<Integer, InboundMessage> exactlyOnce = new HashMap<>();

	/** Against the Receive Maximum of the current connection. */
	private int received;

	/** The subscriptions for which a message without handler was warned of. */
	private int warnedOf = -1;

	private final AckSender sender;

	/** Where the journal has the last PUBREL. */
	private long completedAt;

	private @Nullable Link link;

	InboundFlow(EngineContext context, Subscriptions subscriptions, Executor users, Executor engine) {
		this.context = context;
		this.subscriptions = subscriptions;
		this.lane = new SerialLane(users);
		this.engine = engine;
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
		// PUBACK and PUBREC belong to the connection that the PUBLISH came on, and
		// PUBCOMP
		// to that of the PUBREL
		this.unacknowledged.clear();
		this.exactlyOnce.values().forEach((message) -> message.released = false);
	}

	/** The session has ended: its packet identifiers mean nothing any more. */
	void forget() {
		this.exactlyOnce.clear();
	}

	/**
	 * The journal is on the disk.
	 * @param position up to which
	 */
	void synced(long position) {
		this.sender.synced(position);
	}

	boolean isIdle() {
		return this.exactlyOnce.isEmpty();
	}

	void publish(Publish publish, Link link) {
		if (publish.qos() == 0) {
			dispatch(publish, null);
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
			known = null;
		}
		if (known != null) {
			// Sent again on a new connection: handed over already, acknowledged here
			known.link = link;
			this.unacknowledged.add(known);
			acknowledge();
			return;
		}
		InboundMessage message = new InboundMessage(publish, link);
		this.unacknowledged.add(message);
		if (publish.qos() == 2) {
			this.exactlyOnce.put(publish.packetId(), message);
		}
		dispatch(publish, message);
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

	private void dispatch(Publish publish, @Nullable InboundMessage message) {
		List<MessageHandler> handlers = this.subscriptions
			.match(publish.topic(), publish.properties().subscriptionIdentifiers())
			.stream()
			.flatMap((hold) -> Stream.ofNullable(hold.handler()))
			.toList();
		if (handlers.isEmpty()) {
			unmatched(publish);
			if (message != null) {
				processed(message);
			}
			return;
		}
		ReceivedMessage received = new ReceivedMessage(publish.topic(), publish.payload(), publish.qos(),
				publish.retain(), publish.duplicate(), publish.properties());
		this.lane.execute(() -> new Delivery(received, message, handlers.size()).run(handlers));
	}

	private void unmatched(Publish publish) {
		this.context.statistics().unmatched();
		if (this.warnedOf != this.subscriptions.generation()) {
			this.warnedOf = this.subscriptions.generation();
			this.context.reporter()
				.warn("unmatched", "a message on topic " + Printable.escape(publish.topic())
						+ " has no handler; it is acknowledged and dropped. Further ones are only counted, until the"
						+ " subscriptions change");
		}
	}

	private void processed(InboundMessage message) {
		message.processed = true;
		if (message.released) {
			complete(message);
		}
		else if (this.exactlyOnce.get(message.packetId) == message) {
			message.position = this.context.store().received(message.packetId);
		}
		acknowledge();
	}

	private void acknowledge() {
		InboundMessage head = this.unacknowledged.peek();
		while (head != null && head.processed) {
			this.unacknowledged.remove();
			if (head.qos == 1) {
				this.received--;
			}
			this.sender.send((head.qos == 1) ? PacketType.PUBACK : PacketType.PUBREC, head.packetId, 0, head.position);
			head = this.unacknowledged.peek();
		}
	}

	private void failed(String topic, Throwable cause) {
		Throwable thrown = (cause instanceof CompletionException && cause.getCause() != null) ? cause.getCause()
				: cause;
		MqttFailure failure = MqttFailure.local(LocalError.LISTENER_FAILED)
			.topic(topic)
			// Not what it says, which may have the payload in it
			.detail("the message handler threw " + thrown.getClass().getName())
			.cause(cause)
			.build();
		Classification classification = this.context.reporter().classify(failure);
		this.context.reporter()
			.rejection(failure, classification, "connection kept, message acknowledged",
					(source, name) -> new MqttListenerFailedEvent(source, name, failure, classification, topic));
	}

	/**
	 * One message on its way through its handlers, on threads of the application.
	 */
	private final class Delivery {

		private final ReceivedMessage received;

		private final @Nullable InboundMessage message;

		private final AtomicInteger open;

		Delivery(ReceivedMessage received, @Nullable InboundMessage message, int handlers) {
			this.received = received;
			this.message = message;
			this.open = new AtomicInteger(handlers);
		}

		void run(List<MessageHandler> handlers) {
			handlers.forEach(this::handle);
		}

		private void handle(MessageHandler handler) {
			try {
				var stage = handler.handle(this.received);
				if (stage != null) {
					stage.whenComplete((result, cause) -> done(cause));
					return;
				}
				done(null);
			}
			catch (Throwable ex) {
				done(ex);
			}
		}

		private void done(@Nullable Throwable cause) {
			boolean last = this.open.decrementAndGet() == 0;
			if (cause != null || (last && this.message != null)) {
				InboundFlow.this.engine.execute(() -> {
					if (cause != null) {
						failed(this.received.topic(), cause);
					}
					if (last && this.message != null) {
						processed(this.message);
					}
				});
			}
		}

	}

}
