package io.github.mqttspringboot.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.FakeWire.FakeConnection;
import io.github.mqttspringboot.client.TestClient.Config;
import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.event.MqttSessionLostEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.PublishAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Supervisor}, through a client on a fake wire.
 */
class SupervisorTests {

	@Test
	void aStopWinsOverAReconnectThatIsNotForTheStopped() {
		TestClient test = new TestClient().connect();
		test.client.stop(false, () -> {
		});
		test.client.reconnectUnlessStopped();
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
		assertThat(test.client.isRunning()).isFalse();
		assertThat(test.wire.connections).hasSize(1);
	}

	@Test
	void whatIsNotStoppedIsReconnected() {
		TestClient test = new TestClient().connect();
		test.client.reconnectUnlessStopped();
		test.time.run();
		assertThat(test.wire.connections).hasSize(2);
		test.refuse(0x86);
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
		test.client.reconnectUnlessStopped();
		test.time.run();
		assertThat(test.wire.connections).hasSize(3);
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		assertThat(test.client.isRunning()).isTrue();
	}

	@Test
	void aStopThatSomebodyHearsBadlyIsHeardByTheNext() {
		TestClient test = new TestClient().connect();
		List<String> told = new ArrayList<>();
		test.client.stop(false, () -> {
			throw new IllegalStateException("on purpose");
		});
		test.client.stop(false, () -> told.add("next"));
		test.time.run();
		assertThat(told).containsExactly("next");
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
	}

	@Test
	void startConnectsAndTellsTheEngineAndTheUser() {
		TestClient test = new TestClient();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
		test.start();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		assertThat(test.link().request.clientId()).isEqualTo("test");
		assertThat(test.link().request.cleanStart()).isTrue();
		assertThat(test.link().request.sessionExpiry()).isEqualTo(Duration.ofMinutes(5));
		test.accept(Limits.connAck((limits) -> {
			limits.receiveMaximum = 7;
			limits.keepAlive = 11;
			limits.sessionExpiry = 13L;
		}));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		ConnectionInfo info = test.client.connection();
		assertThat(info.server()).isEqualTo("mqtt://one:1883");
		assertThat(info.since()).isEqualTo(test.time.now());
		assertThat(info.sessionPresent()).isFalse();
		assertThat(info.limits().receiveMaximum()).isEqualTo(7);
		assertThat(info.limits().keepAlive()).isEqualTo(Duration.ofSeconds(11));
		assertThat(info.limits().sessionExpiry()).isEqualTo(Duration.ofSeconds(13));
		assertThat(test.events(MqttEvent.class)).singleElement()
			.isInstanceOfSatisfying(MqttConnectedEvent.class, (event) -> {
				assertThat(event.isReconnect()).isFalse();
				assertThat(event.isSessionPresent()).isFalse();
				assertThat(event.getServer()).isEqualTo("mqtt://one:1883");
				assertThat(event.getSource()).isSameAs(test.client);
			});
		assertThat(test.client.statistics().connections()).isOne();
		test.start();
		assertThat(test.wire.connections).hasSize(1);
	}

	@Test
	void stopSendsADisconnectAndConnectsNoMore() {
		TestClient test = new TestClient().connect();
		test.client.stop(() -> {
		});
		test.time.run();
		assertThat(test.link().sent).containsExactly(new Disconnect(0));
		assertStopped(test);
	}

	@Test
	void stopWaitsForTheEndOfTheConnectionButNotForEver() {
		TestClient test = new TestClient().connect();
		test.link().lingers = true;
		AtomicInteger told = new AtomicInteger();
		test.client.stop(told::incrementAndGet);
		test.client.stop(told::incrementAndGet);
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPING);
		assertThat(told).hasValue(0);
		test.time.advance(Duration.ofSeconds(3));
		assertThat(test.link().aborted).isTrue();
		assertThat(told).hasValue(2);
		assertThat(test.link().sent).hasSize(1);
		assertStopped(test);
	}

	@Test
	void startWhileStoppingStartsAgainOnceStopped() {
		TestClient test = new TestClient().connect();
		test.link().lingers = true;
		AtomicInteger told = new AtomicInteger();
		test.client.stop(told::incrementAndGet);
		test.client.start();
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPING);
		test.time.advance(Duration.ofSeconds(3));
		assertThat(told).hasValue(1);
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		test.accept(ConnAck.of(true, 0));
		assertThat(test.client.publish(PublishRequest.to("a").qos(1).build())).isNotDone();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void theLastOfStartAndStopWhileStoppingWins() {
		TestClient test = new TestClient().connect();
		test.link().lingers = true;
		test.client.stop(() -> {
		});
		test.client.start();
		test.client.stop(() -> {
		});
		test.time.advance(Duration.ofSeconds(3));
		assertStopped(test);
	}

	@Test
	void stopWhileConnectingAbandonsTheAttempt() {
		TestClient test = new TestClient().start();
		test.stop();
		assertThat(test.link().aborted).isTrue();
		assertStopped(test);
		test.link().accept();
		test.time.run();
		assertStopped(test);
	}

	@Test
	void stopWhileWaitingCancelsTheNextAttempt() {
		TestClient test = new TestClient().connect();
		test.link().close();
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		test.stop();
		assertStopped(test);
		assertThat(test.client.reconnectStatus().lostSince()).isNull();
		assertThat(test.client.reconnectStatus().nextAttempt()).isNull();
	}

	@Test
	void stopAfterAFailureIsAStop() {
		TestClient test = new TestClient().start();
		test.refuse(0x87);
		test.stop();
		assertStopped(test);
		assertThat(test.client.reconnectStatus().fatalKind()).isNull();
	}

	@Test
	void stopLeavesNoTimerOfMessagesThatWouldHaveExpired() {
		TestClient test = new TestClient().start();
		test.client.publish(PublishRequest.to("a").messageExpiry(Duration.ofSeconds(5)).build());
		test.time.run();
		test.stop();
		assertThat(test.time.waiting()).isZero();
	}

	@Test
	void stopWithAGeneratedClientIdEndsTheSession() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.generated = true)).connect();
		test.stop();
		assertThat(test.link().sent).containsExactly(new Disconnect(0, 0L, null, null, List.of()));
		test.start();
		assertThat(test.link().request.cleanStart()).isTrue();
		test.accept(ConnAck.of(false, 0));
		assertThat(test.events(MqttSessionLostEvent.class)).isEmpty();
	}

	@Test
	void startAfterStopConnectsAgainWithTheSession() {
		TestClient test = new TestClient().connect();
		test.stop();
		test.start();
		assertThat(test.link().request.cleanStart()).isFalse();
		test.accept(ConnAck.of(true, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.client.statistics().reconnects().total()).isZero();
		assertThat(test.client.statistics().connections()).isEqualTo(2);
	}

	@Test
	void reconnectEndsTheConnectionAndConnectsAtOnce() {
		TestClient test = new TestClient().connect();
		FakeConnection first = test.link();
		test.client.reconnect();
		test.time.run();
		assertThat(first.sent).containsExactly(new Disconnect(0));
		assertThat(test.wire.connections).hasSize(2);
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		test.accept(ConnAck.of(true, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.events(MqttConnectionLostEvent.class)).isEmpty();
		assertThat(test.client.statistics().reconnects().total()).isZero();
	}

	@Test
	void anAttemptThatFailsAfterAReconnectAsToldHasLostTheConnectionThen() {
		TestClient test = new TestClient().connect();
		test.client.reconnect();
		test.time.run();
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(test.client.reconnectStatus().lostSince()).isEqualTo(test.time.now());
	}

	@Test
	void reconnectDoesNotWaitForTheNextAttempt() {
		TestClient test = new TestClient().start();
		test.refuse(0x89);
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		test.client.reconnect();
		test.time.run();
		assertThat(test.wire.connections).hasSize(2);
		test.accept(ConnAck.of(false, 0));
		test.time.advance(Duration.ofSeconds(50));
		assertThat(test.wire.connections).hasSize(2);
	}

	@Test
	void reconnectStartsAClientThatHasFailedOrStopped() {
		TestClient test = new TestClient().start();
		test.refuse(0x87);
		test.client.reconnect();
		test.time.run();
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		test.stop();
		test.client.reconnect();
		assertThat(test.link().request.cleanStart()).isFalse();
		test.accept(ConnAck.of(true, 0));
		CompletableFuture<PublishResult> future = test.client.publish(PublishRequest.to("a").qos(1).build());
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(1);
		assertThat(future).isNotDone();
	}

	@Test
	void reconnectWhileConnectingBeginsAnew() {
		TestClient test = servers("one", "two").start();
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		test.client.reconnect();
		assertThat(hosts(test)).containsExactly("one", "two", "two");
		assertThat(test.wire.connections.get(1).aborted).isTrue();
		test.wire.connections.get(1).accept();
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		test.time.advance(Duration.ofSeconds(30));
		assertThat(test.wire.connections).hasSize(3);
	}

	@Test
	void reconnectWhileStoppingStartsOnceStopped() {
		TestClient test = new TestClient().connect();
		test.link().lingers = true;
		test.stop();
		test.client.reconnect();
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPING);
		assertThat(test.client.isRunning()).isTrue();
		test.link().close();
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
	}

	@Test
	void anInterruptedTlsHandshakeTriesTheNextServerWithinTheAttempt() {
		TestClient test = servers("one", "two").start();
		test.end(MqttFailure.local(LocalError.TLS_HANDSHAKE_INTERRUPTED).build());
		assertThat(hosts(test)).containsExactly("one", "two");
	}

	@Test
	void aSingleAttemptIsAsManyAsAreMade() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.reconnect = attempts(c.reconnect, 1)))
			.connect();
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		test.refuse(0x80);
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
		test.start();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		test.refuse(0x80);
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
		assertThat(test.wire.connections).hasSize(3);
	}

	@Test
	void noConnackInTimeAbandonsTheAttempt() {
		TestClient test = new TestClient().start();
		test.link().listener.opened();
		test.time.advance(Duration.ofMillis(9999));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		test.time.advance(Duration.ofMillis(1));
		assertThat(test.wire.connections.get(0).aborted).isTrue();
		assertThat(lastError(test)).isEqualTo(LocalError.CONNACK_TIMEOUT);
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		test.wire.connections.get(0).listener.connAck(ConnAck.of(false, 0));
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
	}

	@Test
	void noTransportConnectionInTimeIsAConnectTimeout() {
		TestClient test = new TestClient().start();
		test.time.advance(Duration.ofSeconds(10));
		assertThat(lastError(test)).isEqualTo(LocalError.CONNECT_TIMEOUT);
		assertThat(test.client.incidents().get(0).toString()).contains("mqtt://one:1883").contains("10000 ms");
	}

	@Test
	void aFatalConnackStopsTheClient() {
		TestClient test = new TestClient(
				(config) -> config.with((c) -> c.reconnect = probes(c.reconnect, Duration.ZERO)))
			.start();
		CompletableFuture<PublishResult> buffered = test.client.publish(PublishRequest.to("a").build());
		test.refuse(0x87);
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
		assertThat(test.client.reconnectStatus().fatalKind()).isEqualTo(FatalKind.AUTH);
		assertThat(test.client.reconnectStatus().lastIncident().failure().code()).isEqualTo(0x87);
		assertThat(test.events(MqttClientFailedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getFailure().packet()).isEqualTo(PacketType.CONNACK);
			assertThat(event.getClassification().errorClass()).isEqualTo(ErrorClass.FATAL);
		});
		assertThat(test.errors(ErrorClass.FATAL, "connack", "not-authorized")).isOne();
		assertThat(test.cause(buffered)).isInstanceOf(MqttNotConnectedException.class)
			.hasMessageContaining("CONNACK 0x87");
		assertThat(test.cause(test.client.publish(PublishRequest.to("a").build())))
			.isInstanceOf(MqttNotConnectedException.class)
			.hasMessageContaining("CONNACK 0x87");
		test.time.advance(Duration.ofHours(1));
		assertThat(test.wire.connections).hasSize(1);
		assertThat(test.time.waiting()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "0x80, WAITING, RECONNECT", "0x88, WAITING, RECONNECT", "0x89, WAITING, THROTTLED",
			"0x97, WAITING, THROTTLED", "0x9F, WAITING, THROTTLED", "0x9C, WAITING, REDIRECT", "0x81, FAILED, FATAL",
			"0x84, FAILED, FATAL", "0x85, FAILED, FATAL", "0x86, FAILED, FATAL", "0x8A, FAILED, FATAL",
			"0x8C, FAILED, FATAL", "0xC3, WAITING, RECONNECT", "0x01, WAITING, RECONNECT" })
	void theCodeOfTheConnackDecides(String code, ClientState state, ErrorClass errorClass) {
		TestClient test = new TestClient().start();
		test.refuse(Integer.decode(code));
		assertThat(test.client.state()).isEqualTo(state);
		assertThat(test.client.statistics().errors().total(errorClass)).isOne();
		assertThat(test.wire.connections.get(0).aborted).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "0x00, WAITING, RECONNECT", "0x04, WAITING, RECONNECT", "0x81, WAITING, RECONNECT",
			"0x87, WAITING, RECONNECT", "0x89, WAITING, THROTTLED", "0x8B, WAITING, RECONNECT", "0x8C, FAILED, FATAL",
			"0x8D, WAITING, RECONNECT", "0x96, WAITING, THROTTLED", "0x98, WAITING, THROTTLED",
			"0x9D, WAITING, REDIRECT", "0xEE, WAITING, RECONNECT" })
	void theCodeOfTheDisconnectDecides(String code, ClientState state, ErrorClass errorClass) {
		TestClient test = new TestClient().connect();
		test.end(MqttFailure.of(PacketType.DISCONNECT, Integer.decode(code)).build());
		assertThat(test.client.state()).isEqualTo(state);
		assertThat(test.client.statistics().errors().total(errorClass)).isOne();
		assertThat(test.client.statistics().errors().total()).isOne();
		assertThat(test.events(MqttConnectionLostEvent.class)).hasSize(1);
		assertThat(test.events(MqttClientFailedEvent.class)).hasSize((state == ClientState.FAILED) ? 1 : 0);
		assertThat(test.events(MqttReconnectScheduledEvent.class)).hasSize((state == ClientState.FAILED) ? 0 : 1);
	}

	@Test
	void aTakeoverStopsTheClientAndNamesTheReason() {
		TestClient test = new TestClient().connect();
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x8E).build());
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
		assertThat(test.client.reconnectStatus().fatalKind()).isEqualTo(FatalKind.IDENTITY);
		assertThat(test.client.incidents().get(0).action()).contains("another client uses id 'test'");
		test.time.advance(Duration.ofHours(2));
		assertThat(test.wire.connections).hasSize(1);
		test.client.reconnect();
		test.time.run();
		test.accept(ConnAck.of(false, 0));
		assertThat(test.reconnects(ErrorClass.FATAL, "disconnect", "session-taken-over")).isOne();
	}

	@Test
	void throttledAttemptsKeepTheRaisedFloor() {
		TestClient test = new TestClient().start();
		for (int i = 0; i < 12; i++) {
			test.refuse(0x89);
			Duration delay = lastDelay(test);
			assertThat(delay).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(10));
			test.time.advance(delay.minusNanos(1));
			assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
			test.time.advance(Duration.ofNanos(1));
			assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		}
	}

	@Test
	void theDelaysGrowWithinTheirBounds() {
		TestClient test = new TestClient().start();
		Duration base = Duration.ofSeconds(1);
		for (int i = 0; i < 12; i++) {
			test.refuse(0x80);
			Duration range = base.multipliedBy(1L << Math.min(i, 10));
			Duration most = Duration.ofMillis(250).plus(range);
			assertThat(lastDelay(test)).isBetween(Duration.ofMillis(250),
					(most.compareTo(Duration.ofMinutes(2)) < 0) ? most : Duration.ofMinutes(2));
			assertThat(test.client.reconnectStatus().nextAttempt()).isEqualTo(test.time.now().plus(lastDelay(test)));
			assertThat(test.client.reconnectStatus().attempt()).isEqualTo(i + 1);
			test.time.advance(lastDelay(test));
		}
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void theBackoffIsResetOnlyByAStableConnectionWithProgress(boolean stable, boolean progress) {
		boolean reset = stable && progress;
		List<Duration> delays = new ArrayList<>();
		for (long seed = 0; seed < 40; seed++) {
			long chosen = seed;
			TestClient test = new TestClient((config) -> config.with((c) -> c.seed = chosen)).start();
			for (int i = 0; i < 9; i++) {
				test.refuse(0x80);
				test.time.advance(lastDelay(test));
			}
			test.accept(ConnAck.of(false, 0));
			if (progress) {
				test.receive(Ping.RESPONSE);
			}
			test.time.advance(Duration.ofSeconds((stable) ? 31 : 29));
			test.link().close();
			test.time.run();
			delays.add(lastDelay(test));
		}
		if (reset) {
			assertThat(delays).allMatch((delay) -> delay.compareTo(Duration.ofSeconds(2)) <= 0);
		}
		else {
			assertThat(delays).anyMatch((delay) -> delay.compareTo(Duration.ofSeconds(30)) > 0);
		}
	}

	@Test
	void progressAfterTheStableTimeResetsTheBackoffToo() {
		for (long seed = 0; seed < 20; seed++) {
			long chosen = seed;
			TestClient test = new TestClient((config) -> config.with((c) -> c.seed = chosen)).connect();
			test.time.advance(Duration.ofSeconds(31));
			test.receive(Ping.RESPONSE);
			test.link().close();
			test.time.run();
			assertThat(lastDelay(test)).isLessThanOrEqualTo(Duration.ofSeconds(2));
		}
	}

	@Test
	void transportErrorsTryTheNextServerWithinTheAttempt() {
		TestClient test = servers("one", "two", "three").start();
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		test.end(MqttFailure.local(LocalError.UNKNOWN_HOST).build());
		test.end(MqttFailure.local(LocalError.CONNECT_TIMEOUT).build());
		assertThat(hosts(test)).containsExactly("one", "two", "three");
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(test.client.reconnectStatus().attempt()).isOne();
		assertThat(test.events(MqttReconnectScheduledEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getAttempt()).isEqualTo(2));
		assertThat(test.client.statistics().errors().total(ErrorClass.RECONNECT)).isEqualTo(3);
	}

	@Test
	void aReconnectStartsAtTheFirstServer() {
		TestClient test = servers("one", "two").start();
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		test.accept(ConnAck.of(false, 0));
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(hosts(test)).containsExactly("one", "two", "one");
	}

	@ParameterizedTest
	@CsvSource({ "CONNACK, 0x88", "DISCONNECT, 0x8B", "CONNACK, 0x9C", "DISCONNECT, 0x9D" })
	void theServerThatHasJustRefusedGoesLast(PacketType packet, String code) {
		TestClient test = servers("one", "two").start();
		if (packet == PacketType.CONNACK) {
			test.refuse(Integer.decode(code));
		}
		else {
			test.accept(ConnAck.of(false, 0));
			test.end(MqttFailure.of(packet, Integer.decode(code)).build());
		}
		test.time.advance(Duration.ofSeconds(5));
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(hosts(test)).containsExactly("one", "two", "one");
	}

	@Test
	void aFatalFailureDoesNotMoveOnToTheNextServer() {
		TestClient test = servers("one", "two").start();
		test.refuse(0x84);
		test.time.advance(Duration.ofHours(1));
		assertThat(hosts(test)).containsExactly("one");
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
	}

	@Test
	void anOldConnectionIsNotHeard() {
		TestClient test = new TestClient().connect();
		FakeConnection old = test.link();
		test.reconnect(true);
		old.listener.connAck(ConnAck.of(false, 0x87));
		old.receive(new PublishAck(PacketType.PUBACK, 1, 0x87));
		old.listener.written(100);
		old.close(MqttFailure.of(PacketType.DISCONNECT, 0x8E).build());
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.wire.connections).hasSize(2);
		assertThat(test.client.statistics().errors().total()).isOne();
	}

	@Test
	void aSecondConnackIsNotHeard() {
		TestClient test = new TestClient().connect();
		test.wire.last().listener.connAck(ConnAck.of(true, 0x87));
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.events).hasSize(1);
	}

	@Test
	void sessionPresentAfterACleanStartEndsTheConnection() {
		TestClient test = new TestClient().start();
		test.accept(ConnAck.of(true, 0));
		assertThat(test.wire.connections.get(0).aborted).isTrue();
		assertThat(lastError(test)).isEqualTo(LocalError.UNEXPECTED_SESSION_PRESENT);
		assertThat(test.events(MqttConnectedEvent.class)).isEmpty();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.link().request.cleanStart()).isTrue();
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void cleanStartGovernsTheFirstConnectOnly() {
		TestClient test = new TestClient().start();
		test.refuse(0x80);
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.link().request.cleanStart()).isTrue();
		test.accept(ConnAck.of(false, 0));
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.link().request.cleanStart()).isFalse();
	}

	@Test
	void withoutCleanStartTheFirstConnectMayResumeASession() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.cleanStart = false)).start();
		assertThat(test.link().request.cleanStart()).isFalse();
	}

	@Test
	void theExpiryOfTheConnackDecidesWhetherThereIsASessionToResume() {
		TestClient test = new TestClient().start();
		test.accept(Limits.connAck((limits) -> limits.sessionExpiry = 0L));
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.link().request.cleanStart()).isTrue();
		test.accept(Limits.connAck((limits) -> limits.sessionExpiry = 60L));
		assertThat(test.events(MqttSessionLostEvent.class)).isEmpty();
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(test.link().request.cleanStart()).isFalse();
	}

	@Test
	void aLostSessionIsAnnouncedAfterTheConnectionAndCounted() {
		TestClient test = new TestClient().connect();
		test.reconnect(false);
		assertThat(test.events(MqttEvent.class)).map((event) -> event.getClass().getSimpleName())
			.containsExactly("MqttConnectedEvent", "MqttConnectionLostEvent", "MqttReconnectScheduledEvent",
					"MqttConnectedEvent", "MqttSessionLostEvent");
		assertThat(test.events(MqttSessionLostEvent.class).get(0).getFailure().localError())
			.isEqualTo(LocalError.SESSION_LOST);
		assertThat(test.errors(ErrorClass.RECOVERABLE, "local", "session-lost")).isOne();
		assertThat(test.events(MqttConnectedEvent.class)).map(MqttConnectedEvent::isReconnect)
			.containsExactly(false, true);
	}

	@Test
	void aKeptSessionIsNotAnnouncedAsLost() {
		TestClient test = new TestClient().connect();
		test.reconnect(true);
		assertThat(test.events(MqttSessionLostEvent.class)).isEmpty();
		assertThat(test.events(MqttConnectedEvent.class).get(1).isSessionPresent()).isTrue();
		assertThat(test.client.connection().sessionPresent()).isTrue();
	}

	@Test
	void aReconnectCountsOnceAndByWhatEndedTheConnection() {
		TestClient test = new TestClient().connect();
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x8B).build());
		for (int i = 0; i < 3; i++) {
			test.time.advance(lastDelay(test));
			test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		}
		assertThat(test.client.statistics().reconnects().total()).isZero();
		assertThat(test.client.reconnectStatus().attempt()).isEqualTo(3);
		test.time.advance(lastDelay(test));
		test.accept(ConnAck.of(true, 0));
		assertThat(test.reconnects(ErrorClass.RECONNECT, "disconnect", "server-shutting-down")).isOne();
		assertThat(test.client.statistics().reconnects().total()).isOne();
		assertThat(test.client.reconnectStatus().attempt()).isZero();
		assertThat(test.client.reconnectStatus().lostSince()).isNull();
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x98).build());
		test.time.advance(lastDelay(test));
		test.accept(ConnAck.of(true, 0));
		assertThat(test.reconnects(ErrorClass.THROTTLED, "disconnect", "administrative-action")).isOne();
		assertThat(test.client.statistics().reconnects().total()).isEqualTo(2);
	}

	@Test
	void theLossIsDatedAndTheConnectionForgotten() {
		TestClient test = new TestClient().connect();
		test.time.advance(Duration.ofSeconds(7));
		test.link().close();
		test.time.run();
		assertThat(test.client.reconnectStatus().lostSince()).isEqualTo(test.time.now());
		assertThat(test.client.connection().server()).isNull();
		assertThat(test.client.connection().since()).isNull();
		assertThat(test.client.connection().limits().receiveMaximum()).isEqualTo(65_535);
	}

	@Test
	void maxAttemptsCountsAttemptsAndNotServers() {
		TestClient test = new TestClient((config) -> config.with((c) -> {
			c.servers = List.of(URI.create("mqtt://one"), URI.create("mqtt://two"));
			c.reconnect = attempts(c.reconnect, 2);
		})).start();
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		test.time.advance(Duration.ofSeconds(5));
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
		assertThat(test.events(MqttClientFailedEvent.class)).hasSize(1);
		assertThat(test.client.incidents().get(0).action()).contains("mqtt.reconnect.max-attempts");
		assertThat(test.client.reconnectStatus().fatalKind()).isEqualTo(FatalKind.POLICY);
		test.time.advance(Duration.ofHours(1));
		assertThat(test.wire.connections).hasSize(4);
		assertThat(test.time.waiting()).isZero();
	}

	@Test
	void maxAttemptsStartsAnewWithEachConnection() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.reconnect = attempts(c.reconnect, 2)))
			.start();
		for (int i = 0; i < 3; i++) {
			test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
			test.time.advance(lastDelay(test));
			test.accept(ConnAck.of(false, 0));
			test.link().close();
			test.time.run();
			test.time.advance(lastDelay(test));
		}
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
	}

	@Test
	void credentialsAreFetchedBeforeEachConnectOffTheEngine() {
		List<String> threads = new ArrayList<>();
		AtomicInteger calls = new AtomicInteger();
		TestClient test = credentials((name) -> {
			threads.add(Thread.currentThread().getName());
			return MqttCredentials.of(name, "secret-" + calls.incrementAndGet());
		}).start();
		awaitConnections(test, 1);
		assertThat(password(test)).isEqualTo("secret-1");
		assertThat(test.link().request.credentials().username()).isEqualTo("default");
		test.accept(ConnAck.of(false, 0));
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		awaitConnections(test, 2);
		assertThat(password(test)).isEqualTo("secret-2");
		assertThat(threads).doesNotContain(Thread.currentThread().getName());
		assertThat(test.link().request.toString()).doesNotContain("secret");
	}

	@Test
	void aCredentialsProviderThatThrowsFailsTheAttemptWithoutTellingItsSecrets() {
		TestClient test = credentials((name) -> {
			throw new IllegalStateException("password=hunter2");
		}).start();
		Awaitility.await().until(() -> {
			test.time.run();
			return test.client.state() == ClientState.WAITING;
		});
		assertThat(lastError(test)).isEqualTo(LocalError.CREDENTIALS_UNAVAILABLE);
		assertThat(test.wire.connections).isEmpty();
		assertThat(test.client.incidents().get(0).toString()).contains("IllegalStateException")
			.doesNotContain("hunter2");
		assertThat(test.time.waiting()).isPositive();
	}

	@Test
	void aSlowCredentialsProviderFailsTheAttemptAndItsAnswerComesTooLate() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		CountDownLatch answered = new CountDownLatch(1);
		TestClient test = credentials((name) -> {
			called.countDown();
			awaitQuietly(answer);
			answered.countDown();
			return null;
		}).start();
		called.await();
		test.time.advance(Duration.ofSeconds(10));
		assertThat(lastError(test)).isEqualTo(LocalError.CREDENTIALS_UNAVAILABLE);
		assertThat(test.client.incidents().get(0).toString()).contains("mqtt.connect-timeout");
		test.stop();
		answer.countDown();
		answered.await();
		Awaitility.await().during(Duration.ofMillis(100)).until(() -> {
			test.time.run();
			return test.wire.connections.isEmpty();
		});
	}

	@Test
	void aListenerOfEventsThatThrowsHarmsNothing() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.listener = (event) -> {
			throw new IllegalStateException("on purpose");
		})).connect();
		test.reconnect(true);
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.events).hasSize(4);
		assertThat(test.client.statistics().errors().total()).isOne();
	}

	@Test
	void aPolicyThatThrowsIsOverruledByTheDefault() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.policy = (failure) -> {
			throw new IllegalStateException("on purpose");
		})).connect();
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x89).build());
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(lastDelay(test)).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
		assertThat(test.events(MqttConnectionLostEvent.class).get(0).getClassification().rule()).isEqualTo("default");
	}

	@Test
	void anErrorInTheClientItselfEndsTheConnectionAndReconnects() {
		TestClient test = new TestClient().connect();
		FakeConnection broken = test.link();
		broken.failing = true;
		test.client.subscribe(SubscribeRequest.to("a").build());
		test.time.run();
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(lastError(test)).isEqualTo(LocalError.INTERNAL_ERROR);
		assertThat(broken.sent).containsExactly(new Disconnect(0x80));
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(true, 0));
		assertThat(test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
		assertThat(test.reconnects(ErrorClass.RECONNECT, "local", "internal-error")).isOne();
	}

	@Test
	void aPasswordInTheUriOfAServerIsNeverShown() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.servers = List
			.of(URI.create("mqtt://me:hunter2@one:1883"), URI.create("mqtt://me:hunter2@[::1]")))).start();
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		test.link().listener.opened();
		test.time.advance(Duration.ofSeconds(10));
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.connection().server()).isEqualTo("mqtt://one:1883");
		test.reconnect(false);
		assertThat(test.client.incidents().toString()).doesNotContain("hunter2");
		assertThat(test.events.toString()).doesNotContain("hunter2");
		assertThat(test.events(MqttConnectedEvent.class)).map(MqttConnectedEvent::getServer)
			.allMatch((server) -> !server.contains("hunter2"));
		assertThat(test.events(MqttSessionLostEvent.class)).hasSize(1);
	}

	@Test
	void callsAfterTheBeanIsDestroyedAreAnswered() {
		FakeWire wire = new FakeWire();
		Config config = new Config();
		DefaultManagedMqttClient client = new DefaultManagedMqttClient(config.settings(), wire, config.policy, null,
				(event) -> {
				});
		client.start();
		client.destroy();
		CompletableFuture<PublishResult> published = client.publish(PublishRequest.to("a").build());
		CompletableFuture<SubscribeResult> subscribed = client.subscribe(SubscribeRequest.to("a").build());
		CompletableFuture<UnsubscribeResult> unsubscribed = client.unsubscribe("a");
		for (CompletableFuture<?> future : List.of(published, subscribed, unsubscribed)) {
			Awaitility.await().until(future::isDone);
			assertThat(future.handle((result, cause) -> cause).join()).isInstanceOf(MqttNotConnectedException.class);
		}
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("mqtt-default-engine")));
	}

	private static TestClient servers(String... hosts) {
		List<URI> servers = List.of(hosts).stream().map((host) -> URI.create("mqtt://" + host)).toList();
		return new TestClient((config) -> config.with((c) -> c.servers = servers));
	}

	private static TestClient credentials(MqttCredentialsProvider provider) {
		return new TestClient((config) -> config.with((c) -> c.credentials = provider));
	}

	private static Reconnect attempts(Reconnect reconnect, int maxAttempts) {
		return new Reconnect(reconnect.baseDelay(), reconnect.multiplier(), reconnect.maxDelay(), reconnect.floor(),
				reconnect.throttledFloor(), reconnect.throttledMaxDelay(), reconnect.initialSpread(),
				reconnect.stableAfter(), maxAttempts, reconnect.probeInterval());
	}

	private static Reconnect probes(Reconnect reconnect, Duration interval) {
		return new Reconnect(reconnect.baseDelay(), reconnect.multiplier(), reconnect.maxDelay(), reconnect.floor(),
				reconnect.throttledFloor(), reconnect.throttledMaxDelay(), reconnect.initialSpread(),
				reconnect.stableAfter(), reconnect.maxAttempts(), interval);
	}

	private static List<String> hosts(TestClient test) {
		test.time.run();
		return test.wire.connections.stream().map((connection) -> connection.request.server().getHost()).toList();
	}

	private static Duration lastDelay(TestClient test) {
		List<MqttReconnectScheduledEvent> events = test.events(MqttReconnectScheduledEvent.class);
		return events.get(events.size() - 1).getDelay();
	}

	private static LocalError lastError(TestClient test) {
		test.time.run();
		return test.client.reconnectStatus().lastIncident().failure().localError();
	}

	private static String password(TestClient test) {
		return new String(test.link().request.credentials().password(), StandardCharsets.UTF_8);
	}

	private static void awaitConnections(TestClient test, int count) {
		Awaitility.await().until(() -> {
			test.time.run();
			return test.wire.connections.size() == count;
		});
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void assertStopped(TestClient test) {
		test.time.run();
		int connections = test.wire.connections.size();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
		assertThat(test.client.connection().server()).isNull();
		assertThat(test.time.waiting()).isZero();
		test.time.advance(Duration.ofHours(1));
		assertThat(test.wire.connections).hasSize(connections);
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
	}

}
