package io.github.mqttspringboot.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeepAlive}, through a client on a fake wire.
 */
class KeepAliveTests {

	@Test
	void anIdleConnectionIsPingedAfterTheKeepAlive() {
		TestClient test = new TestClient().connect();
		test.time.advance(Duration.ofSeconds(60).minusNanos(1));
		assertThat(test.link().sent).isEmpty();
		test.time.advance(Duration.ofNanos(1));
		assertThat(test.link().sent).containsExactly(Ping.REQUEST);
	}

	@Test
	void anAnsweredPingKeepsTheConnection() {
		TestClient test = new TestClient().connect();
		for (int i = 1; i <= 20; i++) {
			test.time.advance(Duration.ofSeconds(60));
			assertThat(test.link().sent(PacketType.PINGREQ)).hasSize(i);
			test.receive(Ping.RESPONSE);
		}
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.client.statistics().errors().total()).isZero();
	}

	@Test
	void anUnansweredPingEndsTheConnectionAfterHalfTheKeepAlive() {
		TestClient test = new TestClient().connect();
		test.time.advance(Duration.ofSeconds(90).minusNanos(1));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		test.time.advance(Duration.ofNanos(1));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(test.wire.connections.get(0).aborted).isTrue();
		assertThat(test.events(MqttConnectionLostEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getFailure().localError()).isEqualTo(LocalError.PING_TIMEOUT));
		assertThat(test.errors(ErrorClass.RECONNECT, "local", "ping-timeout")).isOne();
	}

	@Test
	void theNextConnectionIsPingedToo() {
		TestClient test = new TestClient().connect();
		test.time.advance(Duration.ofSeconds(91));
		while (test.client.state() != ClientState.CONNECTING) {
			test.time.advance(Duration.ofSeconds(1));
		}
		test.accept(ConnAck.of(true, 0));
		test.time.advance(Duration.ofSeconds(60));
		assertThat(test.link().sent).containsExactly(Ping.REQUEST);
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void aPingResponseThatWaitsBehindOtherPacketsIsWaitedFor() {
		TestClient test = new TestClient().connect();
		test.time.advance(Duration.ofSeconds(60));
		for (int i = 0; i < 10; i++) {
			test.time.advance(Duration.ofSeconds(20));
			test.receive(message());
		}
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.link().sent(PacketType.PINGREQ)).hasSize(1);
		test.time.advance(Duration.ofSeconds(30));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
	}

	@Test
	void aPingResponseThatWaitsBehindTheRestOfALargePacketIsWaitedFor() {
		TestClient test = new TestClient().connect();
		test.time.advance(Duration.ofSeconds(60));
		for (int i = 0; i < 10; i++) {
			test.time.advance(Duration.ofSeconds(20));
			test.wire.last().listener.receiving();
			test.time.run();
		}
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		test.time.advance(Duration.ofSeconds(30));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
	}

	@Test
	void aPingThatWaitsBehindALargePacketIsGivenItsTimeOnceWritten() {
		TestClient test = new TestClient().connect();
		test.client.publish(PublishRequest.to("a").qos(1).build());
		test.time.advance(Duration.ofSeconds(60));
		for (int i = 0; i < 10; i++) {
			test.time.advance(Duration.ofSeconds(20));
			test.wire.last().listener.writing();
			test.time.run();
		}
		test.wire.last().writeAll();
		test.time.advance(Duration.ofSeconds(30).minusNanos(1));
		assertThat(test.link().sent(PacketType.PINGREQ)).hasSize(1);
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		test.wire.last().listener.writing();
		test.time.advance(Duration.ofNanos(1));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
	}

	@Test
	void aPingThatCannotBeWrittenEndsTheConnection() {
		TestClient test = new TestClient().connect();
		test.client.publish(PublishRequest.to("a").qos(1).build());
		test.time.advance(Duration.ofSeconds(90));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(test.client.incidents().get(0).failure().detail()).contains("could not be written");
	}

	@Test
	void whoOnlyReceivesStillSendsWithinTheKeepAlive() {
		TestClient test = new TestClient().connect();
		for (int i = 0; i < 6; i++) {
			test.time.advance(Duration.ofSeconds(10));
			test.receive(message());
		}
		assertThat(test.link().sent).containsExactly(Ping.REQUEST);
	}

	@Test
	void whoOnlySendsStillAsksWhetherTheServerIsThere() {
		TestClient test = new TestClient().connect();
		for (int i = 0; i < 6; i++) {
			test.time.advance(Duration.ofSeconds(10));
			test.client.publish(PublishRequest.to("a").qos(0).build());
			test.time.run();
			test.wire.last().writeAll();
		}
		assertThat(test.link().sent(PacketType.PINGREQ)).hasSize(1);
		test.time.advance(Duration.ofSeconds(30));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
	}

	@Test
	void theServersKeepAliveWins() {
		TestClient test = new TestClient().start();
		test.accept(Limits.connAck((limits) -> limits.keepAlive = 10));
		test.time.advance(Duration.ofSeconds(10));
		assertThat(test.link().sent).containsExactly(Ping.REQUEST);
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
	}

	@Test
	void aKeepAliveOfZeroMeansNoPing() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.keepAlive = Duration.ZERO)).connect();
		test.time.advance(Duration.ofHours(5));
		assertThat(test.link().sent).isEmpty();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	private static Publish message() {
		return new Publish(0, "a", 0, false, false, PublishProperties.NONE, new byte[0]);
	}

}
