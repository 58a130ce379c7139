package io.github.mqttspringboot.acceptance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

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
import io.github.mqttspringboot.client.SubscribeResult;
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
import io.github.mqttspringboot.testing.RawClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold on any broker that refuses what is under {@code denied/}.
 */
abstract class AbstractRejectionTests {

	/** What the brokers are told, in bytes. */
	static final int MAXIMUM_PACKET_SIZE = 10_000;

	private static final AtomicInteger CLIENTS = new AtomicInteger();

	/** One a test, as brokers may remember. */
	final String clientId = "acceptance-" + CLIENTS.incrementAndGet();

	abstract String uri();

	abstract int port();

	abstract void stopBroker();

	abstract void startBroker();

	abstract long connectionsSeenByBroker();

	/**
	 * Expect what becomes of a client when another one connects with its identifier.
	 * @param app the application of the first client
	 * @param other the other client
	 */
	abstract void expectTakenOver(App app, RawClient other);

	final App connected(String... properties) {
		List<String> all = new ArrayList<>(List.of("mqtt.servers=" + uri(), "mqtt.client-id=" + this.clientId,
				"mqtt.reconnect.initial-spread=500ms", "mqtt.reconnect.base-delay=200ms",
				"mqtt.reconnect.max-delay=1s"));
		all.addAll(List.of(properties));
		return App.connected(all.toArray(String[]::new));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void rejectedPublishKeepsTheConnection(int qos) {
		try (App app = connected()) {
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

	/** Nobody says so: at QoS 0 there is no acknowledgement. */
	@Test
	void aPublishThatIsRefusedAtQos0KeepsTheConnection() {
		try (App app = connected()) {
			List<String> received = subscribe(app, "good/#");
			assertThat(app.publish("denied/x", 0)).succeedsWithin(Duration.ofSeconds(10));
			assertThat(app.publish("good/x", 0)).succeedsWithin(Duration.ofSeconds(10));
			Awaitility.await().untilAsserted(() -> assertThat(received).containsExactly("x"));
			assertThat(app.events(MqttPublishRejectedEvent.class)).isEmpty();
			assertThat(app.count("mqtt.client.errors")).isZero();
			assertThat(app.client().statistics().connections()).isOne();
			assertThat(connectionsSeenByBroker()).isOne();
		}
	}

	@Test
	void aPublishLargerThanTheBrokerTakesKeepsTheConnection() {
		try (App app = connected()) {
			MqttPublishRejectedException ex = failure(MqttPublishRejectedException.class, app.client()
				.publish(PublishRequest.to("good/x").payload(new byte[MAXIMUM_PACKET_SIZE + 1]).qos(2).build()));
			assertThat(ex.getFailure().localError()).isEqualTo(LocalError.PACKET_TOO_LARGE);
			assertThat(ex.getMessage()).contains("Maximum Packet Size is " + MAXIMUM_PACKET_SIZE);
			app.awaitEvents(MqttPublishRejectedEvent.class, 1);
			assertThat(app.count("mqtt.client.errors", "packet", "local", "reason", "packet-too-large")).isOne();
			app.client()
				.publish(PublishRequest.to("good/x").payload(new byte[MAXIMUM_PACKET_SIZE - 100]).qos(2).build())
				.join();
			assertThat(app.client().statistics().connections()).isOne();
			assertThat(connectionsSeenByBroker()).isOne();
		}
	}

	@Test
	void anotherClientWithTheSameIdentifierTakesTheSessionOver() {
		try (App app = connected(); RawClient other = RawClient.connected(port(), this.clientId)) {
			expectTakenOver(app, other);
		}
	}

	@Test
	void unsubscribingTwiceKeepsTheConnection() {
		try (App app = connected()) {
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
		try (App app = connected()) {
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
		try (App app = connected()) {
			List<String> received = subscribe(app, "restart/#");
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
	void whateverIsInFlightWhenTheBrokerStopsEnds() {
		everythingEnds(this::stopBroker);
	}

	final void everythingEnds(Runnable endOfTheBroker) {
		try (App app = connected("mqtt.publish.max-in-flight=20", "mqtt.publish.timeout=5m")) {
			List<CompletableFuture<PublishResult>> publishes = new ArrayList<>();
			for (int i = 0; i < 600; i++) {
				publishes.add(app.publish((i % 10 == 9) ? "denied/x" : "good/x", i % 3));
				if (i == 300) {
					Awaitility.await().until(() -> publishes.get(100).isDone());
					endOfTheBroker.run();
					app.awaitEvents(MqttConnectionLostEvent.class, 1);
				}
			}
			CompletableFuture<SubscribeResult> subscribe = app.client()
				.subscribe(SubscribeRequest.to("good/#").build());
			CompletableFuture<UnsubscribeResult> unsubscribe = app.client().unsubscribe("good/never");
			startBroker();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(publishes).allMatch(CompletableFuture::isDone));
			assertThat(subscribe).succeedsWithin(Duration.ofSeconds(10));
			assertThat(unsubscribe).succeedsWithin(Duration.ofSeconds(10));
			assertThat(app.count("mqtt.client.reconnects")).isOne();
			assertThat(app.client().statistics().connections()).isEqualTo(2);
			app.publish("good/y", 2).join();
		}
	}

	@Test
	void anOverrideMakesTheSameRejectionReconnect() {
		try (App app = connected("mqtt.error-policy.puback.not-authorized=reconnect")) {
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

	static List<String> subscribe(App app, String filter) {
		List<String> received = new CopyOnWriteArrayList<>();
		app.client()
			.subscribe(SubscribeRequest.to(filter)
				.handler((message) -> received.add(new String(message.payload(), StandardCharsets.UTF_8)))
				.build())
			.join();
		return received;
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
