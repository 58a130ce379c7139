package io.github.mqttspringboot.acceptance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold on any broker that refuses what is under {@code denied/}, whatever
 * carries MQTT.
 */
abstract class AbstractTransportTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final List<ReceivedMessage> received = new CopyOnWriteArrayList<>();

	abstract String uri(Transport transport);

	abstract void stopBroker();

	abstract void startBroker();

	abstract long connectionsSeenByBroker();

	/** Whether the broker delivers a megabyte within seconds. */
	boolean deliversFast(Transport transport) {
		return true;
	}

	App connected(Transport transport) {
		List<String> properties = new ArrayList<>(
				List.of("mqtt.servers=" + uri(transport), "mqtt.reconnect.initial-spread=200ms",
						"mqtt.reconnect.base-delay=100ms", "mqtt.reconnect.max-delay=500ms"));
		if (transport.isSecure()) {
			properties.add("mqtt.ssl.bundle=broker");
			properties.add("spring.ssl.bundle.pem.broker.truststore.certificate=" + Certificates.get().authority());
		}
		return App.connected(properties.toArray(String[]::new));
	}

	@ParameterizedTest
	@EnumSource
	void rejectionsKeepTheConnection(Transport transport) {
		try (App app = connected(transport)) {
			subscribe(app, "good/#");
			for (int qos = 0; qos <= 2; qos++) {
				CompletableFuture<?> refused = app.publish("denied/x", qos);
				if (qos == 0) {
					// Nothing is acknowledged: it is done when it is written
					assertThat(refused).succeedsWithin(PATIENCE);
				}
				else {
					assertRefused(refused, (qos == 1) ? PacketType.PUBACK : PacketType.PUBREC);
				}
				assertThat(app.publish("good/" + qos, qos)).succeedsWithin(PATIENCE);
			}
			Awaitility.await()
				.untilAsserted(() -> assertThat(this.received).extracting(ReceivedMessage::topic)
					.containsExactly("good/0", "good/1", "good/2"));
			assertThat(this.received).extracting(ReceivedMessage::qos).containsExactly(0, 1, 2);
			app.awaitEvents(MqttPublishRejectedEvent.class, 2);
			assertThat(app.count("mqtt.client.errors")).isEqualTo(2);
			assertConnections(app, 1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void largeMessagesPassBothWays(Transport transport) {
		try (App app = connected(transport)) {
			subscribe(app, "large");
			List<byte[]> payloads = new ArrayList<>();
			Random random = new Random(1);
			// Around the sizes of frames and buffers
			for (int size : new int[] { 16_370, 16_384, 65_536 }) {
				byte[] payload = new byte[size];
				random.nextBytes(payload);
				payloads.add(payload);
			}
			byte[] megabyte = new byte[1024 * 1024];
			random.nextBytes(megabyte);
			if (deliversFast(transport)) {
				payloads.add(megabyte);
			}
			else {
				assertThat(app.client().publish(PublishRequest.to("unheard").payload(megabyte).qos(2).build()))
					.succeedsWithin(PATIENCE);
			}
			for (int i = 0; i < payloads.size(); i++) {
				PublishRequest request = PublishRequest.to("large").payload(payloads.get(i)).qos(i % 3).build();
				assertThat(app.client().publish(request)).succeedsWithin(PATIENCE);
			}
			Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.received).hasSize(payloads.size()));
			for (int i = 0; i < payloads.size(); i++) {
				assertThat(this.received.get(i).payload()).as("message " + i).isEqualTo(payloads.get(i));
			}
			assertConnections(app, 1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aRestartOfTheBrokerIsSurvived(Transport transport) {
		try (App app = connected(transport)) {
			subscribe(app, "good/#");
			assertThat(app.publish("good/before", 1)).succeedsWithin(PATIENCE);
			Awaitility.await().untilAsserted(() -> assertThat(this.received).hasSize(1));
			long seen = connectionsSeenByBroker();
			stopBroker();
			app.awaitEvents(MqttConnectionLostEvent.class, 1);
			CompletableFuture<?> meanwhile = app.publish("good/meanwhile", 2);
			startBroker();
			Awaitility.await()
				.atMost(PATIENCE)
				.untilAsserted(() -> assertThat(app.client().state()).isEqualTo(ClientState.CONNECTED));
			assertThat(meanwhile).succeedsWithin(PATIENCE);
			assertRefused(app.publish("denied/x", 1), PacketType.PUBACK);
			Awaitility.await()
				.untilAsserted(() -> assertThat(this.received).extracting(ReceivedMessage::topic)
					.containsExactly("good/before", "good/meanwhile"));
			assertThat(app.count("mqtt.client.reconnects")).isOne();
			assertThat(seen).isOne();
			assertThat(app.client().statistics().connections()).isEqualTo(2);
		}
	}

	private void subscribe(App app, String filter) {
		assertThat(app.client().subscribe(SubscribeRequest.to(filter).qos(2).handler(this.received::add).build()))
			.succeedsWithin(PATIENCE);
	}

	void assertConnections(App app, int count) {
		assertThat(app.client().statistics().connections()).isEqualTo(count);
		assertThat(connectionsSeenByBroker()).isEqualTo(count);
		assertThat(app.count("mqtt.client.reconnects")).isZero();
		assertThat(app.gauge("mqtt.client.connected")).isOne();
	}

	static void assertRefused(CompletableFuture<?> future, PacketType packet) {
		MqttPublishRejectedException ex = AbstractRejectionTests.failure(MqttPublishRejectedException.class, future);
		assertThat(ex.getFailure().packet()).isEqualTo(packet);
		assertThat(ex.getFailure().code()).isEqualTo(0x87);
		assertThat(ex.getClassification().errorClass()).isEqualTo(ErrorClass.RECOVERABLE);
	}

}
