package io.github.mqttspringboot.matrix;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.MqttUnsubscribeRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscriptionHolder;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttUnsubscribeRejectedEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the client refuses before the wire.
 */
final class PreflightScenarios {

	private static final String LONG = "x".repeat(300);

	private PreflightScenarios() {
	}

	static void packetTooLarge(Trial trial) {
		trial.broker.acceptWith(Trial.accept().maximumPacketSize(200));
		trial.connect();
		MqttOperationException ex = refusedPublish(trial, PublishRequest.to("size").payload(LONG).qos(2));
		// 2 header, 2 + 4 topic, 2 id, 1 property length, 2 payload format, 300 payload
		assertThat(ex.getMessage()).contains("size").contains("200").containsPattern("\\b31[0-9]\\b");
		refusedSubscribe(trial, SubscribeRequest.to(LONG).qos(1));
		refusedUnsubscribe(trial, LONG);
		expect(trial, 1, 1, 1);
		trial.finish();
	}

	static void emptySubscription(Trial trial) {
		trial.connect();
		trial.failed(nothingSent(trial, () -> trial.client().subscribe()), MqttSubscribeRejectedException.class);
		trial.failed(nothingSent(trial, () -> trial.client().unsubscribe()), MqttUnsubscribeRejectedException.class);
		expect(trial, 0, 1, 1);
		trial.finish();
	}

	static void invalidTopic(Trial trial) {
		trial.connect();
		String tooLong = "x".repeat(65_536);
		List<String> names = List.of("", "a/+", "#", "a/#/b", "nul\0", "lone\uD800", tooLong, "\u00e4".repeat(32_768));
		List<String> filters = List.of("", "a/#/b", "a+", "a/b#", "nul\0", "lone\uDC00", tooLong, "$share/x",
				"$share//x", "$share/a+/x");
		names.forEach((name) -> refusedPublish(trial, PublishRequest.to(name).payload("x").qos(1)));
		refusedPublish(trial, PublishRequest.to("ok").responseTopic("reply/#").qos(1));
		filters.forEach((filter) -> refusedSubscribe(trial, SubscribeRequest.to(filter).qos(1)));
		filters.forEach((filter) -> refusedUnsubscribe(trial, filter));
		expect(trial, names.size() + 1, filters.size(), filters.size());
		trial.finish();
	}

	static void qosNotSupported(Trial trial) {
		trial.broker.acceptWith(Trial.accept().maximumQos(1));
		trial.connect();
		MqttOperationException ex = refusedPublish(trial, PublishRequest.to("qos").qos(2));
		assertThat(ex.getMessage()).contains("QoS 2").contains("Maximum QoS of 1");
		expect(trial, 1, 0, 0);
		trial.reconnectOnRequest();
		trial.finish();
	}

	static void retainNotSupported(Trial trial) {
		trial.broker.acceptWith(Trial.accept().retainAvailable(false));
		trial.connect();
		MqttOperationException ex = refusedPublish(trial, PublishRequest.to("kept").qos(1).retain(true));
		assertThat(ex.getMessage()).contains("Retain Available 0");
		expect(trial, 1, 0, 0);
		trial.finish();
	}

	static void wildcardSubscriptionsNotSupported(Trial trial) {
		trial.broker.acceptWith(Trial.accept().wildcardsAvailable(false));
		trial.connectWithoutSubscription();
		MqttOperationException ex = refusedSubscribe(trial, SubscribeRequest.to("all/#").qos(1));
		assertThat(ex.getMessage()).contains("Wildcard Subscription Available 0");
		expect(trial, 0, 1, 0);
		trial.reconnectOnRequest();
		trial.finish();
	}

	static void sharedSubscriptionsNotSupported(Trial trial) {
		trial.broker.acceptWith(Trial.accept().sharedSubscriptionsAvailable(false));
		trial.connect();
		MqttOperationException ex = refusedSubscribe(trial, SubscribeRequest.to("$share/group/a").qos(1));
		assertThat(ex.getMessage()).contains("Shared Subscription Available 0");
		ex = refusedSubscribe(trial, SubscribeRequest.to("$share/group/b").qos(1).noLocal(true));
		assertThat(ex.getMessage()).contains("No Local");
		expect(trial, 0, 2, 0);
		trial.finish();
	}

	static void subscriptionConflict(Trial trial) {
		trial.connect();
		SubscribeRequest.Builder first = SubscribeRequest.to("a").holder(SubscriptionHolder.named("first"));
		Trial.get(trial.client().subscribe(first.build()));
		MqttOperationException ex = refusedSubscribe(trial,
				SubscribeRequest.to("a").noLocal(true).holder(SubscriptionHolder.named("second")));
		assertThat(ex.getMessage()).contains("second wants it with No Local true", "first has it with No Local false");
		expect(trial, 0, 1, 0);
		trial.finish();
	}

	private static MqttOperationException refusedPublish(Trial trial, PublishRequest.Builder request) {
		return trial.failed(nothingSent(trial, () -> trial.client().publish(request.build())),
				MqttPublishRejectedException.class);
	}

	private static MqttOperationException refusedSubscribe(Trial trial, SubscribeRequest.Builder request) {
		return trial.failed(nothingSent(trial, () -> trial.client().subscribe(request.build())),
				MqttSubscribeRejectedException.class);
	}

	private static MqttOperationException refusedUnsubscribe(Trial trial, String filter) {
		return trial.failed(nothingSent(trial, () -> trial.client().unsubscribe(filter)),
				MqttUnsubscribeRejectedException.class);
	}

	private static <T> CompletableFuture<T> nothingSent(Trial trial, Supplier<CompletableFuture<T>> call) {
		int before = trial.broker.received().size();
		CompletableFuture<T> future = call.get();
		assertThat(future).failsWithin(Setup.PATIENCE);
		assertThat(trial.broker.received()).hasSize(before);
		return future;
	}

	private static void expect(Trial trial, int publishes, int subscribes, int unsubscribes) {
		trial.expectRejections(MqttPublishRejectedEvent.class, publishes);
		trial.expectRejections(MqttSubscribeRejectedEvent.class, subscribes);
		trial.expectRejections(MqttUnsubscribeRejectedEvent.class, unsubscribes);
	}

}
