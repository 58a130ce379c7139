package io.github.mqttspringboot.matrix;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.MqttUnsubscribeRejectedException;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttSubscriptionDowngradedEvent;
import io.github.mqttspringboot.event.MqttUnsubscribeRejectedEvent;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the server answers to operations.
 */
final class AcknowledgementScenarios {

	private static final String TOPIC = "row/topic";

	private AcknowledgementScenarios() {
	}

	static void puback(Trial trial) {
		publish(trial, 1, Reply::puback);
	}

	static void pubrec(Trial trial) {
		publish(trial, 2, Reply::pubrec);
	}

	private static void publish(Trial trial, int qos, IntFunction<Reply> acknowledgement) {
		int code = trial.row.value();
		trial.broker.on(When.publish(TOPIC)).answer(Trial.told(acknowledgement.apply(code)));
		trial.connect();
		CompletableFuture<PublishResult> future = trial.publish(TOPIC, qos);
		if (code >= 0x80) {
			MqttPublishRejectedException ex = trial.failed(future, MqttPublishRejectedException.class);
			assertThat(ex.getFailure().topic()).isEqualTo(TOPIC);
			assertThat(ex.getMessage()).contains(TOPIC, Trial.REASON);
			rejected(trial, MqttPublishRejectedEvent.class);
			assertThat(trial.events(MqttPublishRejectedEvent.class).get(0).getTopic()).isEqualTo(TOPIC);
			assertThat(trial.broker.received(PacketType.PUBREL)).isEmpty();
		}
		else {
			PublishResult result = Trial.get(future);
			assertThat(result.topic()).isEqualTo(TOPIC);
			assertThat(result.packet())
				.isEqualTo((qos == 2 && code == 0) ? PacketType.PUBCOMP : trial.row.failure().packet());
			assertThat(result.code()).isEqualTo(code);
			assertThat(result.reasonCode()).isEqualTo(trial.row.failure().reasonCode());
			assertThat(result.reasonString()).isEqualTo((qos == 2 && code == 0) ? null : Trial.REASON);
			succeeded(trial, MqttPublishRejectedEvent.class);
			assertThat(trial.broker.received(PacketType.PUBREL)).hasSize((qos == 2) ? 1 : 0);
		}
		trial.finish();
		assertThat(trial.broker.received(When.publish(TOPIC))).as("sent once").hasSize(1);
	}

	static void pubcomp(Trial trial) {
		trial.broker.on(When.pubrel().and((packet) -> first(trial, packet)))
			.answer(Trial.told(Reply.pubcomp(trial.row.value())));
		trial.connect();
		CompletableFuture<PublishResult> future = trial.publish(TOPIC, 2);
		if (trial.ruling.errorClass() == ErrorClass.SUCCESS) {
			PublishResult result = Trial.get(future);
			assertThat(result.packet()).isEqualTo(PacketType.PUBCOMP);
			assertThat(result.code()).isEqualTo(trial.row.value());
			assertThat(result.reasonCode()).isEqualTo(trial.row.failure().reasonCode());
			assertThat(result.reasonString()).isEqualTo(Trial.REASON);
		}
		else {
			trial.failed(future, MqttPublishRejectedException.class);
			rejected(trial, MqttPublishRejectedEvent.class);
		}
		trial.finish();
		assertThat(trial.broker.received(When.publish(TOPIC))).as("sent once").hasSize(1);
	}

	private static boolean first(Trial trial, ReceivedPacket packet) {
		return trial.broker.received(PacketType.PUBREL).get(0) == packet;
	}

	static void pubrel(Trial trial) {
		int code = trial.row.value();
		trial.broker.on(When.pubrec().and((packet) -> packet.packetId() == 7)).answer(pubrelOf(code));
		trial.connect();
		trial.broker.lastConnection().send(Reply.publish("in/row", "once").qos(2).id(7));
		if (code >= 0x80) {
			if (trial.ruling.errorClass().endsConnection()) {
				trial.expectedEvents.add(MqttProtocolAnomalyEvent.class);
				trial.expectConnectionLost();
				trial.checkEvent(trial.awaitEvents(MqttProtocolAnomalyEvent.class, 1).get(0));
			}
			else {
				trial.expectRejection(MqttProtocolAnomalyEvent.class);
			}
		}
		if (!trial.ruling.errorClass().endsConnection()) {
			assertThat(trial.broker.awaitReceived(PacketType.PUBCOMP, 1).get(0).packetId()).isEqualTo(7);
			assertThat(trial.broker.received(PacketType.PUBCOMP).get(0).reasonCode()).isZero();
		}
		Trial.eventually(() -> assertThat(trial.inbox).extracting(ReceivedMessage::topic).containsExactly("in/row"));
		trial.finish();
	}

	private static Reply pubrelOf(int code) {
		return (code >= 0x80) ? Trial.told(Reply.pubrel(code)) : Reply.pubrel(code);
	}

	static void subackGranted(Trial trial) {
		int granted = trial.row.value();
		trial.broker.on(When.subscribe(TOPIC)).answer(Trial.told(Reply.suback(granted)));
		trial.connect();
		for (int asked = granted; asked <= 2; asked++) {
			SubscribeResult result = Trial.get(trial.client().subscribe(SubscribeRequest.to(TOPIC).qos(asked).build()));
			assertThat(result.entries()).singleElement().satisfies((entry) -> {
				assertThat(entry.isGranted()).isTrue();
				assertThat(entry.grantedQos()).isEqualTo(granted);
				assertThat(entry.reasonCode()).isEqualTo(trial.row.failure().reasonCode());
			});
			assertThat(status(trial)).satisfies((status) -> {
				assertThat(status.state()).isEqualTo(SubscriptionStatus.State.ACTIVE);
				assertThat(status.grantedQos()).isEqualTo(granted);
			});
		}
		trial.expectedEvents.add(MqttSubscriptionDowngradedEvent.class.getSimpleName(), 2 - granted);
		trial.awaitEvents(MqttSubscriptionDowngradedEvent.class, 2 - granted).forEach((event) -> {
			assertThat(event.getFilter()).isEqualTo(TOPIC);
			assertThat(event.getGrantedQos()).isEqualTo(granted);
		});
		trial.finish();
	}

	static void subackRefused(Trial trial) {
		refusedSubscribe(trial);
		if (trial.ruling.errorClass() == ErrorClass.RECOVERABLE) {
			assertThat(status(trial).state()).isEqualTo(SubscriptionStatus.State.REJECTED);
			assertThat(trial.health().getDetails()).containsKey("rejectedSubscriptions");
		}
		trial.finish();
		assertThat(trial.broker.received(When.subscribe(TOPIC))).as("sent once").hasSize(1);
		if (trial.ruling.errorClass() == ErrorClass.RECOVERABLE) {
			trial.broker.lastConnection().reset();
			Trial.eventually(() -> assertThat(status(trial).state()).isEqualTo(SubscriptionStatus.State.ACTIVE));
		}
	}

	/** A quota may have room again on the same connection. */
	static void subackOverQuota(Trial trial) {
		if (trial.ruling.errorClass() != ErrorClass.RECOVERABLE) {
			subackRefused(trial);
			return;
		}
		refusedSubscribe(trial);
		Trial.eventually(() -> assertThat(status(trial).state()).isEqualTo(SubscriptionStatus.State.ACTIVE));
		assertThat(trial.broker.received(When.subscribe(TOPIC))).hasSize(2);
		trial.finish();
		assertThat(trial.broker.received(When.subscribe(TOPIC))).hasSize(2);
	}

	private static void refusedSubscribe(Trial trial) {
		trial.broker.on(When.subscribe(TOPIC)).answer(Trial.told(Reply.suback(trial.row.value()))).once();
		trial.connect();
		CompletableFuture<SubscribeResult> future = trial.trySubscribe(TOPIC);
		MqttSubscribeRejectedException ex = trial.failed(future, MqttSubscribeRejectedException.class);
		assertThat(ex.getFailure().topic()).isEqualTo(TOPIC);
		assertThat(ex.getMessage()).contains(TOPIC, Trial.REASON);
		assertThat(ex.getResult().entries()).singleElement().satisfies((entry) -> {
			assertThat(entry.isGranted()).isFalse();
			assertThat(entry.code()).isEqualTo(trial.row.value());
		});
		rejected(trial, MqttSubscribeRejectedEvent.class);
		assertThat(trial.events(MqttSubscribeRejectedEvent.class).get(0).getFilter()).isEqualTo(TOPIC);
	}

	private static SubscriptionStatus status(Trial trial) {
		return trial.client()
			.subscriptions()
			.stream()
			.filter((status) -> status.filter().equals(TOPIC))
			.findFirst()
			.orElseThrow();
	}

	static void unsuback(Trial trial) {
		int code = trial.row.value();
		trial.broker.on(When.unsubscribe(TOPIC)).answer(Trial.told(Reply.unsuback(code))).once();
		trial.connect();
		Trial.get(trial.trySubscribe(TOPIC));
		CompletableFuture<UnsubscribeResult> future = trial.client().unsubscribe(TOPIC);
		if (code >= 0x80) {
			MqttUnsubscribeRejectedException ex = trial.failed(future, MqttUnsubscribeRejectedException.class);
			assertThat(ex.getFailure().topic()).isEqualTo(TOPIC);
			assertThat(ex.getResult().entries()).singleElement()
				.satisfies((entry) -> assertThat(entry.code()).isEqualTo(code));
			rejected(trial, MqttUnsubscribeRejectedEvent.class);
			assertThat(trial.events(MqttUnsubscribeRejectedEvent.class).get(0).getFilter()).isEqualTo(TOPIC);
		}
		else {
			UnsubscribeResult result = Trial.get(future);
			assertThat(result.entries()).singleElement().satisfies((entry) -> {
				assertThat(entry.filter()).isEqualTo(TOPIC);
				assertThat(entry.code()).isEqualTo(code);
				assertThat(entry.reasonCode()).isEqualTo(trial.row.failure().reasonCode());
			});
			succeeded(trial, MqttUnsubscribeRejectedEvent.class);
			assertThat(trial.client().subscriptions()).extracting(SubscriptionStatus::filter).doesNotContain(TOPIC);
		}
		trial.finish();
		assertThat(trial.broker.received(When.unsubscribe(TOPIC))).as("sent once").hasSize(1);
	}

	/** A code of 0x80 or above has failed its operation. */
	private static void rejected(Trial trial, Class<? extends MqttEvent> event) {
		if (trial.ruling.errorClass() == ErrorClass.RECOVERABLE) {
			trial.expectRejection(event);
			return;
		}
		trial.expectedEvents.add(event);
		trial.awaitEvents(event, 1).forEach(trial::checkEvent);
		trial.expectConnectionLost();
		assertThat(trial.broker.awaitReceived(PacketType.DISCONNECT, 1).get(0).reasonCode()).isZero();
	}

	/** A code below 0x80 is an error only where the policy says so. */
	private static void succeeded(Trial trial, Class<? extends MqttEvent> event) {
		if (trial.ruling.errorClass() != ErrorClass.SUCCESS) {
			trial.expectRejection(event);
		}
	}

}
