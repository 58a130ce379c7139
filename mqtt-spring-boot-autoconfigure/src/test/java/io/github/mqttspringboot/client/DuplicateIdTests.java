package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.packet.ConnAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DuplicateIdWatch}, through a client on a fake wire.
 */
class DuplicateIdTests {

	private static final Duration THROTTLED = Duration.ofSeconds(30);

	@Test
	void threeShortConnectionsClosedWithoutAReasonMakeTheClientSlowAndSuspicious() {
		TestClient test = new TestClient().connect();
		close(test);
		close(test);
		assertThat(lastDelay(test)).isLessThan(THROTTLED);
		assertThat(test.client.incidents().toString()).doesNotContain("suspected");
		test.link().close();
		assertThat(lastDelay(test)).isGreaterThanOrEqualTo(THROTTLED);
		assertThat(test.client.incidents().get(0).toString()).contains("suspected duplicate client id", "'test'",
				"'mqtt.client-id'");
		List<MqttConnectionLostEvent> lost = test.events(MqttConnectionLostEvent.class);
		assertThat(lost).map((event) -> event.getClassification().errorClass())
			.containsExactly(ErrorClass.RECONNECT, ErrorClass.RECONNECT, ErrorClass.THROTTLED);
		assertThat(test.errors(ErrorClass.THROTTLED, "local", "connection-closed")).isOne();
		test.time.advance(lastDelay(test));
		test.accept(ConnAck.of(true, 0));
		test.link().close();
		assertThat(lastDelay(test)).isGreaterThanOrEqualTo(THROTTLED);
	}

	@Test
	void aConnectionThatLastsClearsTheSuspicion() {
		TestClient test = new TestClient().connect();
		for (int i = 0; i < 3; i++) {
			close(test);
		}
		test.time.advance(Duration.ofSeconds(10));
		close(test);
		close(test);
		test.link().close();
		assertThat(lastDelay(test)).isLessThan(THROTTLED);
		assertThat(test.client.incidents().get(0).toString()).doesNotContain("suspected");
	}

	@Test
	void closesWithSomethingInFlightMayHaveTheirReasonInIt() {
		TestClient test = new TestClient().connect();
		test.client.publish(PublishRequest.to("a").qos(1).build());
		for (int i = 0; i < 6; i++) {
			close(test);
		}
		assertThat(test.client.incidents().toString()).doesNotContain("suspected");
	}

	@Test
	void closesWithASubscribeInFlightMayHaveTheirReasonInIt() {
		TestClient test = new TestClient().connect();
		test.client.subscribe(SubscribeRequest.to("a").build());
		for (int i = 0; i < 6; i++) {
			close(test);
		}
		assertThat(test.client.incidents().toString()).doesNotContain("suspected");
	}

	@Test
	void closesWithAReasonAreNoneWithoutOne() {
		TestClient test = new TestClient().connect();
		for (int i = 0; i < 6; i++) {
			test.end(MqttFailure.of(PacketType.DISCONNECT, 0x8B).build());
			test.time.advance(lastDelay(test));
			test.accept(ConnAck.of(true, 0));
		}
		assertThat(test.client.incidents().toString()).doesNotContain("suspected");
	}

	@Test
	void aCloseWithAReasonInBetweenClearsTheSuspicion() {
		TestClient test = new TestClient().connect();
		for (int i = 0; i < 4; i++) {
			close(test);
			close(test);
			test.end(MqttFailure.of(PacketType.DISCONNECT, 0x8B).build());
			test.time.advance(lastDelay(test));
			test.accept(ConnAck.of(true, 0));
		}
		assertThat(test.client.incidents().toString()).doesNotContain("suspected");
	}

	@Test
	void whoeverReconnectsOrStopsTheClientClearsTheSuspicion() {
		TestClient test = new TestClient().connect();
		close(test);
		close(test);
		test.client.reconnect();
		test.time.run();
		test.accept(ConnAck.of(true, 0));
		close(test);
		close(test);
		test.stop();
		test.start();
		test.accept(ConnAck.of(true, 0));
		close(test);
		close(test);
		assertThat(test.client.incidents().toString()).doesNotContain("suspected");
		test.link().close();
		test.time.run();
		assertThat(test.client.incidents().get(0).toString()).contains("suspected duplicate client id: 3");
	}

	@Test
	void anAttemptThatDoesNotConnectNeitherAddsToTheSuspicionNorClearsIt() {
		TestClient test = new TestClient().connect();
		close(test);
		close(test);
		test.link().close();
		test.time.advance(lastDelay(test));
		test.end(MqttFailure.local(LocalError.CLOSED_BEFORE_CONNACK).build());
		test.time.advance(lastDelay(test));
		test.accept(ConnAck.of(true, 0));
		test.link().close();
		test.time.run();
		assertThat(test.client.incidents().get(0).toString()).contains("suspected duplicate client id: 4");
	}

	@Test
	void aPolicyThatStopsTheClientStillStopsIt() {
		TestClient test = new TestClient(
				(config) -> config.with((c) -> c.policy = DefaultErrorClassificationPolicy.builder()
					.override(LocalError.CONNECTION_CLOSED, ErrorClass.FATAL)
					.build()))
			.connect();
		test.link().close();
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
	}

	private static void close(TestClient test) {
		test.link().close();
		test.time.advance(lastDelay(test));
		test.accept(ConnAck.of(true, 0));
	}

	private static Duration lastDelay(TestClient test) {
		List<MqttReconnectScheduledEvent> events = test.events(MqttReconnectScheduledEvent.class);
		return events.get(events.size() - 1).getDelay();
	}

}
