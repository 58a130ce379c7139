package io.github.mqttspringboot.acceptance;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.MqttNotConnectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;
import io.github.mqttspringboot.testing.TcpProxy;
import io.github.mqttspringboot.testing.ThreadWatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The ends that a connection comes to, with whole applications and real brokers.
 */
@ExtendWith(OutputCaptureExtension.class)
class LifeBrokerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String SWIFT = "mqtt.reconnect.base-delay=100ms";

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt-default|MQTT (Rec|Snd|Call|Con)");

	@AfterEach
	void noThreadIsLeft() {
		this.threads.assertGone(PATIENCE);
	}

	@Test
	@RequiresMosquitto
	void aDuplicateClientIdThatTheBrokerDoesNotNameIsSuspected(CapturedOutput output) {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous();
				App one = App.start(servers(broker.uri()), "mqtt.client-id=twin", SWIFT);
				App two = App.start(servers(broker.uri()), "mqtt.client-id=twin", SWIFT)) {
			await(() -> assertThat(List.of(suspicions(one).size(), suspicions(two).size())).containsAnyOf(1));
			App wiser = (!suspicions(one).isEmpty()) ? one : two;
			MqttIncident incident = suspicions(wiser).get(0);
			assertThat(incident.classification().errorClass()).isEqualTo(ErrorClass.THROTTLED);
			assertThat(incident.failure().localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
			assertThat(incident.action()).contains("'twin'", "mqtt.client-id");
			assertThat(output.getAll().lines()).anyMatch(
					(line) -> line.contains("WARN") && line.contains("suspected duplicate client id: 3 connections"));
			await(() -> assertThat(wiser.events(MqttReconnectScheduledEvent.class))
				.anySatisfy((event) -> assertThat(event.getDelay()).isGreaterThanOrEqualTo(Duration.ofSeconds(30))));
			Instant next = wiser.client().reconnectStatus().nextAttempt();
			assertThat(next).isNotNull();
			assertThat(wiser.client().state()).isEqualTo(ClientState.WAITING);
			// It is the other's turn
			((wiser != one) ? one : two).awaitState(ClientState.CONNECTED);
		}
	}

	@Test
	void aTakeoverThatTheBrokerNamesStopsTheClient(CapturedOutput output) {
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous();
				App one = App.connected(servers(broker.uri()), "mqtt.client-id=twin", SWIFT);
				App two = App.connected(servers(broker.uri()), "mqtt.client-id=twin", SWIFT)) {
			one.awaitState(ClientState.FAILED);
			MqttClientFailedEvent failed = one.awaitEvents(MqttClientFailedEvent.class, 1).get(0);
			assertThat(failed.getFailure().title()).isEqualTo("DISCONNECT 0x8E Session taken over");
			assertThat(one.client().incidents().get(0).action()).contains("another client uses id 'twin'",
					"client stopped");
			assertThat(one.client().reconnectStatus().fatalKind()).isEqualTo(FatalKind.IDENTITY);
			assertThat(one.client().reconnectStatus().nextAttempt()).isNull();
			assertThat(one.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(one.health().getDetails()).containsEntry("kind", "IDENTITY");
			assertThat(output.getAll().lines())
				.anyMatch((line) -> line.contains("ERROR") && line.contains("another client uses id 'twin'"));
			assertThat(two.client().state()).isEqualTo(ClientState.CONNECTED);
			assertThat(broker.openConnectionCount()).isOne();
		}
	}

	@Test
	@RequiresMosquitto
	void theContextLetsWhatIsInFlightFinishAndDisconnects() {
		Set<String> received = ConcurrentHashMap.newKeySet();
		try (MosquittoBroker broker = MosquittoBroker.builder().config("log_type all").start();
				TcpProxy proxy = TcpProxy.to(broker.port());
				App listening = App.connected(servers(broker.uri()), "mqtt.client-id=listening")) {
			listening.client()
				.subscribe(SubscribeRequest.to("last/+")
					.qos(2)
					.handler((message) -> received.add(message.topic()))
					.build())
				.join();
			App leaving = App.connected(servers(proxy.uri()), "mqtt.client-id=leaving",
					"mqtt.publish.max-in-flight=20");
			ManagedMqttClient client = leaving.client();
			proxy.stallAnswers();
			List<CompletableFuture<PublishResult>> futures = publish(leaving, 60);
			CompletableFuture<Void> closed = CompletableFuture.runAsync(leaving::close);
			await(() -> assertThat(client.state()).isEqualTo(ClientState.STOPPING));
			// Of the 60 publishes 20 are in flight, the others wait
			await(() -> assertThat(broker.log("Received PUBLISH from leaving")).hasSize(20));
			assertThat(futures).noneMatch(CompletableFuture::isDone);
			assertThatThrownBy(() -> client.publish(PublishRequest.to("last/late").qos(1).build()).join())
				.hasCauseInstanceOf(MqttNotConnectedException.class)
				.hasMessageContaining("the client is stopping");
			assertThat(closed).isNotDone();
			proxy.resume();
			assertThat(closed).succeedsWithin(PATIENCE);
			assertThat(futures).allSatisfy(
					(future) -> assertThat(future).isCompletedWithValueMatching((result) -> result.code() == 0));
			assertThat(client.state()).isEqualTo(ClientState.STOPPED);
			await(() -> assertThat(received).hasSize(60));
			await(() -> assertThat(broker.log("Received DISCONNECT from leaving")).hasSize(1));
			await(() -> assertThat(broker.log("Client leaving disconnected.")).hasSize(1));
			await(() -> assertThat(proxy.openLinkCount()).isZero());
		}
	}

	@Test
	@RequiresMosquitto
	void theLimitOfTheContextEndsTheWaitingForWhatIsInFlight() {
		try (MosquittoBroker broker = MosquittoBroker.builder().config("log_type all").start();
				TcpProxy proxy = TcpProxy.to(broker.port())) {
			App leaving = App.connected(servers(proxy.uri()), "mqtt.client-id=leaving", "mqtt.publish.timeout=1h",
					"spring.lifecycle.timeout-per-shutdown-phase=500ms");
			ManagedMqttClient client = leaving.client();
			proxy.stallAnswers();
			List<CompletableFuture<PublishResult>> futures = publish(leaving, 10);
			CompletableFuture<Void> closed = CompletableFuture.runAsync(leaving::close);
			await(() -> assertThat(client.state()).isEqualTo(ClientState.STOPPING));
			assertThat(closed).succeedsWithin(PATIENCE);
			assertThat(client.state()).isEqualTo(ClientState.STOPPED);
			assertThat(futures).allSatisfy(
					(future) -> assertThatThrownBy(future::join).hasCauseInstanceOf(MqttNotConnectedException.class)
						.hasMessageContaining("unknown"));
			await(() -> assertThat(broker.log("Received DISCONNECT from leaving")).hasSize(1));
			proxy.resume();
			await(() -> assertThat(proxy.openLinkCount()).isZero());
		}
	}

	@Test
	@RequiresMosquitto
	void aClientThatProbesIsDownWithItsKindUntilItIsLetIn() {
		try (MosquittoBroker broker = MosquittoBroker.builder().user("somebody", "else").start();
				TcpProxy proxy = TcpProxy.to(broker.port());
				App app = App.start(servers(proxy.uri()), "mqtt.reconnect.probe-interval=200ms",
						"mqtt.connect-timeout=1h")) {
			await(() -> assertThat(app.events(MqttClientFailedEvent.class)).hasSizeGreaterThan(1));
			proxy.stall();
			int links = proxy.linkCount();
			await(() -> assertThat(proxy.linkCount()).isGreaterThan(links));
			await(() -> assertThat(app.client().state()).isEqualTo(ClientState.CONNECTING));
			assertThat(app.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(app.health().getDetails()).containsEntry("kind", "AUTH").containsEntry("state", "CONNECTING");
			broker.stop();
			broker.reconfigure("allow_anonymous false", "allow_anonymous true");
			broker.start();
			proxy.cutAll();
			proxy.resume();
			app.awaitState(ClientState.CONNECTED);
			assertThat(app.health().getStatus()).isEqualTo(Status.UP);
			assertThat(app.health().getDetails()).doesNotContainKey("kind");
		}
	}

	private static List<MqttIncident> suspicions(App app) {
		return app.client()
			.incidents()
			.stream()
			.filter((incident) -> incident.action().contains("suspected duplicate client id"))
			.toList();
	}

	private static List<CompletableFuture<PublishResult>> publish(App app, int count) {
		List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			futures.add(app.publish("last/" + i, 1 + i % 2));
		}
		return futures;
	}

	private static String servers(String uri) {
		return "mqtt.servers=" + uri;
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
	}

}
