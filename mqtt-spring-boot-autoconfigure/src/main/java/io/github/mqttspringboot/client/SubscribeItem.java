package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.HeldSubscription.Hold;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.Subscribe.Subscription;

/**
 * One topic filter of a {@link SubscribeCall}. Used on the engine's thread only.
 */
final class SubscribeItem {

	final Subscription subscription;

	/** For whom, {@code null} to restore what there is. */
	final @Nullable Hold hold;

	/** Whether the answer to the SUBSCRIBE of another operation will do. */
	boolean shares;

	boolean waits;

	@Nullable HeldSubscription entry;

	/** What was sent. */
	@Nullable Subscription asked;

	SubscribeResult.@Nullable Entry result;

	@Nullable Classification classification;

	SubscribeItem(Subscription subscription, @Nullable Hold hold) {
		this.subscription = subscription;
		this.hold = hold;
	}

	String filter() {
		return this.subscription.filter();
	}

	boolean isAskedByAnother() {
		return this.shares && this.entry != null && this.hold != null && this.entry.isAskedFor(this.hold);
	}

	Subscription toSend() {
		return (this.entry != null) ? this.entry.toSend(this.hold) : this.subscription;
	}

	void grant(int grantedQos) {
		this.result = new SubscribeResult.Entry(filter(), this.subscription.qos(), grantedQos,
				ReasonCode.find(PacketType.SUBACK, grantedQos), null);
	}

	void refuse(MqttFailure failure, int code, Classification classification) {
		this.classification = classification;
		this.result = new SubscribeResult.Entry(filter(), this.subscription.qos(), code, failure.reasonCode(), failure);
	}

}
