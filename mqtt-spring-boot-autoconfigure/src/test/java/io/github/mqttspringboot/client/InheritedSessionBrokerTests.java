package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RawClient;
import io.github.mqttspringboot.testing.RequiresMosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process dies between PUBREC and PUBREL, and the next one knows nothing of it: its own
 * message has the same packet identifier.
 */
class InheritedSessionBrokerTests {

	private final Queue<String> received = new ConcurrentLinkedQueue<>();

	@Test
	void aMessageOfTheNextProcessIsDeliveredByArtemis() {
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous()) {
			check(broker.port());
		}
	}

	@Test
	@RequiresMosquitto
	void aMessageOfTheNextProcessIsDeliveredByMosquitto() {
		try (MosquittoBroker broker = MosquittoBroker.builder().start()) {
			check(broker.port());
		}
	}

	private void check(int port) {
		String uri = "mqtt://127.0.0.1:" + port;
		try (LiveClient subscriber = new LiveClient(uri, (config) -> config.clientId = "subscriber").connect()) {
			subscriber.client
				.subscribe(SubscribeRequest.to("a")
					.qos(2)
					.handler((message) -> this.received.add(new String(message.payload(), StandardCharsets.UTF_8)))
					.build())
				.join();
			die(port);
			try (LiveClient next = new LiveClient(uri, (config) -> {
				config.clientId = "gateway";
				config.cleanStart = false;
			}).connect()) {
				assertThat(next.client.connection().sessionPresent()).isTrue();
				for (String payload : new String[] { "new 1", "new 2" }) {
					assertThat(publish(next, payload).join().code()).isZero();
				}
				await().untilAsserted(() -> assertThat(this.received).contains("new 1", "new 2"));
				assertThat(this.received).doesNotHaveDuplicates();
				assertThat(next.events(MqttProtocolAnomalyEvent.class)).isEmpty();
				assertThat(next.client.statistics().errors().total()).isZero();
			}
		}
	}

	private static CompletableFuture<PublishResult> publish(LiveClient client, String payload) {
		return client.client.publish(PublishRequest.to("a").payload(payload).qos(2).build());
	}

	private static void die(int port) {
		try (RawClient client = new RawClient(port)) {
			assertThat(client.resume("gateway", 300).reasonCode()).isZero();
			assertThat(client.publish(1, 2, "a", "old").reasonCode()).isLessThan(0x80);
		}
	}

}
