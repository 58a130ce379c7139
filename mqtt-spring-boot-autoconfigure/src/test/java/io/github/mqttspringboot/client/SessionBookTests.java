package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.event.MqttSessionLostEvent;
import io.github.mqttspringboot.packet.ConnAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SessionBook}, through a client on a fake wire.
 */
class SessionBookTests {

	@Test
	void aCleanStartAnsweredWithASessionIsRepeatedAtOnce() {
		TestClient test = new TestClient().start();
		test.accept(ConnAck.of(true, 0));
		assertThat(test.wire.connections).hasSize(2);
		assertThat(test.wire.connections.get(0).aborted).isTrue();
		assertThat(test.link().request.cleanStart()).isTrue();
		assertThat(test.client.reconnectStatus().attempt()).isZero();
		assertThat(test.events(MqttReconnectScheduledEvent.class)).isEmpty();
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.events(MqttSessionLostEvent.class)).hasSize(1);
		assertThat(test.errors(ErrorClass.RECONNECT, "local", "unexpected-session-present")).isOne();
	}

	@Test
	void theSecondTimeInARowWaits() {
		TestClient test = new TestClient().start();
		test.accept(ConnAck.of(true, 0));
		test.accept(ConnAck.of(true, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(test.wire.connections).hasSize(2);
		assertThat(test.client.reconnectStatus().attempt()).isOne();
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(true, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(test.wire.connections).hasSize(3);
		assertThat(test.events(MqttSessionLostEvent.class)).isEmpty();
	}

	@Test
	void aSessionThatWasGivenUpForOneAtAnotherServerIsNotResumed() {
		TestClient test = new TestClient(
				(config) -> config.with((c) -> c.servers = List.of(URI.create("mqtt://one"), URI.create("mqtt://two"))))
			.connect();
		CompletableFuture<PublishResult> inFlight = test.ran(test.client.publish(PublishRequest.to("a").build()));
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x8B).build());
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.link().request.server().getHost()).isEqualTo("two");
		test.accept(ConnAck.of(false, 0));
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.link().request.server().getHost()).isEqualTo("one");
		assertThat(test.link().request.cleanStart()).isFalse();
		test.accept(ConnAck.of(true, 0));
		assertThat(test.link().request.server().getHost()).isEqualTo("one");
		assertThat(test.link().request.cleanStart()).isTrue();
		assertThat(test.client.incidents().get(0).failure().localError())
			.isEqualTo(LocalError.UNEXPECTED_SESSION_PRESENT);
		test.accept(ConnAck.of(false, 0));
		assertThat(test.events(MqttSessionLostEvent.class)).hasSize(2);
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(1);
		assertThat(inFlight).isNotDone();
	}

	@Test
	void whoeverIsToldToWaitStillAsksForANewSession() {
		TestClient test = new TestClient((config) -> config.with((c) -> {
			c.servers = List.of(URI.create("mqtt://one"), URI.create("mqtt://two"));
			c.policy = DefaultErrorClassificationPolicy.builder()
				.override(LocalError.UNEXPECTED_SESSION_PRESENT, ErrorClass.THROTTLED)
				.build();
		})).connect();
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x8B).build());
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(false, 0));
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(true, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		test.time.advance(Duration.ofMinutes(10));
		assertThat(test.link().request.cleanStart()).isTrue();
	}

	@Test
	void withoutACleanStartTheFirstConnectResumesWhatTheServerHas() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.cleanStart = false)).start();
		test.accept(ConnAck.of(true, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.client.connection().sessionPresent()).isTrue();
		assertThat(test.client.statistics().errors().total()).isZero();
	}

}
