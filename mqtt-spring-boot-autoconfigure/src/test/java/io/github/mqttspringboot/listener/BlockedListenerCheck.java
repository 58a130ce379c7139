package io.github.mqttspringboot.listener;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.LogCapture;
import io.github.mqttspringboot.testing.MosquittoBroker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The warning of a listener that blocks, on real servers. It takes a minute of real time,
 * so that only {@code -Dtest=BlockedListenerCheck} runs it.
 */
class BlockedListenerCheck {

	@Test
	void aListenerThatBlocksIsNamedAfterHalfAMinuteOnArtemis() {
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous()) {
			check(broker.uri());
		}
	}

	@Test
	void aListenerThatBlocksIsNamedAfterHalfAMinuteOnMosquitto() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous()) {
			check(broker.uri());
		}
	}

	private static void check(String uri) {
		try (LogCapture log = LogCapture.start();
				ListenerApp app = ListenerApp.start(uri, Blocked.class, "mqtt.keep-alive=5s")) {
			Blocked blocked = app.bean(Blocked.class);
			try {
				for (int i = 0; i < 3; i++) {
					app.publish("blocked", "x", 1).join();
				}
				Awaitility.await()
					.atMost(Duration.ofSeconds(40))
					.untilAsserted(() -> assertThat(log.messages()).filteredOn((line) -> line.contains("holds back"))
						.singleElement()
						.asString()
						.contains("listener 'sleeper' holds back a message on topic blocked for 30 s", "of 2 messages",
								"'mqtt.receive-maximum'"));
				assertThat(app.client().state()).isEqualTo(ClientState.CONNECTED);
				assertThat(app.client().statistics().connections()).isOne();
			}
			finally {
				blocked.release.countDown();
			}
		}
	}

	static class Blocked {

		private final CountDownLatch release = new CountDownLatch(1);

		@MqttListener(id = "sleeper", topics = "blocked", qos = 1)
		void blocked(String text) throws InterruptedException {
			this.release.await();
		}

	}

}
