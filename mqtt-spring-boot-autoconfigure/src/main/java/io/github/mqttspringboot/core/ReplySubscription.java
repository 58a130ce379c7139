package io.github.mqttspringboot.core;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MessageHandler;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeRequest.RetainHandling;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionHolder;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The subscription of the reply topic: made for the first request, and again for the next
 * one if it was refused. The client restores it after a reconnect, which the server may
 * refuse, too. Thread-safe.
 */
final class ReplySubscription {

	private final ManagedMqttClient client;

	private final String replyTopic;

	private final SubscribeRequest request;

	private final Object lock = new Object();

	private @Nullable CompletableFuture<SubscribeResult> outcome;

	ReplySubscription(ManagedMqttClient client, String replyTopic, MessageHandler handler) {
		this.client = client;
		this.replyTopic = replyTopic;
		// What was retained before a request answers none
		this.request = SubscribeRequest.to(replyTopic)
			.retainHandling(RetainHandling.DO_NOT_SEND)
			.holder(SubscriptionHolder.named("the replies to requests of client '" + client.name() + "'"))
			.messageHandler(handler)
			// The request is observed until its reply has come
			.observed(false)
			.build();
	}

	/**
	 * Subscribe, unless the server has granted it and has not lost it since: no request
	 * is to be published whose reply cannot come. Where the client is already restoring
	 * it, this waits for the outcome.
	 * @return the outcome
	 */
	CompletableFuture<SubscribeResult> subscribe() {
		synchronized (this.lock) {
			CompletableFuture<SubscribeResult> outcome = this.outcome;
			if (outcome == null || outcome.isCompletedExceptionally() || (outcome.isDone() && !isActive())) {
				outcome = this.client.subscribe(this.request);
				this.outcome = outcome;
			}
			return outcome;
		}
	}

	private boolean isActive() {
		SubscriptionStatus status = status();
		return status != null && status.state() == SubscriptionStatus.State.ACTIVE;
	}

	private @Nullable SubscriptionStatus status() {
		for (SubscriptionStatus status : this.client.subscriptions()) {
			if (status.filter().equals(this.replyTopic)) {
				return status;
			}
		}
		return null;
	}

	/**
	 * Return why there is none, though there has been one.
	 * @return why the server refused to restore it, {@code null} if it did not
	 */
	@Nullable MqttFailure refusal() {
		SubscriptionStatus status = status();
		return (status != null) ? status.failure() : null;
	}

}
