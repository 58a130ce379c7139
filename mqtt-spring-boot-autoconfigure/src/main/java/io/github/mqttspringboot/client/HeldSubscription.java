package io.github.mqttspringboot.client;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.SubscriptionStatus.State;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.packet.Subscribe.Subscription;

/**
 * A topic filter that the client holds: one subscription at the server, however many want
 * it. Used on the engine's thread only.
 */
final class HeldSubscription {

	private static final int SEND_RETAINED = SubscribeRequest.RetainHandling.SEND.ordinal();

	/** By holder, {@code null} for the application itself. */
	private final Map<@Nullable SubscriptionHolder, Hold> holds = new LinkedHashMap<>();

	/** Of the application itself. */
	private final Backlog backlog;

	/** What is wanted of the server. */
	private Subscription subscription;

	/** What the server has granted in the current session. */
	private @Nullable Subscription granted;

	private int lastGrantedQos = -1;

	/** The subscription identifier that the server puts on its messages, 0 for none. */
	private int identifier;

	/** What a SUBSCRIBE asks for that is not acknowledged yet. */
	private @Nullable Subscription asked;

	/** Whether an UNSUBSCRIBE is under way, so that it is not restored. */
	boolean leaving;

	private State state = State.PENDING;

	private @Nullable MqttFailure failure;

	HeldSubscription(Subscription subscription) {
		this.subscription = subscription;
		this.backlog = new Backlog("the application's handler for " + Printable.escape(subscription.filter()));
	}

	Backlog backlog() {
		return this.backlog;
	}

	String filter() {
		return this.subscription.filter();
	}

	State state() {
		return this.state;
	}

	@Nullable MqttFailure failure() {
		return this.failure;
	}

	int grantedQos() {
		return (this.state == State.ACTIVE) ? this.lastGrantedQos : -1;
	}

	Collection<Hold> holds() {
		return this.holds.values();
	}

	boolean isHeldBy(SubscriptionHolder holder) {
		return this.holds.containsKey(holder);
	}

	/**
	 * Return whether it stays when a holder has let it go.
	 * @param holder the holder, {@code null} for the application itself
	 * @return {@code true} if somebody else wants it
	 */
	boolean isHeldWithout(@Nullable SubscriptionHolder holder) {
		return !this.leaving && this.holds.size() > (this.holds.containsKey(holder) ? 1 : 0);
	}

	/**
	 * Return who else has it with options that a subscription can have only one way.
	 * @param wanted what a holder wants
	 * @return the other holder, {@code null} if there is none
	 */
	@Nullable Hold conflictWith(Hold wanted) {
		if (this.leaving || hasOptionsOf(wanted.wanted())) {
			return null;
		}
		return this.holds.values().stream().filter((hold) -> hold.holder() != wanted.holder()).findFirst().orElse(null);
	}

	private boolean hasOptionsOf(Subscription wanted) {
		return this.subscription.noLocal() == wanted.noLocal()
				&& this.subscription.retainAsPublished() == wanted.retainAsPublished();
	}

	/**
	 * Return whether a holder has what it wants without a SUBSCRIBE.
	 * @param hold what it wants
	 * @return {@code true} if the server has granted it
	 */
	boolean satisfies(Hold hold) {
		Subscription wanted = hold.wanted();
		Hold before = this.holds.get(hold.holder());
		boolean enough = isHeldWithout(hold.holder()) ? wanted.qos() <= this.subscription.qos()
				: wanted.qos() == this.subscription.qos();
		boolean knowsRetained = wanted.retainHandling() != SEND_RETAINED
				|| (before != null && before.wanted().retainHandling() == SEND_RETAINED);
		return hold.holder() != null && !this.leaving && this.state == State.ACTIVE && enough && hasOptionsOf(wanted)
				&& knowsRetained;
	}

	/**
	 * Return whether it can be made into what a holder wants without taking anything from
	 * another.
	 * @param hold what it wants
	 * @return {@code false} if it is to be replaced, as nobody else holds it
	 */
	boolean canBecome(Hold hold) {
		return isHeldWithout(hold.holder()) || (hold.holder() != null && hasOptionsOf(hold.wanted())
				&& hold.wanted().qos() >= this.subscription.qos());
	}

	/**
	 * Return whether the answer to a SUBSCRIBE for others is one for a holder too.
	 * @param hold what it wants, not added yet
	 * @return {@code false} if it misses retained messages that may have come already
	 */
	boolean canShare(Hold hold) {
		Hold before = this.holds.get(hold.holder());
		return this.asked == null || hold.wanted().retainHandling() != SEND_RETAINED
				|| (before != null && before.wanted().equals(hold.wanted()));
	}

	void add(Hold hold) {
		this.holds.put(hold.holder(), hold);
	}

	void release(@Nullable SubscriptionHolder holder) {
		this.holds.remove(holder);
	}

	/**
	 * More is wanted of the server than it has granted.
	 * @param qos the QoS wanted
	 */
	void ask(int qos) {
		this.subscription = with(Math.max(qos, this.subscription.qos()), this.subscription.retainHandling());
		pending();
	}

	/**
	 * Return what a SUBSCRIBE says.
	 * @param hold for whom, {@code null} for all who hold it
	 * @return the filter with its options
	 */
	Subscription toSend(@Nullable Hold hold) {
		if (hold != null && this.granted != null) {
			return with(Math.max(hold.wanted().qos(), this.subscription.qos()), hold.wanted().retainHandling());
		}
		// None of them has seen the retained messages in this session
		int handling = this.holds.values()
			.stream()
			.mapToInt((each) -> each.wanted().retainHandling())
			.min()
			.orElse(this.subscription.retainHandling());
		return with(this.subscription.qos(), handling);
	}

	private Subscription with(int qos, int retainHandling) {
		return new Subscription(this.subscription.filter(), qos, this.subscription.noLocal(),
				this.subscription.retainAsPublished(), retainHandling);
	}

	int qos() {
		return this.subscription.qos();
	}

	void sent(Subscription asked, int identifier) {
		this.asked = asked;
		// Retained messages carry it before the SUBACK comes
		this.identifier = identifier;
	}

	int identifier() {
		return this.identifier;
	}

	/**
	 * Return whether a SUBSCRIBE is under way.
	 * @return {@code true} until its SUBACK
	 */
	boolean isAsked() {
		return this.asked != null;
	}

	/**
	 * Return whether the answer to a SUBSCRIBE that is under way is one for a holder too.
	 * @param hold what it wants
	 * @return {@code true} if no further SUBSCRIBE is needed
	 */
	boolean isAskedFor(Hold hold) {
		return this.asked != null && this.asked.qos() >= hold.wanted().qos();
	}

	/** Nothing is asked any more: the answer has come, or the connection has gone. */
	void answered() {
		this.asked = null;
	}

	void granted(Subscription asked, int grantedQos) {
		this.granted = asked;
		this.lastGrantedQos = grantedQos;
		if (asked.qos() >= this.subscription.qos()) {
			this.subscription = asked;
			set(State.ACTIVE, null);
		}
	}

	/**
	 * A SUBSCRIBE was refused. What others have been granted before stays.
	 * @param hold whose SUBSCRIBE it was, {@code null} if nobody's
	 * @param failure why
	 */
	void refused(@Nullable Hold hold, MqttFailure failure) {
		if (hold != null && this.granted != null && isHeldWithout(hold.holder())) {
			if (this.holds.get(hold.holder()) == hold) {
				release(hold.holder());
			}
			this.subscription = this.granted;
			set(State.ACTIVE, null);
			return;
		}
		set(State.REJECTED, failure);
	}

	void pending() {
		set(State.PENDING, null);
	}

	private void set(State state, @Nullable MqttFailure failure) {
		this.state = state;
		this.failure = failure;
	}

	/** The session has ended: the server does not know it. */
	void sessionLost() {
		this.granted = null;
		this.identifier = 0;
		this.asked = null;
		int qos = this.holds.values().stream().mapToInt((hold) -> hold.wanted().qos()).max().orElse(qos());
		this.subscription = with(qos, this.subscription.retainHandling());
		pending();
	}

	SubscriptionStatus status() {
		List<String> holders = this.holds.keySet()
			.stream()
			.map((holder) -> (holder != null) ? holder.name() : SubscriptionStatus.APPLICATION)
			.toList();
		return new SubscriptionStatus(filter(), qos(), this.state, grantedQos(), this.failure, holders);
	}

	/**
	 * What one holder wants.
	 *
	 * @param holder the holder, {@code null} for the application itself
	 * @param wanted the filter with its options
	 * @param handler receives the messages, {@code null} for none
	 */
	record Hold(@Nullable SubscriptionHolder holder, Subscription wanted, @Nullable MessageHandler handler) {

		String name() {
			return (this.holder != null) ? this.holder.toString() : "the application itself";
		}

		MqttFailure conflictWith(Hold other) {
			return MqttFailure.local(LocalError.SUBSCRIPTION_CONFLICT)
				.topic(this.wanted.filter())
				.detail(name() + " wants it with " + options() + ", but " + other.name() + " has it with "
						+ other.options() + ", and a server has a topic filter only once; nothing was sent")
				.build();
		}

		private String options() {
			return "No Local " + this.wanted.noLocal() + ", Retain As Published " + this.wanted.retainAsPublished();
		}

	}

}
