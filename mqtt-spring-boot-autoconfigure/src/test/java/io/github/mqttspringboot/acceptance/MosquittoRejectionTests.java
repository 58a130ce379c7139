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
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;

import static org.assertj.core.api.Assertions.assertThat;

@RequiresMosquitto
class MosquittoRejectionTests extends AbstractRejectionTests {

	private final MosquittoBroker broker = MosquittoBroker.startAnonymous();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@Test
	void aFewRefusedAmongManyQos2PublishesCostNothing() {
		try (App app = App.connected("mqtt.servers=" + uri())) {
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

	@Override
	String uri() {
		return this.broker.uri();
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
