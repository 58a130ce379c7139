package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.HeldSubscription.Hold;
import io.github.mqttspringboot.client.SubscriptionStatus.State;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttSubscriptionDowngradedEvent;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Subscribe.Subscription;
import io.github.mqttspringboot.packet.SubscribeAck;

/**
 * A subscribe of a caller, or of the client itself to restore subscriptions: one
 * SUBSCRIBE, or several, one after the other, if filters overlap.
 */
final class SubscribeCall extends SubscribeOperation {

	private static final String OPERATION = "subscribe";

	private final List<SubscribeItem> items = new ArrayList<>();

	private final @Nullable CompletableFuture<SubscribeResult> future;

	/** What the next packet carries, or the one that is not acknowledged. */
	private final SubscribePart part;

	private @Nullable MqttFailure surplus;

	private boolean registered;

	SubscribeCall(EngineContext context, Subscriptions subscriptions, SubscribeRequest[] requests,
			CompletableFuture<SubscribeResult> future) {
		super(context, subscriptions);
		this.part = new SubscribePart(subscriptions.identifiers());
		this.future = future;
		for (SubscribeRequest request : requests) {
			int qos = (request.qos() != null) ? request.qos() : context.settings().subscribe().qos();
			Subscription wanted = new Subscription(request.filter(), qos, request.noLocal(),
					request.retainAsPublished(), request.retainHandling().ordinal());
			this.items.add(new SubscribeItem(wanted, new Hold(request.holder(), wanted, request.handler())));
		}
	}

	/**
	 * Restore what there is.
	 * @param context the engine's parts
	 * @param subscriptions the registry
	 * @param entries the entries
	 */
	SubscribeCall(EngineContext context, Subscriptions subscriptions, List<HeldSubscription> entries) {
		super(context, subscriptions);
		this.part = new SubscribePart(subscriptions.identifiers());
		this.future = null;
		this.registered = true;
		for (HeldSubscription entry : entries) {
			SubscribeItem item = new SubscribeItem(entry.toSend(null), null);
			item.entry = entry;
			this.items.add(item);
		}
	}

	@Override
	boolean prepare(@Nullable Link link) {
		if (!this.registered) {
			this.registered = true;
			register();
		}
		refuseBarred();
		if (link != null) {
			answerFromRegistry();
			checkLimits(link);
		}
		if (open().isEmpty()) {
			finish();
			return false;
		}
		return true;
	}

	private void register() {
		if (this.items.isEmpty()) {
			MqttFailure failure = MqttFailure.local(LocalError.EMPTY_SUBSCRIPTION)
				.detail("a SUBSCRIBE needs at least one topic filter [MQTT-3.8.3-2]; nothing was sent")
				.build();
			fail(failure, reject(failure, ""));
			return;
		}
		for (SubscribeItem item : this.items) {
			MqttFailure failure = Preflight.checkFilter(item.filter(), item.subscription.noLocal());
			if (failure == null && item.hold != null) {
				failure = this.subscriptions.conflict(item.hold);
			}
			if (failure != null) {
				refuse(item, failure, -1);
			}
			else if (item.hold != null) {
				hold(item, item.hold);
			}
		}
	}

	private void hold(SubscribeItem item, Hold hold) {
		HeldSubscription before = this.subscriptions.get(item.filter());
		item.shares = hold.holder() != null && (before == null || before.canShare(hold));
		item.entry = this.subscriptions.hold(hold);
	}

	private void refuseBarred() {
		for (SubscribeItem item : open()) {
			MqttFailure failure = this.subscriptions.barred(item.filter());
			if (failure != null) {
				refuse(item, failure, -1);
			}
		}
	}

	private void answerFromRegistry() {
		for (SubscribeItem item : open()) {
			HeldSubscription entry = item.entry;
			if (entry == null || !item.shares || item.hold == null) {
				continue;
			}
			MqttFailure failure = entry.failure();
			if (entry.state() == State.ACTIVE && entry.qos() >= item.subscription.qos()) {
				item.grant(entry.grantedQos());
			}
			else if (item.waits && !entry.isAsked() && failure != null) {
				// Reported by the operation that asked
				item.refuse(failure, failure.code(), classify(failure));
			}
		}
	}

	@Override
	boolean waitsForAnother() {
		List<SubscribeItem> open = open();
		boolean waits = !open.isEmpty() && open.stream().allMatch(SubscribeItem::isAskedByAnother);
		open.forEach((item) -> item.waits = waits);
		return waits;
	}

	private void checkLimits(Link link) {
		for (SubscribeItem item : open()) {
			MqttFailure failure = Preflight.check(item.subscription, link);
			if (failure != null) {
				refuse(item, failure, -1);
			}
		}
		PoisonGuard guard = this.context.guard();
		for (this.part.choose(open(), link, guard); !this.part.isEmpty(); this.part.choose(open(), link, guard)) {
			List<SubscribeItem> carried = this.part.items();
			MqttFailure failure = Preflight.checkSize(packet(1), carried.get(0).filter(), link);
			if (failure == null) {
				return;
			}
			carried.forEach((item) -> refuse(item, failure.mutate().topic(item.filter()).build(), -1));
		}
	}

	@Override
	MqttPacket packet(int packetId) {
		return this.part.packet(packetId, (this.part.isEmpty()) ? open() : this.part.items());
	}

	@Override
	void sent() {
		this.part.sent();
	}

	@Override
	CompletableFuture<?> future() {
		return (this.future != null) ? this.future : new CompletableFuture<>();
	}

	@Override
	PacketType acknowledgedBy() {
		return PacketType.SUBACK;
	}

	@Override
	List<?> suspects() {
		return this.part.items().stream().map(SubscribeItem::filter).toList();
	}

	@Override
	boolean isRefusedWith(Object key, MqttFailure failure) {
		return !prepare(null);
	}

	@Override
	boolean isGivenUp(MqttFailure failure) {
		return failure.topic() != null && this.subscriptions.barred(failure.topic()) == failure;
	}

	@Override
	boolean isRefusedForItsIdentifier(SubscribeAck ack) {
		return this.part.hasIdentifier()
				&& ack.codes().contains(ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED.value());
	}

	@Override
	void acknowledged(SubscribeAck ack) {
		List<SubscribeItem> sent = this.part.answered();
		Verdict ending = null;
		for (int i = 0; i < sent.size(); i++) {
			SubscribeItem item = sent.get(i);
			if (item.entry != null) {
				item.entry.answered();
			}
			MqttFailure answer = failure(ack, i, item.filter());
			Classification classification = classify(answer);
			if (classification.errorClass() == ErrorClass.SUCCESS) {
				grant(item, answer.code());
			}
			else {
				refuse(item, answer, answer.code(), ending == null);
				if (classification.errorClass().endsConnection()) {
					if (item.entry != null && item.entry.state() == State.REJECTED) {
						this.subscriptions.remove(item.entry);
					}
					ending = (ending != null) ? ending : new Verdict(answer, classification);
				}
			}
		}
		if (ack.codes().size() > sent.size()) {
			this.surplus = MqttFailure.local(LocalError.ACK_COUNT_MISMATCH)
				.detail("the SUBACK has " + ack.codes().size() + " reason codes for " + sent.size() + " filters")
				.build();
			reject(this.surplus, sent.get(0).filter());
		}
		if (ending != null || open().isEmpty()) {
			finish();
		}
		if (ending != null) {
			this.context.control().endConnection(ending.failure(), ending.classification());
		}
	}

	private void grant(SubscribeItem item, int grantedQos) {
		item.grant(grantedQos);
		if (item.entry != null && item.asked != null) {
			this.subscriptions.granted(item.entry, item.asked, grantedQos);
		}
		if (grantedQos < item.subscription.qos()) {
			this.context.reporter()
				.event((source, name) -> new MqttSubscriptionDowngradedEvent(source, name, item.filter(),
						item.subscription.qos(), grantedQos));
		}
	}

	private void refuse(SubscribeItem item, MqttFailure failure, int code) {
		refuse(item, failure, code, true);
	}

	private void refuse(SubscribeItem item, MqttFailure failure, int code, boolean ends) {
		item.refuse(failure, code, reject(failure, item.filter(), ends));
		if (item.entry != null) {
			this.subscriptions.refused(item.entry, item.hold, failure);
		}
	}

	private Classification reject(MqttFailure failure, String filter) {
		return reject(failure, filter, true);
	}

	private Classification reject(MqttFailure failure, String filter, boolean ends) {
		Classification classification = classify(failure);
		if (ends && classification.errorClass().endsConnection()) {
			// Counted and logged as the incident that it becomes
			this.context.reporter()
				.event((source, name) -> new MqttSubscribeRejectedEvent(source, name, failure, classification, filter));
		}
		else {
			this.context.reporter()
				.rejection(failure, classification, what(classification) + "subscribe failed", (source,
						name) -> new MqttSubscribeRejectedEvent(source, name, failure, classification, filter));
		}
		return classification;
	}

	@Override
	boolean hasMore() {
		return !isSettled() && !open().isEmpty();
	}

	private void finish() {
		if (isSettled() || this.future == null) {
			settle();
			return;
		}
		for (SubscribeItem item : this.items) {
			if (item.classification != null && item.result != null && item.result.failure() != null) {
				fail(item.result.failure(), item.classification);
				return;
			}
		}
		if (this.surplus != null) {
			fail(this.surplus, classify(this.surplus));
			return;
		}
		if (!this.items.isEmpty()) {
			settle();
			this.context.outcome().complete(this.future, result());
		}
	}

	private void fail(MqttFailure failure, Classification classification) {
		settle();
		if (this.future != null) {
			this.context.outcome()
				.fail(this.future, new MqttSubscribeRejectedException(refusal(OPERATION, failure, classification),
						failure, classification, result()));
		}
	}

	private SubscribeResult result() {
		List<SubscribeResult.Entry> entries = new ArrayList<>();
		for (SubscribeItem item : this.items) {
			if (item.result != null) {
				entries.add(item.result);
			}
		}
		return new SubscribeResult(entries);
	}

	@Override
	void timeOut(boolean sent) {
		if (isSettled() || this.future == null) {
			return;
		}
		MqttFailure failure = MqttFailure.local((sent) ? LocalError.ACK_TIMEOUT : LocalError.NOT_CONNECTED)
			.topic(open().get(0).filter())
			.detail(timeoutDetail(sent) + "; the subscription stays registered and is restored on a new connection")
			.build();
		open().forEach((item) -> reject(failure.mutate().topic(item.filter()).build(), item.filter()));
		settle();
		this.context.outcome()
			.fail(this.future,
					new MqttOperationTimeoutException(message(OPERATION, failure), failure, classify(failure)));
	}

	@Override
	void notConnected(String detail, @Nullable MqttFailure cause) {
		if (isSettled() || this.future == null) {
			return;
		}
		MqttFailure failure = MqttFailure.local(LocalError.NOT_CONNECTED)
			.topic(open().get(0).filter())
			.detail((cause != null) ? detail + ": " + cause : detail)
			.build();
		open().forEach((item) -> reject(failure.mutate().topic(item.filter()).build(), item.filter()));
		settle();
		this.context.outcome()
			.fail(this.future, new MqttNotConnectedException(message(OPERATION, failure), failure, classify(failure)));
	}

	@Override
	void withoutOwn(List<HeldSubscription> entries) {
		for (SubscribeItem item : open()) {
			entries.remove(item.entry);
			item.waits = false;
		}
	}

	@Override
	boolean isRestore() {
		return this.future == null;
	}

	private List<SubscribeItem> open() {
		return this.items.stream().filter((item) -> item.result == null).toList();
	}

	/**
	 * A failure that ends the connection, with its class and rule.
	 *
	 * @param failure the failure
	 * @param classification the verdict
	 */
	private record Verdict(MqttFailure failure, Classification classification) {

	}

}
