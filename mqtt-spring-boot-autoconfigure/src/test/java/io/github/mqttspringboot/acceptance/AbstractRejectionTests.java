package io.github.mqttspringboot.acceptance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.MqttUnsubscribeRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttUnsubscribeRejectedEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold on any broker that refuses what is under {@code denied/}.
 */
abstract class AbstractRejectionTests {

	abstract String uri();

	abstract void stopBroker();

	abstract void startBroker();

	abstract long connectionsSeenByBroker();

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void rejectedPublishKeepsTheConnection(int qos) {
		try (App app = App.connected("mqtt.servers=" + uri())) {
			MqttPublishRejectedException ex = failure(MqttPublishRejectedException.class, app.publish("denied/x", qos));
			assertThat(ex.getFailure().packet()).isEqualTo((qos == 1) ? PacketType.PUBACK : PacketType.PUBREC);
			assertThat(ex.getFailure().code()).isEqualTo(0x87);
			assertThat(ex.getFailure().topic()).isEqualTo("denied/x");
			MqttPublishRejectedEvent event = app.awaitEvents(MqttPublishRejectedEvent.class, 1).get(0);
			assertThat(event.getSource()).isSameAs(app.client());
			assertThat(event.getClientName()).isEqualTo("default");
			assertThat(event.getTopic()).isEqualTo("denied/x");
			assertThat(event.getClassification().errorClass()).isEqualTo(ErrorClass.RECOVERABLE);
			assertThat(app.count("mqtt.client.errors", "error.class", "recoverable", "client", "default")).isOne();
			assertThat(app.count("mqtt.client.errors", "packet", (qos == 1) ? "puback" : "pubrec", "reason",
					"not-authorized"))
				.isOne();
			assertThat(app.count("mqtt.client.reconnects")).isZero();
			assertThat(app.publish("good/x", qos).join().code()).isLessThan(0x80);
			assertThat(app.client().statistics().connections()).isOne();
			assertThat(connectionsSeenByBroker()).isOne();
			assertThat(app.gauge("mqtt.client.connected")).isOne();
		}
	}

	@Test
	void unsubscribingTwiceKeepsTheConnection() {
		try (App app = App.connected("mqtt.servers=" + uri())) {
			app.client().subscribe(SubscribeRequest.to("a/+").build()).join();
			assertThat(only(app.client().unsubscribe("a/+").join()).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
			assertThat(only(app.client().unsubscribe("a/+").join()).reasonCode())
				.isEqualTo(ReasonCode.NO_SUBSCRIPTION_EXISTED);
			assertThat(only(app.client().unsubscribe("never").join()).reasonCode())
				.isEqualTo(ReasonCode.NO_SUBSCRIPTION_EXISTED);
			assertThat(app.awaitEvents(MqttUnsubscribeRejectedEvent.class, 2))
				.extracting(MqttUnsubscribeRejectedEvent::getFilter)
				.containsExactly("a/+", "never");
			assertThat(app.count("mqtt.client.errors", "packet", "unsuback", "reason", "no-subscription-existed"))
				.isEqualTo(2);
			assertThat(app.client().statistics().connections()).isOne();
			app.publish("good", 1).join();
		}
	}

	@Test
	void emptySubscriptionsKeepTheConnection() {
		try (App app = App.connected("mqtt.servers=" + uri())) {
			assertThat(
					failure(MqttSubscribeRejectedException.class, app.client().subscribe()).getFailure().localError())
				.isEqualTo(LocalError.EMPTY_SUBSCRIPTION);
			assertThat(failure(MqttUnsubscribeRejectedException.class, app.client().unsubscribe()).getFailure()
				.localError()).isEqualTo(LocalError.EMPTY_SUBSCRIPTION);
			app.awaitEvents(MqttSubscribeRejectedEvent.class, 1);
			app.awaitEvents(MqttUnsubscribeRejectedEvent.class, 1);
			assertThat(app.count("mqtt.client.errors", "packet", "local", "reason", "empty-subscription")).isEqualTo(2);
			app.publish("good", 2).join();
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	@Test
	void aRestartOfTheBrokerIsSurvived() {
		try (App app = App.connected("mqtt.servers=" + uri(), "mqtt.reconnect.initial-spread=500ms",
				"mqtt.reconnect.base-delay=200ms", "mqtt.reconnect.max-delay=1s")) {
			List<String> received = new CopyOnWriteArrayList<>();
			app.client()
				.subscribe(SubscribeRequest.to("restart/#")
					.handler((message) -> received.add(new String(message.payload(), StandardCharsets.UTF_8)))
					.build())
				.join();
			stopBroker();
			app.awaitEvents(MqttConnectionLostEvent.class, 1);
			Awaitility.await()
				.untilAsserted(() -> assertThat(app.events(MqttReconnectScheduledEvent.class)).isNotEmpty());
			CompletableFuture<PublishResult> whileDown = app.client()
				.publish(PublishRequest.to("restart/x").payload("while down").qos(1).build());
			startBroker();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(app.client().state()).isEqualTo(ClientState.CONNECTED));
			assertThat(whileDown).succeedsWithin(Duration.ofSeconds(10));
			Awaitility.await().untilAsserted(() -> assertThat(received).containsExactly("while down"));
			assertThat(app.awaitEvents(MqttConnectedEvent.class, 2)).extracting(MqttConnectedEvent::isReconnect)
				.containsExactly(false, true);
			assertThat(app.count("mqtt.client.reconnects")).isOne();
			assertThat(app.count("mqtt.client.reconnects", "error.class", "reconnect")).isOne();
			app.publish("restart/y", 2).join();
			Awaitility.await().untilAsserted(() -> assertThat(received).hasSize(2));
		}
	}

	@Test
	void anOverrideMakesTheSameRejectionReconnect() {
		try (App app = App.connected("mqtt.servers=" + uri(), "mqtt.error-policy.puback.not-authorized=reconnect",
				"mqtt.reconnect.base-delay=50ms")) {
			MqttPublishRejectedException ex = failure(MqttPublishRejectedException.class, app.publish("denied/x", 1));
			assertThat(ex.getClassification().errorClass()).isEqualTo(ErrorClass.RECONNECT);
			assertThat(ex.getClassification().rule()).isEqualTo("mqtt.error-policy.puback.not-authorized");
			Awaitility.await().untilAsserted(() -> assertThat(app.client().statistics().connections()).isEqualTo(2));
			MqttConnectionLostEvent lost = app.awaitEvents(MqttConnectionLostEvent.class, 1).get(0);
			assertThat(lost.getClassification().rule()).isEqualTo("mqtt.error-policy.puback.not-authorized");
			assertThat(app.count("mqtt.client.reconnects", "error.class", "reconnect", "packet", "puback", "reason",
					"not-authorized"))
				.isOne();
			app.publish("good", 1).join();
		}
	}

	static UnsubscribeResult.Entry only(UnsubscribeResult result) {
		assertThat(result.entries()).hasSize(1);
		return result.entries().get(0);
	}

	static <T extends MqttOperationException> T failure(Class<T> type, CompletableFuture<?> future) {
		Throwable cause = Awaitility.await()
			.until(() -> future.handle((result, ex) -> ex).getNow(null), (ex) -> ex != null);
		assertThat(cause).isInstanceOf(type);
		return type.cast(cause);
	}

}
