package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Shutdown}, through a client on a fake wire.
 */
class GracefulStopTests {

	private final AtomicInteger told = new AtomicInteger();

	@Test
	void publishesInFlightAndWaitingFinishBeforeTheDisconnect() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.maxInFlight = 1)).connect();
		CompletableFuture<PublishResult> inFlight = publish(test, 1);
		CompletableFuture<PublishResult> waiting = publish(test, 2);
		CompletableFuture<PublishResult> unwritten = publish(test, 0);
		stop(test);
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPING);
		assertThat(test.client.isRunning()).isFalse();
		test.link().writeAll();
		test.receive(new PublishAck(PacketType.PUBACK, id(test, 0), 0));
		assertThat(inFlight).isCompleted();
		test.receive(new PublishAck(PacketType.PUBREC, id(test, 1), 0));
		assertThat(waiting).isNotDone();
		assertThat(test.link().sent(PacketType.DISCONNECT)).isEmpty();
		test.link().writeAll();
		test.receive(new PublishAck(PacketType.PUBCOMP, id(test, 1), 0));
		test.link().writeAll();
		test.time.run();
		assertThat(waiting).isCompleted();
		assertThat(unwritten).isCompleted();
		assertThat(this.told).hasValue(1);
		assertThat(test.link().sent(PacketType.DISCONNECT)).containsExactly(new Disconnect(0));
		assertThat(test.changes()).endsWith("CONNECTED -> STOPPING: told to stop, publishes in flight finish first",
				"STOPPING -> STOPPED: disconnected");
		assertStopped(test);
	}

	@Test
	void aRefusedPublishIsFinishedToo() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> inFlight = publish(test, 1);
		stop(test);
		test.receive(new PublishAck(PacketType.PUBACK, id(test, 0), 0x87));
		assertThat(test.cause(inFlight)).isInstanceOf(MqttPublishRejectedException.class);
		assertStopped(test);
	}

	@Test
	void newCallsFailWhileOldOnesFinish() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> inFlight = publish(test, 1);
		stop(test);
		assertThat(test.cause(publish(test, 1))).isInstanceOf(MqttNotConnectedException.class)
			.hasMessageContaining("the client is stopping");
		assertThat(test.cause(test.client.subscribe(SubscribeRequest.to("a").build())))
			.isInstanceOf(MqttNotConnectedException.class)
			.hasMessageContaining("the client is stopping");
		assertThat(test.cause(test.client.unsubscribe("a"))).isInstanceOf(MqttNotConnectedException.class);
		assertThat(test.link().sent(PacketType.SUBSCRIBE)).isEmpty();
		assertThat(test.link().sent(PacketType.UNSUBSCRIBE)).isEmpty();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPING);
		assertThat(inFlight).isNotDone();
	}

	@Test
	void theGraceEndsWithThePublishTimeout() {
		TestClient test = new TestClient().connect();
		test.time.advance(Duration.ofSeconds(1));
		CompletableFuture<PublishResult> inFlight = publish(test, 1);
		stop(test);
		test.time.advance(Duration.ofSeconds(30).minusNanos(1));
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPING);
		assertThat(inFlight).isNotDone();
		test.time.advance(Duration.ofNanos(1));
		assertThat(test.cause(inFlight)).isInstanceOf(MqttOperationTimeoutException.class);
		assertThat(test.link().sent(PacketType.DISCONNECT)).hasSize(1);
		assertStopped(test);
	}

	@Test
	void aStopThatIsNotGracefulCutsTheGraceShort() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> inFlight = publish(test, 1);
		stop(test);
		test.stop();
		assertThat(test.cause(inFlight)).isInstanceOf(MqttNotConnectedException.class).hasMessageContaining("unknown");
		assertThat(test.link().sent(PacketType.DISCONNECT)).hasSize(1);
		assertStopped(test);
	}

	@Test
	void anotherGracefulStopWaitsWithTheFirst() {
		TestClient test = new TestClient().connect();
		publish(test, 1);
		stop(test);
		stop(test);
		assertThat(this.told).hasValue(0);
		test.receive(new PublishAck(PacketType.PUBACK, id(test, 0), 0));
		assertThat(this.told).hasValue(2);
		assertThat(test.link().sent(PacketType.DISCONNECT)).hasSize(1);
	}

	@Test
	void aConnectionLostInTheGraceFailsWhatIsOpenAndStaysLost() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> inFlight = publish(test, 1);
		stop(test);
		test.link().close();
		assertThat(test.cause(inFlight)).isInstanceOf(MqttNotConnectedException.class).hasMessageContaining("unknown");
		assertThat(test.events(MqttConnectionLostEvent.class)).hasSize(1);
		assertThat(test.errors(ErrorClass.RECONNECT, "local", "connection-closed")).isOne();
		assertThat(test.client.incidents()).anySatisfy(
				(incident) -> assertThat(incident.action()).contains("while publishes were given time to finish"));
		assertStopped(test);
	}

	@Test
	void aDeadLinkIsNoticedInTheGrace() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.keepAlive = Duration.ofSeconds(4))).connect();
		publish(test, 1);
		stop(test);
		test.time.advance(Duration.ofSeconds(6));
		assertThat(test.link().aborted).isTrue();
		assertStopped(test);
	}

	@Test
	void withNothingInFlightAGracefulStopIsAtOnce() {
		TestClient test = new TestClient().connect();
		stop(test);
		assertThat(test.link().sent).containsExactly(new Disconnect(0));
		assertStopped(test);
	}

	@Test
	void withoutAConnectionAGracefulStopIsAtOnce() {
		TestClient test = new TestClient().start();
		CompletableFuture<PublishResult> buffered = publish(test, 1);
		stop(test);
		assertThat(test.cause(buffered)).isInstanceOf(MqttNotConnectedException.class);
		assertThat(test.link().aborted).isTrue();
		assertStopped(test);
		test.start();
		test.accept(ConnAck.of(false, 0));
		test.link().close();
		publish(test, 1);
		stop(test);
		assertStopped(test);
	}

	@Test
	void startInTheGraceStartsOnceStopped() {
		TestClient test = new TestClient().connect();
		publish(test, 1);
		stop(test);
		test.start();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPING);
		test.receive(new PublishAck(PacketType.PUBACK, id(test, 0), 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		test.accept(ConnAck.of(true, 0));
		assertThat(publish(test, 1)).isNotDone();
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(1);
	}

	@Test
	void reconnectInTheGraceStartsOnceStopped() {
		TestClient test = new TestClient().connect();
		publish(test, 1);
		stop(test);
		test.client.reconnect();
		test.receive(new PublishAck(PacketType.PUBACK, id(test, 0), 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		assertThat(test.client.isRunning()).isTrue();
	}

	private void stop(TestClient test) {
		test.client.stop(this.told::incrementAndGet);
		test.time.run();
	}

	private void assertStopped(TestClient test) {
		test.time.run();
		int connections = test.wire.connections.size();
		assertThat(this.told.get()).isPositive();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
		assertThat(test.time.waiting()).isZero();
		test.time.advance(Duration.ofHours(1));
		assertThat(test.wire.connections).hasSize(connections);
	}

	private static CompletableFuture<PublishResult> publish(TestClient test, int qos) {
		return test.ran(test.client.publish(PublishRequest.to("a").qos(qos).build()));
	}

	private static int id(TestClient test, int index) {
		return ((Publish) test.link().sent(PacketType.PUBLISH).get(index)).packetId();
	}

}
