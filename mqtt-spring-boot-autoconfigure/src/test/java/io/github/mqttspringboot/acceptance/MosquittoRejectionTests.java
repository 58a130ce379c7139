package io.github.mqttspringboot.acceptance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RawClient;
import io.github.mqttspringboot.testing.RawClient.Ending;
import io.github.mqttspringboot.testing.RequiresMosquitto;

import static org.assertj.core.api.Assertions.assertThat;

@RequiresMosquitto
class MosquittoRejectionTests extends AbstractRejectionTests {

	private final MosquittoBroker broker = MosquittoBroker.builder()
		.config("max_packet_size " + MAXIMUM_PACKET_SIZE)
		.start();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@Test
	void aFewRefusedAmongManyQos2PublishesCostNothing() {
		try (App app = connected()) {
			List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
			for (int i = 0; i < 2000; i++) {
				futures.add(app.publish((i % 100 == 99) ? "denied/x" : "good/x", 2));
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(futures).allMatch(CompletableFuture::isDone));
			assertThat(futures).filteredOn((future) -> !future.isCompletedExceptionally()).hasSize(1980);
			assertThat(futures).filteredOn(CompletableFuture::isCompletedExceptionally).hasSize(20);
			assertThat(app.count("mqtt.client.errors", "packet", "pubrec", "reason", "not-authorized")).isEqualTo(20);
			assertThat(app.count("mqtt.client.reconnects")).isZero();
			assertThat(app.client().statistics().connections()).isOne();
			assertThat(this.broker.connectCount()).isOne();
		}
	}

	@Test
	void whateverIsInFlightWhenTheBrokerIsKilledEnds() {
		everythingEnds(this.broker::kill);
	}

	/** Mosquitto's ACL file cannot refuse a subscription. */
	@Test
	void aSubscriptionThatIsOnlySeeminglyGrantedKeepsTheConnection() {
		try (App app = connected()) {
			List<String> received = subscribe(app, "denied/#");
			failure(MqttPublishRejectedException.class, app.publish("denied/x", 1));
			app.publish("good/x", 1).join();
			assertThat(received).isEmpty();
			assertThat(app.client().statistics().connections()).isOne();
			assertThat(this.broker.connectCount()).isOne();
		}
	}

	@Test
	void aWrongPasswordStopsTheClientAndNotTheApplication() {
		try (MosquittoBroker secured = MosquittoBroker.builder().user("user", "right").start();
				App app = App.start("mqtt.servers=" + secured.uri(), "mqtt.username=user", "mqtt.password=wrong")) {
			app.awaitState(ClientState.FAILED);
			app.awaitEvents(MqttClientFailedEvent.class, 1);
			assertThat(app.isRunning()).isTrue();
			assertThat(app.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(app.health().getDetails().toString()).contains("0x87 Not authorized").doesNotContain("wrong");
			assertThat(secured.connectCount()).isZero();
		}
	}

	/** Mosquitto closes the connection without a word: it looks like any other end. */
	@Override
	void expectTakenOver(App app, RawClient other) {
		MqttConnectionLostEvent lost = app.awaitEvents(MqttConnectionLostEvent.class, 1).get(0);
		assertThat(lost.getFailure().localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
		Awaitility.await().untilAsserted(() -> assertThat(app.count("mqtt.client.reconnects")).isOne());
		assertThat(app.client().statistics().connections()).isEqualTo(2);
		assertThat(other.awaitEnd()).isNotEqualTo(Ending.NONE);
		app.publish("good/x", 2).join();
	}

	@Override
	String uri() {
		return this.broker.uri();
	}

	@Override
	int port() {
		return this.broker.port();
	}

	@Override
	void stopBroker() {
		this.broker.stop();
	}

	@Override
	void startBroker() {
		this.broker.start();
	}

	@Override
	long connectionsSeenByBroker() {
		return this.broker.connectCount();
	}

}
