package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.packet.ConnAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the probes of a client that has failed for a reason that can heal elsewhere.
 */
class SlowProbeTests {

	private static final Duration INTERVAL = Duration.ofMinutes(10);

	@ParameterizedTest
	@ValueSource(strings = { "0x86", "0x87", "0x8A" })
	void aClientThatWasRefusedForWhatCanHealProbesUntilItHas(String code) {
		TestClient test = new TestClient().start();
		test.refuse(Integer.decode(code));
		for (int probe = 1; probe <= 5; probe++) {
			assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
			Duration delay = untilNextAttempt(test);
			assertThat(delay).isBetween(INTERVAL.dividedBy(2), INTERVAL.dividedBy(2).plus(INTERVAL));
			test.time.advance(delay.minusNanos(1));
			assertThat(test.wire.connections).hasSize(probe);
			test.time.advance(Duration.ofNanos(1));
			assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
			assertThat(test.wire.connections).hasSize(probe + 1);
			assertThat(test.client.reconnectStatus().nextAttempt()).isNull();
			assertThat(test.client.reconnectStatus().fatalKind()).isNotNull();
			if (probe < 5) {
				test.refuse(Integer.decode(code));
			}
		}
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.client.reconnectStatus().fatalKind()).isNull();
		assertThat(test.events(MqttClientFailedEvent.class)).hasSize(5);
		assertThat(test.events(MqttReconnectScheduledEvent.class)).isEmpty();
		CompletableFuture<PublishResult> future = test.client.publish(PublishRequest.to("a").build());
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(1);
		assertThat(future).isNotDone();
	}

	@ParameterizedTest
	@EnumSource(names = { "TLS_SERVER_NOT_TRUSTED", "TLS_CLIENT_CERTIFICATE_REFUSED" })
	void tlsFailuresThatCanHealAreProbed(LocalError error) {
		TestClient test = new TestClient().start();
		test.end(MqttFailure.local(error).build());
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
		test.time.advance(untilNextAttempt(test));
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@ParameterizedTest
	@EnumSource(names = { "TLS_INCOMPATIBLE", "MQTT_3_1_1_ONLY" })
	void whatCannotHealElsewhereIsNotProbed(LocalError error) {
		TestClient test = new TestClient().start();
		test.end(MqttFailure.local(error).build());
		assertNeverAgain(test);
	}

	@Test
	void aTakeoverIsNotProbed() {
		TestClient test = new TestClient().connect();
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x8E).build());
		assertNeverAgain(test);
	}

	@Test
	void anIntervalOfZeroMeansNoProbe() {
		TestClient test = interval(Duration.ZERO, (config) -> {
		}).start();
		test.refuse(0x87);
		assertNeverAgain(test);
	}

	@Test
	void theLimitOnAttemptsEndsAllOfThem() {
		TestClient test = new TestClient((config) -> config.with((c) -> {
			Reconnect r = c.reconnect;
			c.reconnect = new Reconnect(r.baseDelay(), r.multiplier(), r.maxDelay(), r.floor(), r.throttledFloor(),
					r.throttledMaxDelay(), r.initialSpread(), r.stableAfter(), 1, r.probeInterval());
		})).start();
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(test.client.reconnectStatus().fatalKind()).isEqualTo(FatalKind.POLICY);
		assertNeverAgain(test);
	}

	@Test
	void probesSpreadOverHalfToOneAndAHalfOfTheInterval() {
		List<Long> seconds = new ArrayList<>();
		for (long seed = 0; seed < 500; seed++) {
			long chosen = seed * 7919;
			TestClient test = new TestClient((config) -> config.with((c) -> c.seed = chosen)).start();
			test.refuse(0x87);
			seconds.add(untilNextAttempt(test).toSeconds());
		}
		assertThat(seconds).allMatch((delay) -> delay >= 300 && delay <= 900);
		for (long from = 300; from < 900; from += 100) {
			long low = from;
			assertThat(seconds).filteredOn((delay) -> delay >= low && delay <= low + 100).hasSizeGreaterThan(40);
		}
	}

	@Test
	void callsFailAtOnceUntilAProbeHasConnected() {
		TestClient test = new TestClient().start();
		test.refuse(0x87);
		assertThat(test.cause(test.client.publish(PublishRequest.to("a").build())))
			.isInstanceOf(MqttNotConnectedException.class);
		test.time.advance(untilNextAttempt(test));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		assertThat(test.cause(test.client.publish(PublishRequest.to("a").build())))
			.isInstanceOf(MqttNotConnectedException.class)
			.hasMessageContaining("CONNACK 0x87");
		assertThat(test.cause(test.client.subscribe(SubscribeRequest.to("a").build())))
			.isInstanceOf(MqttNotConnectedException.class);
	}

	@Test
	void aProbeThatFailsForAnotherReasonLeavesTheClientFailedAsItWas() {
		TestClient test = interval(INTERVAL,
				(config) -> config.servers = List.of(URI.create("mqtt://one"), URI.create("mqtt://two")))
			.start();
		test.refuse(0x87);
		test.time.advance(untilNextAttempt(test));
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTING);
		assertThat(test.link().request.server().getHost()).isEqualTo("two");
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
		assertThat(test.client.reconnectStatus().fatalKind()).isEqualTo(FatalKind.AUTH);
		assertThat(untilNextAttempt(test)).isGreaterThanOrEqualTo(INTERVAL.dividedBy(2));
		assertThat(test.events(MqttClientFailedEvent.class)).hasSize(1);
		assertThat(test.client.incidents().get(0).action()).contains("client still stopped, next probe in");
		test.time.advance(untilNextAttempt(test));
		test.refuse(0x84);
		assertThat(test.client.reconnectStatus().fatalKind()).isEqualTo(FatalKind.CONFIG);
		assertThat(test.client.reconnectStatus().nextAttempt()).isNull();
		assertThat(test.time.waiting()).isZero();
	}

	@Test
	void startAndReconnectMakeAProbeAnAttemptLikeAnyOther() {
		for (Consumer<DefaultManagedMqttClient> call : List
			.<Consumer<DefaultManagedMqttClient>>of(DefaultManagedMqttClient::start, ManagedMqttClient::reconnect)) {
			TestClient test = new TestClient().start();
			test.refuse(0x87);
			test.time.advance(untilNextAttempt(test));
			call.accept(test.client);
			test.time.run();
			assertThat(test.client.reconnectStatus().fatalKind()).isNull();
			CompletableFuture<PublishResult> buffered = test.client.publish(PublishRequest.to("a").build());
			test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
			assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
			assertThat(buffered).isNotDone();
		}
	}

	@Test
	void stopEndsTheProbes() {
		TestClient test = new TestClient().start();
		test.refuse(0x87);
		test.stop();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
		assertThat(test.time.waiting()).isZero();
		test.start();
		test.refuse(0x87);
		test.time.advance(untilNextAttempt(test));
		test.stop();
		assertThat(test.link().aborted).isTrue();
		assertThat(test.time.waiting()).isZero();
	}

	private static void assertNeverAgain(TestClient test) {
		assertThat(test.client.state()).isEqualTo(ClientState.FAILED);
		assertThat(test.client.reconnectStatus().nextAttempt()).isNull();
		test.time.advance(Duration.ofHours(5));
		assertThat(test.wire.connections).hasSize(1);
		assertThat(test.time.waiting()).isZero();
	}

	private static Duration untilNextAttempt(TestClient test) {
		Instant next = test.client.reconnectStatus().nextAttempt();
		assertThat(next).isNotNull();
		return Duration.between(test.time.now(), next);
	}

	private static TestClient interval(Duration interval, Consumer<TestClient.Config> customizer) {
		return new TestClient((config) -> config.with((c) -> {
			Reconnect r = c.reconnect;
			c.reconnect = new Reconnect(r.baseDelay(), r.multiplier(), r.maxDelay(), r.floor(), r.throttledFloor(),
					r.throttledMaxDelay(), r.initialSpread(), r.stableAfter(), r.maxAttempts(), interval);
			customizer.accept(c);
		}));
	}

}
