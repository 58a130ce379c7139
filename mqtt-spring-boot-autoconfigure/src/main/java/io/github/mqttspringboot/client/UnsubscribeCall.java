package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.event.MqttUnsubscribeRejectedEvent;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.SubscribeAck;
import io.github.mqttspringboot.packet.Unsubscribe;

/**
 * An UNSUBSCRIBE.
 */
final class UnsubscribeCall extends SubscribeOperation {

	private static final String OPERATION = "unsubscribe";

	private final List<Item> items = new ArrayList<>();

	private final CompletableFuture<UnsubscribeResult> future;

	private final @Nullable SubscriptionHolder holder;

	private final boolean repeated;

	private @Nullable MqttFailure givenUp;

	private boolean registered;

	UnsubscribeCall(EngineContext context, Subscriptions subscriptions, @Nullable SubscriptionHolder holder,
			String[] filters, CompletableFuture<UnsubscribeResult> future) {
		super(context, subscriptions);
		this.holder = holder;
		this.future = future;
		this.repeated = false;
		for (String filter : filters) {
			this.items.add(new Item(filter));
		}
	}

	/**
	 * Unsubscribe from what an earlier call did not get rid of. Nobody waits for it.
	 * @param context the engine's parts
	 * @param subscriptions the registry
	 * @param leaving the entries
	 */
	UnsubscribeCall(EngineContext context, Subscriptions subscriptions, List<HeldSubscription> leaving) {
		super(context, subscriptions);
		this.holder = null;
		this.future = new CompletableFuture<>();
		this.repeated = true;
		this.registered = true;
		for (HeldSubscription entry : leaving) {
			Item item = new Item(entry.filter());
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
		List<Item> open = open();
		if (link != null && !open.isEmpty()) {
			MqttFailure failure = Preflight.checkSize(packet(1), open.get(0).filter, link);
			if (failure != null) {
				open.forEach((item) -> refuse(item, failure.mutate().topic(item.filter).build()));
			}
		}
		if (open().isEmpty()) {
			finish(null);
			return false;
		}
		return true;
	}

	private void register() {
		if (this.items.isEmpty()) {
			MqttFailure failure = MqttFailure.local(LocalError.EMPTY_SUBSCRIPTION)
				.detail("an UNSUBSCRIBE needs at least one topic filter [MQTT-3.10.3-2]; nothing was sent")
				.build();
			fail(failure, report(failure, "", "unsubscribe failed"));
			return;
		}
		for (Item item : this.items) {
			MqttFailure failure = Preflight.checkFilter(item.filter, false);
			if (failure != null) {
				refuse(item, failure);
				continue;
			}
			HeldSubscription entry = this.subscriptions.get(item.filter);
			if (entry != null && entry.isHeldWithout(this.holder)) {
				this.subscriptions.release(entry, this.holder);
				item.end(ReasonCode.SUCCESS.value(), null, null);
				continue;
			}
			item.entry = entry;
			if (entry != null) {
				entry.leaving = true;
			}
			this.subscriptions.forgive(item.filter);
		}
	}

	@Override
	MqttPacket packet(int packetId) {
		return new Unsubscribe(packetId, open().stream().map((item) -> item.filter).toList(), List.of());
	}

	@Override
	CompletableFuture<?> future() {
		return this.future;
	}

	@Override
	void withoutOwn(List<HeldSubscription> entries) {
		this.items.forEach((item) -> entries.remove(item.entry));
	}

	@Override
	boolean isRestore() {
		return this.repeated;
	}

	@Override
	List<?> suspects() {
		return List.of(new Unanswered.Leaving(open().stream().map((item) -> item.filter).toList()));
	}

	@Override
	boolean isRefusedWith(Object key, MqttFailure failure) {
		if (!suspects().contains(key)) {
			return false;
		}
		this.givenUp = failure;
		open().forEach((item) -> item.end(-1, failure,
				report(failure.mutate().topic(item.filter).build(), item.filter, "unsubscribe failed")));
		finish(null);
		return true;
	}

	@Override
	boolean isGivenUp(MqttFailure failure) {
		return failure == this.givenUp;
	}

	@Override
	PacketType acknowledgedBy() {
		return PacketType.UNSUBACK;
	}

	@Override
	void acknowledged(SubscribeAck ack) {
		List<Item> sent = open();
		MqttFailure endingFailure = null;
		Classification endingClassification = null;
		for (int i = 0; i < sent.size(); i++) {
			Item item = sent.get(i);
			MqttFailure answer = failure(ack, i, item.filter);
			Classification classification = classify(answer);
			boolean ends = classification.errorClass().endsConnection();
			boolean gone = answer.code() >= 0 && answer.code() < 0x80;
			if (classification.errorClass() == ErrorClass.SUCCESS) {
				item.end(answer.code(), null, null);
			}
			else {
				report(answer, item.filter, (gone) ? "nothing to unsubscribe" : "unsubscribe failed",
						endingFailure == null);
				item.end(answer.code(), answer, (gone && !ends) ? null : classification);
			}
			if (gone || ends) {
				this.subscriptions.remove(item.entry);
			}
			else {
				stays(item.entry);
			}
			if (ends && endingFailure == null) {
				endingFailure = answer;
				endingClassification = classification;
			}
		}
		MqttFailure surplus = null;
		if (ack.codes().size() > sent.size()) {
			surplus = MqttFailure.local(LocalError.ACK_COUNT_MISMATCH)
				.detail("the UNSUBACK has " + ack.codes().size() + " reason codes for " + sent.size() + " filters")
				.build();
			report(surplus, sent.get(0).filter, "unsubscribe failed");
		}
		finish(surplus);
		if (endingFailure != null && endingClassification != null) {
			this.context.control().endConnection(endingFailure, endingClassification);
		}
	}

	// The server goes on sending messages, but a holder has let the filter go
	private void stays(@Nullable HeldSubscription entry) {
		if (this.holder != null || this.repeated) {
			this.subscriptions.silence(entry);
		}
		else if (entry != null) {
			entry.leaving = false;
		}
	}

	private void refuse(Item item, MqttFailure failure) {
		stays(item.entry);
		item.end(-1, failure, report(failure, item.filter, "unsubscribe failed"));
	}

	private Classification report(MqttFailure failure, String filter, String action) {
		return report(failure, filter, action, true);
	}

	private Classification report(MqttFailure failure, String filter, String action, boolean ends) {
		Classification classification = classify(failure);
		if (ends && classification.errorClass().endsConnection()) {
			// Counted and logged as the incident that it becomes
			this.context.reporter()
				.event((source, name) -> new MqttUnsubscribeRejectedEvent(source, name, failure, classification,
						filter));
		}
		else {
			this.context.reporter()
				.rejection(failure, classification, what(classification) + action, (source,
						name) -> new MqttUnsubscribeRejectedEvent(source, name, failure, classification, filter));
		}
		return classification;
	}

	private void finish(@Nullable MqttFailure surplus) {
		if (isSettled() || this.items.isEmpty()) {
			return;
		}
		for (Item item : this.items) {
			if (item.refusal != null && item.result != null && item.result.failure() != null) {
				fail(item.result.failure(), item.refusal);
				return;
			}
		}
		if (surplus != null) {
			fail(surplus, classify(surplus));
			return;
		}
		settle();
		this.context.outcome().complete(this.future, result());
	}

	private void fail(MqttFailure failure, Classification classification) {
		settle();
		this.context.outcome()
			.fail(this.future, new MqttUnsubscribeRejectedException(refusal(OPERATION, failure, classification),
					failure, classification, result()));
	}

	private UnsubscribeResult result() {
		List<UnsubscribeResult.Entry> entries = new ArrayList<>();
		for (Item item : this.items) {
			if (item.result != null) {
				entries.add(item.result);
			}
		}
		return new UnsubscribeResult(entries);
	}

	@Override
	void timeOut(boolean sent) {
		if (isSettled() || this.repeated) {
			return;
		}
		MqttFailure failure = abandon((sent) ? LocalError.ACK_TIMEOUT : LocalError.NOT_CONNECTED,
				timeoutDetail(sent) + "; the subscription is not restored");
		this.context.outcome()
			.fail(this.future,
					new MqttOperationTimeoutException(message(OPERATION, failure), failure, classify(failure)));
	}

	@Override
	void notConnected(String detail, @Nullable MqttFailure cause) {
		if (isSettled() || this.repeated) {
			return;
		}
		MqttFailure failure = abandon(LocalError.NOT_CONNECTED, (cause != null) ? detail + ": " + cause : detail);
		this.context.outcome()
			.fail(this.future, new MqttNotConnectedException(message(OPERATION, failure), failure, classify(failure)));
	}

	private MqttFailure abandon(LocalError error, String detail) {
		MqttFailure failure = MqttFailure.local(error).topic(open().get(0).filter).detail(detail).build();
		for (Item item : open()) {
			report(failure.mutate().topic(item.filter).build(), item.filter, "unsubscribe failed");
			// The server may hold it: it is unsubscribed again if the session is resumed
			this.subscriptions.silence(item.entry);
		}
		settle();
		return failure;
	}

	private List<Item> open() {
		return this.items.stream().filter((item) -> item.result == null).toList();
	}

	/**
	 * One topic filter of the operation.
	 */
	private static final class Item {

		private final String filter;

		private @Nullable HeldSubscription entry;

		private UnsubscribeResult.@Nullable Entry result;

		private @Nullable Classification refusal;

		Item(String filter) {
			this.filter = filter;
		}

		void end(int code, @Nullable MqttFailure failure, @Nullable Classification refusal) {
			ReasonCode reasonCode = (code >= 0) ? ReasonCode.find(PacketType.UNSUBACK, code) : null;
			this.result = new UnsubscribeResult.Entry(this.filter, code, reasonCode, failure);
			this.refusal = refusal;
		}

	}

}
