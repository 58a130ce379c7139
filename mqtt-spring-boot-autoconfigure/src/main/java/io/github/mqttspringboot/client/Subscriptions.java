package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.SubscriptionStatus.State;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.Subscribe.Subscription;
import io.github.mqttspringboot.packet.TopicTree;

/**
 * The subscriptions that the client holds and wants restored. Used on the engine's thread
 * only.
 */
final class Subscriptions {

	private final Map<String, Entry> entries = new LinkedHashMap<>();

	private final TopicTree<Entry> handled = new TopicTree<>();

	private boolean changed;

	private int generation;

	/**
	 * Hold a subscription. One with the same topic filter is replaced, as the server does
	 * [MQTT-3.8.4-3].
	 * @param subscription the filter with its options
	 * @param handler receives the messages, {@code null} for none
	 * @return the entry, pending
	 */
	Entry add(Subscription subscription, @Nullable MessageHandler handler) {
		remove(this.entries.get(subscription.filter()));
		Entry entry = new Entry(subscription, handler);
		this.entries.put(subscription.filter(), entry);
		if (handler != null) {
			this.handled.add(subscription.filter(), entry);
		}
		this.changed = true;
		this.generation++;
		return entry;
	}

	@Nullable Entry get(String filter) {
		return this.entries.get(filter);
	}

	void remove(@Nullable Entry entry) {
		if (entry != null && this.entries.remove(entry.subscription.filter(), entry)) {
			this.handled.remove(entry.subscription.filter(), entry);
			this.changed = true;
			this.generation++;
		}
	}

	/**
	 * Hand over no more messages of a subscription that is to go.
	 * @param entry the entry, {@code null} if there is none
	 */
	void silence(@Nullable Entry entry) {
		if (entry != null) {
			this.handled.remove(entry.subscription.filter(), entry);
			this.generation++;
		}
	}

	/**
	 * Return what an UNSUBSCRIBE has not got rid of yet.
	 * @return the entries
	 */
	List<Entry> leaving() {
		return this.entries.values().stream().filter((entry) -> entry.leaving).toList();
	}

	/**
	 * Return a number that changes with the set of filters and handlers.
	 * @return the number
	 */
	int generation() {
		return this.generation;
	}

	/**
	 * Find who receives a message.
	 * @param topic the topic name
	 * @return the handlers of the matching subscriptions, but for those refused
	 */
	List<MessageHandler> match(String topic) {
		List<Entry> entries = this.handled.match(topic);
		List<MessageHandler> handlers = new ArrayList<>(entries.size());
		for (Entry entry : entries) {
			if (entry.handler != null && entry.state != State.REJECTED) {
				handlers.add(entry.handler);
			}
		}
		return handlers;
	}

	/** The session has ended: the server knows none of them. */
	void sessionLost() {
		leaving().forEach(this::remove);
		this.entries.values().forEach((entry) -> pending(entry));
	}

	void active(Entry entry, int grantedQos) {
		set(entry, State.ACTIVE, grantedQos, null);
	}

	void rejected(Entry entry, MqttFailure failure) {
		set(entry, State.REJECTED, -1, failure);
	}

	void pending(Entry entry) {
		set(entry, State.PENDING, -1, null);
	}

	private void set(Entry entry, State state, int grantedQos, @Nullable MqttFailure failure) {
		entry.state = state;
		entry.grantedQos = grantedQos;
		entry.failure = failure;
		this.changed = true;
	}

	/**
	 * Return what is to be subscribed on a connection.
	 * @return the entries not acknowledged in the current session, nor being removed
	 */
	List<Entry> toRestore() {
		return this.entries.values().stream().filter((entry) -> entry.state != State.ACTIVE && !entry.leaving).toList();
	}

	/**
	 * Return what the server refused for a reason that may pass on the same connection.
	 * @return the entries refused with 0x97, but for those being removed
	 */
	List<Entry> overQuota() {
		return this.entries.values()
			.stream()
			.filter((entry) -> entry.failure != null && entry.failure.reasonCode() == ReasonCode.QUOTA_EXCEEDED
					&& !entry.leaving)
			.toList();
	}

	boolean isEmpty() {
		return this.entries.isEmpty();
	}

	/**
	 * Return a snapshot if something has changed since the last one.
	 * @return the snapshot, {@code null} if the last one holds
	 */
	@Nullable List<SubscriptionStatus> changes() {
		if (!this.changed) {
			return null;
		}
		this.changed = false;
		List<SubscriptionStatus> snapshot = new ArrayList<>(this.entries.size());
		for (Entry entry : this.entries.values()) {
			snapshot.add(new SubscriptionStatus(entry.subscription.filter(), entry.subscription.qos(), entry.state,
					entry.grantedQos, entry.failure));
		}
		return List.copyOf(snapshot);
	}

	/**
	 * One subscription.
	 */
	static final class Entry {

		final Subscription subscription;

		final @Nullable MessageHandler handler;

		/** Whether an UNSUBSCRIBE is under way, so that it is not restored. */
		boolean leaving;

		private State state = State.PENDING;

		private int grantedQos = -1;

		private @Nullable MqttFailure failure;

		Entry(Subscription subscription, @Nullable MessageHandler handler) {
			this.subscription = subscription;
			this.handler = handler;
		}

	}

}
