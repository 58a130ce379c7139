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
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttSubscriptionDowngradedEvent;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.Subscribe.Subscription;
import io.github.mqttspringboot.packet.SubscribeAck;

/**
 * A SUBSCRIBE: of a caller, or of the client itself to restore subscriptions.
 */
final class SubscribeCall extends SubscribeOperation {

	private static final String OPERATION = "subscribe";

	private final List<Item> items = new ArrayList<>();

	private final @Nullable CompletableFuture<SubscribeResult> future;

	private boolean registered;

	SubscribeCall(EngineContext context, Subscriptions subscriptions, SubscribeRequest[] requests,
			CompletableFuture<SubscribeResult> future) {
		super(context, subscriptions);
		this.future = future;
		for (SubscribeRequest request : requests) {
			int qos = (request.qos() != null) ? request.qos() : context.settings().subscribe().qos();
			this.items.add(new Item(new Subscription(request.filter(), qos, request.noLocal(),
					request.retainAsPublished(), request.retainHandling().ordinal()), request.handler()));
		}
	}

	SubscribeCall(EngineContext context, Subscriptions subscriptions, List<Subscriptions.Entry> entries) {
		super(context, subscriptions);
		this.future = null;
		this.registered = true;
		for (Subscriptions.Entry entry : entries) {
			Item item = new Item(entry.subscription, entry.handler);
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
		if (link != null) {
			checkLimits(link);
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
				.detail("a SUBSCRIBE needs at least one topic filter [MQTT-3.8.3-2]; nothing was sent")
				.build();
			fail(failure, reject(failure, ""));
			return;
		}
		for (Item item : this.items) {
			MqttFailure failure = Preflight.checkFilter(item.filter(), item.subscription.noLocal());
			if (failure != null) {
				refuse(item, failure, -1);
			}
			else {
				item.entry = this.subscriptions.add(item.subscription, item.handler);
			}
		}
	}

	private void checkLimits(Link link) {
		for (Item item : open()) {
			MqttFailure failure = Preflight.check(item.subscription, link);
			if (failure != null) {
				refuse(item, failure, -1);
			}
		}
		List<Item> open = open();
		if (!open.isEmpty()) {
			MqttFailure failure = Preflight.checkSize(packet(1), open.get(0).filter(), link);
			if (failure != null) {
				open.forEach((item) -> refuse(item, failure.mutate().topic(item.filter()).build(), -1));
			}
		}
	}

	@Override
	MqttPacket packet(int packetId) {
		return new Subscribe(packetId, open().stream().map((item) -> item.subscription).toList(), null, List.of());
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
	void acknowledged(SubscribeAck ack) {
		List<Item> sent = open();
		Verdict ending = null;
		for (int i = 0; i < sent.size(); i++) {
			Item item = sent.get(i);
			MqttFailure answer = failure(ack, i, item.filter());
			Classification classification = classify(answer);
			if (classification.errorClass() == ErrorClass.SUCCESS) {
				grant(item, answer.code());
			}
			else {
				refuse(item, answer, answer.code(), ending == null);
				if (classification.errorClass().endsConnection()) {
					this.subscriptions.remove(item.entry);
					ending = (ending != null) ? ending : new Verdict(answer, classification);
				}
			}
		}
		MqttFailure surplus = null;
		if (ack.codes().size() > sent.size()) {
			surplus = MqttFailure.local(LocalError.ACK_COUNT_MISMATCH)
				.detail("the SUBACK has " + ack.codes().size() + " reason codes for " + sent.size() + " filters")
				.build();
			reject(surplus, sent.get(0).filter());
		}
		finish(surplus);
		if (ending != null) {
			this.context.control().endConnection(ending.failure(), ending.classification());
		}
	}

	private void grant(Item item, int grantedQos) {
		item.result = new SubscribeResult.Entry(item.filter(), item.subscription.qos(), grantedQos,
				ReasonCode.find(PacketType.SUBACK, grantedQos), null);
		if (item.entry != null) {
			this.subscriptions.active(item.entry, grantedQos);
		}
		if (grantedQos < item.subscription.qos()) {
			this.context.reporter()
				.event((source, name) -> new MqttSubscriptionDowngradedEvent(source, name, item.filter(),
						item.subscription.qos(), grantedQos));
		}
	}

	private void refuse(Item item, MqttFailure failure, int code) {
		refuse(item, failure, code, true);
	}

	private void refuse(Item item, MqttFailure failure, int code, boolean ends) {
		Classification classification = reject(failure, item.filter(), ends);
		item.classification = classification;
		item.result = new SubscribeResult.Entry(item.filter(), item.subscription.qos(), code, failure.reasonCode(),
				failure);
		if (item.entry != null) {
			this.subscriptions.rejected(item.entry, failure);
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

	private void finish(@Nullable MqttFailure surplus) {
		if (isSettled() || this.future == null) {
			settle();
			return;
		}
		for (Item item : this.items) {
			if (item.classification != null && item.result != null && item.result.failure() != null) {
				fail(item.result.failure(), item.classification);
				return;
			}
		}
		if (surplus != null) {
			fail(surplus, classify(surplus));
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
		for (Item item : this.items) {
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
	void withoutOwn(List<Subscriptions.Entry> entries) {
		this.items.forEach((item) -> entries.remove(item.entry));
	}

	@Override
	boolean isRestore() {
		return this.future == null;
	}

	private List<Item> open() {
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

	/**
	 * One topic filter of the operation.
	 */
	private static final class Item {

		private final Subscription subscription;

		private final @Nullable MessageHandler handler;

		private Subscriptions.@Nullable Entry entry;

		private SubscribeResult.@Nullable Entry result;

		private @Nullable Classification classification;

		Item(Subscription subscription, @Nullable MessageHandler handler) {
			this.subscription = subscription;
			this.handler = handler;
		}

		String filter() {
			return this.subscription.filter();
		}

	}

}
