package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.HeldSubscription.Hold;
import io.github.mqttspringboot.client.SubscriptionStatus.State;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.Subscribe.Subscription;
import io.github.mqttspringboot.packet.TopicTree;
import io.github.mqttspringboot.packet.Topics;

/**
 * The subscriptions that the client holds and wants restored, counted by holder. Used on
 * the engine's thread only.
 */
final class Subscriptions {

	private final Map<String, HeldSubscription> entries = new LinkedHashMap<>();

	private final TopicTree<HeldSubscription> handled = new TopicTree<>();

	private final SubscriptionIdentifiers identifiers = new SubscriptionIdentifiers();

	private final Map<SubscriptionHolder, Backlog> backlogs = new WeakHashMap<>();

	private final Copies copies = new Copies();

	/** What is not subscribed because it was found to end connections, and why. */
	private final Map<String, MqttFailure> barred = new HashMap<>();

	private boolean changed;

	private int generation;

	/**
	 * Hold a topic filter. What the same holder had of it before is replaced, as the
	 * server does [MQTT-3.8.4-3].
	 * @param hold what is wanted by whom
	 * @return the subscription, active if no SUBSCRIBE is needed
	 */
	HeldSubscription hold(Hold hold) {
		HeldSubscription entry = this.entries.get(hold.wanted().filter());
		boolean satisfied = entry != null && entry.satisfies(hold);
		if (entry == null || entry.leaving || (!satisfied && !entry.canBecome(hold))) {
			remove(entry);
			entry = new HeldSubscription(hold.wanted());
			this.entries.put(entry.filter(), entry);
			this.handled.add(entry.filter(), entry);
		}
		else if (!satisfied) {
			entry.ask(hold.wanted().qos());
		}
		entry.add(hold);
		this.changed = true;
		this.generation++;
		return entry;
	}

	/**
	 * Return why a topic filter cannot be held.
	 * @param hold what is wanted by whom
	 * @return the failure, {@code null} if nobody else has it with options that a
	 * subscription can have only one way
	 */
	@Nullable MqttFailure conflict(Hold hold) {
		HeldSubscription entry = this.entries.get(hold.wanted().filter());
		Hold other = (entry != null) ? entry.conflictWith(hold) : null;
		return (other != null) ? hold.conflictWith(other) : null;
	}

	/**
	 * Let a topic filter go that somebody else holds too.
	 * @param entry the subscription
	 * @param holder who lets it go, {@code null} for the application itself
	 */
	void release(HeldSubscription entry, @Nullable SubscriptionHolder holder) {
		entry.release(holder);
		this.changed = true;
		this.generation++;
	}

	@Nullable HeldSubscription get(String filter) {
		return this.entries.get(filter);
	}

	void remove(@Nullable HeldSubscription entry) {
		if (entry != null && this.entries.remove(entry.filter(), entry)) {
			this.handled.remove(entry.filter(), entry);
			this.changed = true;
			this.generation++;
		}
	}

	/**
	 * Hand over no more messages of a subscription that is to go.
	 * @param entry the entry, {@code null} if there is none
	 */
	void silence(@Nullable HeldSubscription entry) {
		if (entry != null) {
			this.handled.remove(entry.filter(), entry);
			this.generation++;
		}
	}

	/**
	 * Return what an UNSUBSCRIBE has not got rid of yet.
	 * @return the entries
	 */
	List<HeldSubscription> leaving() {
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
	 * Return the identifiers of holders.
	 * @return the identifiers
	 */
	SubscriptionIdentifiers identifiers() {
		return this.identifiers;
	}

	/**
	 * Find who receives a message: all that the application itself has subscribed, and
	 * each other holder once, through the oldest of its subscriptions that match. Where
	 * the server says which subscriptions it means, only those count; a holder that the
	 * message has reached by another of its own is left out.
	 * @param publish the message
	 * @return those with a handler, but for those of refused subscriptions
	 */
	Match match(Publish publish) {
		List<HeldSubscription> matching = this.handled.match(publish.topic())
			.stream()
			.filter((entry) -> entry.state() != State.REJECTED)
			.toList();
		List<HeldSubscription> meant = meant(matching, publish.properties().subscriptionIdentifiers());
		// What a SUBSCRIBE brings is for its filter, whatever another has brought
		boolean oneOfSeveral = meant.size() < matching.size() && !publish.retain();
		List<Recipient> recipients = new ArrayList<>();
		Set<SubscriptionHolder> served = new HashSet<>();
		boolean copy = false;
		for (HeldSubscription entry : meant) {
			for (Hold hold : entry.holds()) {
				SubscriptionHolder holder = hold.holder();
				if (hold.handler() == null || (holder != null && !served.add(holder))) {
					continue;
				}
				if (oneOfSeveral && holder != null && isFurtherCopy(publish, holder, matching, meant)) {
					copy = true;
					continue;
				}
				recipients
					.add(new Recipient(hold.handler(), holder, (holder != null) ? backlog(holder) : entry.backlog()));
			}
		}
		return new Match(recipients, copy);
	}

	private boolean isFurtherCopy(Publish publish, SubscriptionHolder holder, List<HeldSubscription> matching,
			List<HeldSubscription> meant) {
		Set<Integer> filters = identifiers(holder, matching);
		Set<Integer> carried = identifiers(holder, meant);
		return !carried.isEmpty() && carried.size() < filters.size()
				&& this.copies.isFurtherCopy(publish, holder, filters, carried);
	}

	private static Set<Integer> identifiers(SubscriptionHolder holder, List<HeldSubscription> entries) {
		Set<Integer> identifiers = new HashSet<>();
		for (HeldSubscription entry : entries) {
			// Copies for shared filters are spread over their groups: each may be the
			// only one
			if (entry.identifier() != 0 && entry.isHeldBy(holder) && !Topics.isShared(entry.filter())) {
				identifiers.add(entry.identifier());
			}
		}
		return identifiers;
	}

	private Backlog backlog(SubscriptionHolder holder) {
		return this.backlogs.computeIfAbsent(holder, (key) -> new Backlog(key.toString()));
	}

	private static List<HeldSubscription> meant(List<HeldSubscription> matching, List<Integer> identifiers) {
		Set<Integer> known = new HashSet<>();
		matching.forEach((entry) -> known.add(entry.identifier()));
		if (identifiers.isEmpty() || !known.containsAll(identifiers)) {
			// Perhaps of a subscription that this client did not make: all that match
			return matching;
		}
		return matching.stream()
			.filter((entry) -> entry.identifier() == 0 || identifiers.contains(entry.identifier()))
			.toList();
	}

	/**
	 * A topic filter was found to end connections.
	 * @param filter the topic filter
	 * @param failure why it is not to be subscribed
	 */
	void bar(String filter, MqttFailure failure) {
		this.barred.put(filter, failure);
	}

	/**
	 * Return why a topic filter is not to be subscribed.
	 * @param filter the topic filter
	 * @return the failure, {@code null} if it may be
	 */
	@Nullable MqttFailure barred(String filter) {
		return this.barred.get(filter);
	}

	/**
	 * Refuse a topic filter that is barred, unless it has been refused or others have it.
	 * @param filter the topic filter
	 * @return whether it has been refused now
	 */
	boolean refuseBarred(String filter) {
		HeldSubscription entry = this.entries.get(filter);
		MqttFailure failure = this.barred.get(filter);
		if (entry == null || failure == null || entry.state() != State.PENDING) {
			return false;
		}
		refused(entry, null, failure);
		return true;
	}

	void forgive(String filter) {
		this.barred.remove(filter);
	}

	/** Whatever was barred may be subscribed again. */
	void forgive() {
		for (String filter : this.barred.keySet()) {
			HeldSubscription entry = this.entries.get(filter);
			if (entry != null && entry.state() == State.REJECTED) {
				pending(entry);
			}
		}
		this.barred.clear();
	}

	/**
	 * Return whether a topic filter is to be subscribed, now or later.
	 * @param filter the topic filter
	 * @return {@code true} if it is held, and neither granted nor barred
	 */
	boolean isWanted(String filter) {
		HeldSubscription entry = this.entries.get(filter);
		return entry != null && !entry.leaving && entry.state() != State.ACTIVE && !this.barred.containsKey(filter);
	}

	/**
	 * Return whether a topic filter is still to be subscribed.
	 * @param filter the topic filter
	 * @return {@code false} if it is not wanted, or was refused on this connection
	 */
	boolean isPending(String filter) {
		HeldSubscription entry = this.entries.get(filter);
		return isWanted(filter) && entry != null && entry.state() == State.PENDING;
	}

	/** The connection has ended: nobody answers what was asked on it. */
	void linkDown() {
		this.entries.values().forEach((entry) -> entry.answered());
	}

	/** The session has ended: the server knows none of them. */
	void sessionLost() {
		leaving().forEach(this::remove);
		this.entries.values().forEach(HeldSubscription::sessionLost);
		this.copies.clear();
		this.barred.keySet().forEach(this::refuseBarred);
		this.changed = true;
	}

	void granted(HeldSubscription entry, Subscription asked, int grantedQos) {
		entry.granted(asked, grantedQos);
		this.changed = true;
	}

	void refused(HeldSubscription entry, @Nullable Hold hold, MqttFailure failure) {
		entry.refused(hold, failure);
		this.changed = true;
		this.generation++;
	}

	void pending(HeldSubscription entry) {
		entry.pending();
		this.changed = true;
	}

	/**
	 * Return what is to be subscribed on a connection.
	 * @return the entries not acknowledged in the current session, nor being removed
	 */
	List<HeldSubscription> toRestore() {
		return this.entries.values().stream().filter((entry) -> isWanted(entry.filter())).toList();
	}

	/**
	 * Return what the server refused for a reason that may pass on the same connection.
	 * @return the entries refused with 0x97, but for those being removed
	 */
	List<HeldSubscription> overQuota() {
		return this.entries.values().stream().filter(this::isOverQuota).toList();
	}

	private boolean isOverQuota(HeldSubscription entry) {
		MqttFailure failure = entry.failure();
		return failure != null && failure.reasonCode() == ReasonCode.QUOTA_EXCEEDED && isWanted(entry.filter());
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
		return this.entries.values().stream().map(HeldSubscription::status).toList();
	}

	/**
	 * Who receives a message.
	 *
	 * @param recipients the recipients
	 * @param copy whether it has reached a holder before, by another of its filters
	 */
	record Match(List<Recipient> recipients, boolean copy) {

	}

}
