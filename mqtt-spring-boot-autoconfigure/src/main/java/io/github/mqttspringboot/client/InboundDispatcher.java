package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientStatistics.Direction;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.packet.Publish;

/**
 * Hands received messages to those who have subscribed, in order, and hears when their
 * handling ends. Messages of QoS 0 above what a recipient may have in hand are dropped.
 * Used on the engine's thread only.
 */
final class InboundDispatcher {

	private final EngineContext context;

	private final Subscriptions subscriptions;

	private final SerialLane lane;

	private final Executor engine;

	private final ListenerFailures failures;

	private final Consumer<InboundMessage> processed;

	/** The subscriptions for which a message without handler was warned of. */
	private int warnedOf = -1;

	/** Whose handlers are called. */
	private volatile @Nullable Delivery running;

	InboundDispatcher(EngineContext context, Subscriptions subscriptions, SerialLane users, Executor engine,
			ListenerFailures failures, Consumer<InboundMessage> processed) {
		this.context = context;
		this.subscriptions = subscriptions;
		this.lane = users;
		this.engine = engine;
		this.failures = failures;
		this.processed = processed;
	}

	/**
	 * Hand a message over.
	 * @param publish the message
	 * @param message what is to be acknowledged, {@code null} with QoS 0
	 */
	void dispatch(Publish publish, @Nullable InboundMessage message) {
		this.context.statistics().message(Direction.INBOUND, publish.qos());
		Subscriptions.Match match = this.subscriptions.match(publish);
		List<Recipient> recipients = match.recipients();
		if (recipients.isEmpty()) {
			if (!match.copy()) {
				unmatched(publish);
			}
			if (message != null) {
				this.processed.accept(message);
			}
			return;
		}
		if (message == null) {
			recipients = withRoom(recipients, publish);
			if (recipients.isEmpty()) {
				return;
			}
		}
		recipients.forEach(Recipient::expect);
		this.context.statistics().queued(recipients.size());
		ReceivedMessage received = new ReceivedMessage(publish.topic(), publish.payload(), publish.qos(),
				publish.retain(), publish.duplicate(), publish.properties());
		Delivery delivery = new Delivery(received, recipients,
				(recipient, last, cause) -> ended(received, message, recipient, last, cause));
		if (message != null) {
			message.delivery = delivery;
		}
		this.lane.execute(() -> {
			this.running = delivery;
			delivery.run();
			this.running = null;
		});
	}

	/**
	 * A message cannot be acknowledged any more.
	 * @param message the message
	 */
	void abandon(InboundMessage message) {
		Delivery delivery = message.delivery;
		if (delivery != null) {
			// In the lane: after its handlers were called
			this.lane.execute(delivery::abandon);
		}
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

	private List<Recipient> withRoom(List<Recipient> recipients, Publish publish) {
		int capacity = this.context.settings().listener().queueCapacity();
		List<Recipient> ready = new ArrayList<>(recipients.size());
		for (Recipient recipient : recipients) {
			if (recipient.backlog().count() < capacity) {
				ready.add(recipient);
				continue;
			}
			this.context.statistics().messageDropped();
			this.context.reporter()
				.warn("dropped " + recipient.backlog().name(),
						"a QoS 0 message on topic " + Printable.escape(publish.topic()) + " was dropped: "
								+ recipient.backlog().name() + " has " + capacity + " messages in hand ('"
								+ this.context.settings().property("listener.queue-capacity")
								+ "') and is too slow for more");
		}
		return ready;
	}

	private void ended(ReceivedMessage received, @Nullable InboundMessage message, Recipient recipient, boolean last,
			@Nullable Throwable cause) {
		recipient.backlog().remove();
		this.context.statistics().queued(-1);
		if (cause != null) {
			this.failures.report(received.topic(), cause);
		}
		if (last && message != null) {
			this.engine.execute(() -> this.processed.accept(message));
		}
	}

	/**
	 * Tell that a message holds back the acknowledgements of others.
	 * @param message the message
	 * @param behind how many came later
	 */
	void blocked(InboundMessage message, int behind) {
		Delivery delivery = message.delivery;
		if (delivery == null) {
			return; // nobody was asked to handle it
		}
		Delivery running = this.running;
		String who = names(delivery);
		if (who.isEmpty() && running != null) {
			// It has to wait for its turn: a call before it has not returned
			who = names(running);
		}
		this.context.reporter()
			.warn("blocked " + who, ((who.isEmpty()) ? "an earlier message" : who) + " holds back a message on topic "
					+ Printable.escape(delivery.message().topic()) + " for "
					+ this.context.settings().listener().blockedAfter().toSeconds()
					+ " s, and with it the acknowledgements of " + behind
					+ " messages that came later: they leave in the order of arrival. The server sends no more than "
					+ this.context.settings().receiveMaximum() + " ('"
					+ this.context.settings().property("receive-maximum")
					+ "') without acknowledgement; on a client of its own a slow handler holds up only itself");
	}

	private static String names(Delivery delivery) {
		return String.join(" and ",
				delivery.open().stream().map((recipient) -> recipient.backlog().name()).distinct().toList());
	}

}
