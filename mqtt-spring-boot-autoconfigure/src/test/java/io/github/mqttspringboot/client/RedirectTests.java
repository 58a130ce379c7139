package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.ClientSettings.Redirect;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Ping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what becomes of a server that points to another.
 */
class RedirectTests {

	private static final Duration THROTTLED = Duration.ofSeconds(30);

	@ParameterizedTest
	@ValueSource(ints = { 0x9C, 0x9D })
	void aReferenceOfConnackIsFollowedWithinTheAttempt(int code) {
		TestClient test = client(true, "mqtt://one:1883").start();
		point(test, code, "two:1884");
		assertThat(hosts(test)).containsExactly("one", "two");
		assertThat(test.wire.connections.get(0).aborted).isTrue();
		assertThat(test.client.incidents().get(0).toString()).contains("Server Reference 'two:1884' followed",
				"trying mqtt://two:1884");
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.connection().server()).isEqualTo("mqtt://two:1884");
		assertThat(test.events(MqttReconnectScheduledEvent.class)).isEmpty();
		assertThat(test.client.reconnectStatus().attempt()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x9C, 0x9D })
	void aReferenceOfDisconnectIsFollowedAfterTheDelayOfAReconnect(int code) {
		TestClient test = client(true, "mqtt://one:1883").connect();
		test.end(MqttFailure.of(PacketType.DISCONNECT, code).serverReference("two:1884").build());
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(lastDelay(test)).isLessThan(Duration.ofSeconds(2));
		test.time.advance(lastDelay(test));
		assertThat(hosts(test)).containsExactly("one", "two");
		test.accept(ConnAck.of(false, 0));
		assertThat(test.reconnects(ErrorClass.REDIRECT, "disconnect",
				(code == 0x9C) ? "use-another-server" : "server-moved"))
			.isOne();
	}

	@Test
	void afterTheConnectionToAnotherServerIsLostTheConfiguredListCountsAgain() {
		TestClient test = client(true, "mqtt://one:1883").start();
		point(test, 0x9C, "two:1884");
		test.accept(ConnAck.of(false, 0));
		test.link().close();
		test.time.advance(Duration.ofSeconds(5));
		assertThat(hosts(test)).containsExactly("one", "two", "one");
	}

	@Test
	void aReferenceThatIsOutOfReachIsFollowedByItsNextServerAndThenTheConfiguredOnes() {
		TestClient test = client(true, "mqtt://one:1883", "mqtt://spare:1883").start();
		point(test, 0x9C, "two:1884 three:1884");
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertThat(hosts(test)).containsExactly("one", "two", "three", "spare");
	}

	@Test
	void aRingOfServersIsLeftAfterThreeHopsAndThrottled() {
		TestClient test = client(true, "mqtt://one:1883").start();
		point(test, 0x9C, "two:1884");
		point(test, 0x9C, "three:1884");
		point(test, 0x9C, "two:1884");
		point(test, 0x9C, "three:1884");
		assertThat(hosts(test)).containsExactly("one", "two", "three", "two");
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(lastDelay(test)).isGreaterThanOrEqualTo(THROTTLED);
		assertThat(test.client.incidents().get(0).action()).contains("3 in a row");
		test.time.advance(lastDelay(test));
		assertThat(test.link().request.server().getHost()).isEqualTo("one");
		point(test, 0x9C, "two:1884");
		assertThat(test.link().request.server().getHost()).isEqualTo("two");
	}

	@Test
	void hopsByDisconnectAreCountedAcrossConnectionsThatDoNotLast() {
		TestClient test = client(true, "mqtt://one:1883").connect();
		for (String host : List.of("two", "three", "two")) {
			sendAway(test, host + ":1884");
			test.time.advance(lastDelay(test));
			assertThat(test.link().request.server().getHost()).isEqualTo(host);
			test.accept(ConnAck.of(false, 0));
		}
		sendAway(test, "three:1884");
		test.time.advance(lastDelay(test));
		assertThat(test.link().request.server().getHost()).isEqualTo("one");
	}

	@Test
	void aConnectionThatLastsForgetsTheHops() {
		TestClient test = client(true, "mqtt://one:1883").connect();
		for (int i = 0; i < 8; i++) {
			String host = (i % 2 == 0) ? "two" : "three";
			sendAway(test, host + ":1884");
			test.time.advance(lastDelay(test));
			assertThat(test.link().request.server().getHost()).isEqualTo(host);
			test.accept(ConnAck.of(false, 0));
			test.receive(Ping.RESPONSE);
			test.time.advance(Duration.ofSeconds(31));
		}
	}

	@Test
	void unlessEnabledTheNextConfiguredServerIsTaken() {
		TestClient test = client(false, "mqtt://one:1883", "mqtt://spare:1883").start();
		point(test, 0x9C, "two:1884");
		assertThat(test.client.incidents().get(0).action()).contains("'mqtt.redirect.enabled' is false");
		assertThat(lastDelay(test)).isLessThan(THROTTLED);
		test.time.advance(lastDelay(test));
		assertThat(hosts(test)).containsExactly("one", "spare");
	}

	@Test
	void withoutAnotherServerTheClientIsThrottled() {
		TestClient test = client(true, "mqtt://one:1883").start();
		point(test, 0x9C, "evil:1883");
		assertThat(test.client.incidents().get(0).action()).contains("'mqtt.redirect.allowed-hosts'");
		assertThat(lastDelay(test)).isGreaterThanOrEqualTo(THROTTLED);
		test.time.advance(lastDelay(test));
		assertThat(hosts(test)).containsExactly("one", "one");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x9C, 0x9D })
	void whereEachServerPointsElsewhereTheClientIsThrottled(int code) {
		TestClient test = client(false, "mqtt://one:1883", "mqtt://two:1883").start();
		test.refuse(code);
		assertThat(lastDelay(test)).isLessThan(THROTTLED);
		for (int i = 0; i < 3; i++) {
			test.time.advance(lastDelay(test));
			test.refuse(code);
			assertThat(lastDelay(test)).isGreaterThanOrEqualTo(THROTTLED);
		}
		assertThat(hosts(test)).containsExactly("one", "two", "one", "two");
		test.time.advance(lastDelay(test));
		test.accept(ConnAck.of(false, 0));
		test.end(MqttFailure.of(PacketType.DISCONNECT, code).build());
		assertThat(lastDelay(test)).isLessThan(THROTTLED);
	}

	@Test
	void whoeverReconnectsAsksEachServerAnew() {
		TestClient test = client(false, "mqtt://one:1883", "mqtt://two:1883").start();
		test.refuse(0x9C);
		test.time.advance(lastDelay(test));
		test.refuse(0x9C);
		assertThat(lastDelay(test)).isGreaterThanOrEqualTo(THROTTLED);
		test.stop();
		test.start();
		test.refuse(0x9C);
		assertThat(lastDelay(test)).isLessThan(THROTTLED);
	}

	@Test
	void aStartForgetsWhereTheLastServerPointedTo() {
		TestClient test = client(true, "mqtt://one:1883").connect();
		sendAway(test, "two:1884");
		test.stop();
		test.start();
		assertThat(hosts(test)).containsExactly("one", "one");
	}

	@Test
	void aReconnectAsToldGoesWhereTheServerPointedTo() {
		TestClient test = client(true, "mqtt://one:1883").connect();
		sendAway(test, "two:1884");
		test.client.reconnect();
		assertThat(hosts(test)).containsExactly("one", "two");
	}

	private static void point(TestClient test, int code, String reference) {
		ConnAck refusal = ConnAck.of(false, code);
		test.accept(new ConnAck(false, code, refusal.sessionExpiryInterval(), refusal.receiveMaximum(),
				refusal.maximumQos(), refusal.retainAvailable(), refusal.maximumPacketSize(),
				refusal.assignedClientId(), refusal.topicAliasMaximum(), refusal.wildcardSubscriptionAvailable(),
				refusal.subscriptionIdentifierAvailable(), refusal.sharedSubscriptionAvailable(),
				refusal.serverKeepAlive(), reference, null, List.of()));
	}

	private static void sendAway(TestClient test, String reference) {
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x9C).serverReference(reference).build());
	}

	private static List<String> hosts(TestClient test) {
		test.time.run();
		return test.wire.connections.stream().map((connection) -> connection.request.server().getHost()).toList();
	}

	private static Duration lastDelay(TestClient test) {
		List<MqttReconnectScheduledEvent> events = test.events(MqttReconnectScheduledEvent.class);
		return events.get(events.size() - 1).getDelay();
	}

	private static TestClient client(boolean enabled, String... servers) {
		return new TestClient((config) -> config.with((c) -> {
			c.servers = List.of(servers).stream().map(URI::create).toList();
			c.redirect = new Redirect(enabled, List.of("two:1884", "three:1884"));
		}));
	}

}
