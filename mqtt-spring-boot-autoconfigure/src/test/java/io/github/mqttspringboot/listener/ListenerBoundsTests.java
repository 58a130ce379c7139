package io.github.mqttspringboot.listener;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.metrics.MqttMetrics;
import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.LogCapture;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A listener that blocks, on real servers: what it has in hand is bounded.
 */
class ListenerBoundsTests {

	@Test
	void qos0AboveTheCapacityIsDroppedAndQos1IsNotOnArtemis() {
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous()) {
			check(broker.uri());
		}
	}

	@Test
	@RequiresMosquitto
	void qos0AboveTheCapacityIsDroppedAndQos1IsNotOnMosquitto() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous()) {
			check(broker.uri());
		}
	}

	private static void check(String uri) {
		try (LogCapture log = LogCapture.start();
				ListenerApp app = ListenerApp.start(uri, Blocked.class, "mqtt.listener.queue-capacity=10",
						"mqtt.client-id=bounds");
				ListenerApp publisher = ListenerApp.start(uri, FlowRun.Nobody.class,
						"mqtt.client-id=bounds-publisher")) {
			Blocked blocked = app.bean(Blocked.class);
			try {
				for (int i = 0; i < 30; i++) {
					publisher.publish("bounds/blocked", "zero " + i, 0).join();
				}
				for (int i = 0; i < 20; i++) {
					publisher.publish("bounds/blocked", "one " + i, 1).join();
				}
				publisher.publish("bounds/end", "", 1).join();
				Awaitility.await().until(() -> blocked.end.getCount() == 0);
				SimpleMeterRegistry registry = new SimpleMeterRegistry();
				new MqttMetrics(app.client()).bindTo(registry);
				assertThat(registry.get("mqtt.listener.dropped").functionCounter().count()).isEqualTo(20);
				assertThat(registry.get("mqtt.listener.queued").gauge().value()).isEqualTo(30);
				assertThat(log.messages()).filteredOn((line) -> line.contains("was dropped"))
					.singleElement()
					.asString()
					.contains("listener 'blocked' has 10 messages in hand", "'mqtt.listener.queue-capacity'");
			}
			finally {
				blocked.release.countDown();
			}
			List<String> expected = IntStream.range(0, 30)
				.mapToObj((i) -> (i < 10) ? "zero " + i : "one " + (i - 10))
				.toList();
			Awaitility.await().untilAsserted(() -> assertThat(blocked.handled).isEqualTo(expected));
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	static class Blocked {

		private final CountDownLatch release = new CountDownLatch(1);

		private final CountDownLatch end = new CountDownLatch(1);

		private final List<String> handled = new CopyOnWriteArrayList<>();

		@MqttListener(id = "blocked", topics = "bounds/blocked", qos = 1)
		void blocked(String text) throws InterruptedException {
			this.release.await();
			this.handled.add(text);
		}

		@MqttListener(id = "end", topics = "bounds/end", qos = 1)
		void end(ReceivedMessage message) {
			this.end.countDown();
		}

	}

}
