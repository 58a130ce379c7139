package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.ClientStatistics.AttemptOutcome;
import io.github.mqttspringboot.client.ClientStatistics.Direction;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a client counts in its {@link ClientStatistics}.
 */
class ClientCountsTests {

	private final TestClient test = new TestClient();

	private final ClientStatistics statistics = this.test.client.statistics();

	@Test
	void anAcceptedConnectionIsAnAttemptThatSucceeded() {
		this.test.connect();
		assertAttempts(1, 0, 0);
		this.test.end(MqttFailure.local(LocalError.CONNECTION_CLOSED).build());
		assertAttempts(1, 0, 0);
	}

	@Test
	void aRefusedConnectionIsAnAttemptThatFailed() {
		this.test.start();
		assertAttempts(0, 0, 0);
		this.test.refuse(0x88);
		assertAttempts(0, 1, 0);
		assertThat(this.statistics.connections()).isZero();
	}

	@Test
	void eachServerThatWasTriedIsAnAttempt() {
		TestClient two = new TestClient((config) -> config
			.with((c) -> c.servers = List.of(URI.create("mqtt://one:1883"), URI.create("mqtt://two:1883"))));
		two.start().end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		two.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(two.client.statistics().attempts(AttemptOutcome.FAILURE)).isEqualTo(2);
	}

	@Test
	void anAttemptCutShortIsCancelled() {
		this.test.start();
		this.test.client.reconnect();
		this.test.time.run();
		assertAttempts(0, 0, 1);
		this.test.stop();
		assertAttempts(0, 0, 2);
	}

	@Test
	void aStopOfAConnectionIsNoAttempt() {
		this.test.connect().stop();
		this.test.link().close();
		this.test.time.run();
		assertAttempts(1, 0, 0);
	}

	@Test
	void aMessageThatIsSentAgainCountsOnce() {
		this.test.connect();
		publish(1);
		publish(2);
		this.test.reconnect(true);
		assertThat(this.test.link().sent(PacketType.PUBLISH)).hasSize(2);
		assertThat(this.statistics.messages(Direction.OUTBOUND, 1)).isEqualTo(1);
		assertThat(this.statistics.messages(Direction.OUTBOUND, 2)).isEqualTo(1);
		this.test.reconnect(false);
		assertThat(this.statistics.messages(Direction.OUTBOUND, 1)).isEqualTo(1);
		assertThat(this.statistics.messages(Direction.OUTBOUND, 0)).isZero();
	}

	@Test
	void aReceivedMessageCountsOnceASession() {
		this.test.connect();
		receive(0, 0, false);
		receive(1, 1, false);
		receive(2, 2, false);
		receive(2, 2, true);
		this.test.reconnect(true);
		receive(2, 2, true);
		for (int qos = 0; qos <= 2; qos++) {
			assertThat(this.statistics.messages(Direction.INBOUND, qos)).as("QoS " + qos).isEqualTo(1);
		}
		assertThat(this.statistics.messages(Direction.OUTBOUND, 1)).isZero();
	}

	@Test
	void whatWaitsAndWhatIsInFlightAreKnownBeforeAnOutcomeIs() {
		TestClient narrow = new TestClient((config) -> config.with((c) -> c.maxInFlight = 1));
		ClientStatistics statistics = narrow.client.statistics();
		narrow.client.publish(message(1));
		narrow.client.publish(message(1)).whenComplete((result, cause) -> {
			assertThat(statistics.inFlight()).isZero();
			assertThat(statistics.buffered()).isZero();
		});
		narrow.time.run();
		assertThat(statistics.buffered()).isEqualTo(2);
		narrow.connect();
		assertThat(statistics.inFlight()).isEqualTo(1);
		assertThat(statistics.buffered()).isEqualTo(1);
		narrow.receive(new PublishAck(PacketType.PUBACK, sentId(narrow, 0), 0));
		assertThat(statistics.inFlight()).isEqualTo(1);
		assertThat(statistics.buffered()).isZero();
		narrow.receive(new PublishAck(PacketType.PUBACK, sentId(narrow, 1), 0));
		narrow.time.advance(Duration.ofSeconds(1));
		assertThat(statistics.inFlight()).isZero();
	}

	private void publish(int qos) {
		this.test.client.publish(message(qos));
		this.test.time.run();
	}

	private static int sentId(TestClient test, int index) {
		return ((Publish) test.link().sent(PacketType.PUBLISH).get(index)).packetId();
	}

	private static PublishRequest message(int qos) {
		return PublishRequest.to("a/b").payload("x").qos(qos).build();
	}

	private void receive(int qos, int packetId, boolean duplicate) {
		this.test.receive(new Publish(packetId, "in", qos, false, duplicate, PublishProperties.NONE, new byte[0]));
	}

	private void assertAttempts(long success, long failure, long cancelled) {
		assertThat(this.statistics.attempts(AttemptOutcome.SUCCESS)).as("success").isEqualTo(success);
		assertThat(this.statistics.attempts(AttemptOutcome.FAILURE)).as("failure").isEqualTo(failure);
		assertThat(this.statistics.attempts(AttemptOutcome.CANCELLED)).as("cancelled").isEqualTo(cancelled);
	}

}
