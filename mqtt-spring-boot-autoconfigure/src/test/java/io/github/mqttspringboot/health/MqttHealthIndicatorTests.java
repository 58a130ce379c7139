package io.github.mqttspringboot.health;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttHealthIndicator}.
 */
class MqttHealthIndicatorTests {

	private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

	private static final Instant NEXT = NOW.plusSeconds(3);

	private final FakeMqttClient client = new FakeMqttClient();

	@Test
	void aConnectedClientIsUp() {
		this.client.connected("mqtt://broker:1883", NOW.minusSeconds(60), false);
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("state", "CONNECTED")
			.containsEntry("server", "mqtt://broker:1883")
			.containsEntry("since", NOW.minusSeconds(60))
			.doesNotContainKeys("reconnecting", "rejectedSubscriptions");
	}

	@ParameterizedTest
	@EnumSource(value = ClientState.class, names = { "WAITING", "CONNECTING" })
	void aClientThatHasJustLostItsConnectionIsUpAndReconnecting(ClientState state) {
		this.client.without(state, 1, NOW.minusMillis(29_999), NEXT, lost(), null);
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("reconnecting", true)
			.containsEntry("lostSince", NOW.minusMillis(29_999))
			.containsEntry("state", state.name());
	}

	@ParameterizedTest
	@EnumSource(value = ClientState.class, names = { "WAITING", "CONNECTING" })
	void aClientThatReconnectsForTooLongIsDown(ClientState state) {
		this.client.without(state, 7, NOW.minusSeconds(30), NEXT, lost(), null);
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("attempts", 7)
			.containsEntry("nextAttempt", NEXT)
			.containsEntry("lastIncident", "CONNECTION_CLOSED: connection lost, reconnecting (rule: default)");
	}

	@ParameterizedTest
	@EnumSource(value = ClientState.class, names = { "WAITING", "CONNECTING" })
	void aClientThatWasNeverConnectedIsDown(ClientState state) {
		this.client.without(state, 2, null, NEXT, lost(), null);
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("attempts", 2).doesNotContainKey("reconnecting");
	}

	@Test
	void aFailedClientIsDownAndSaysWhy() {
		MqttIncident incident = new MqttIncident(NOW,
				MqttFailure.of(PacketType.CONNACK, ReasonCode.BAD_USER_NAME_OR_PASSWORD).build(),
				new Classification(ErrorClass.FATAL, "default"), "client stopped");
		this.client.without(ClientState.FAILED, 1, null, null, incident, FatalKind.AUTH);
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "AUTH")
			.containsEntry("lastIncident", "CONNACK 0x86 Bad User Name or Password: client stopped (rule: default)")
			.containsEntry("state", "FAILED")
			.doesNotContainKey("reconnecting");
	}

	@Test
	void aClientThatProbesIsDownWithItsKindAndNotReconnecting() {
		this.client.without(ClientState.CONNECTING, 1, NOW.minusMillis(1), null, lost(), FatalKind.AUTH);
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "AUTH").containsEntry("state", "CONNECTING");
	}

	@ParameterizedTest
	@EnumSource(value = ClientState.class, names = { "STOPPED", "STOPPING" })
	void aStoppedClientIsUnknown(ClientState state) {
		this.client.without(state, 0, null, null, null, null);
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health.getDetails()).containsOnlyKeys("state");
	}

	@Test
	void aRefusedSubscriptionIsADetailAndNotDown() {
		MqttFailure refused = MqttFailure.of(PacketType.SUBACK, ReasonCode.NOT_AUTHORIZED).topic("denied/#").build();
		this.client.connected("mqtt://broker:1883", NOW, false)
			.subscriptions(new SubscriptionStatus("a/#", 1, SubscriptionStatus.State.ACTIVE, 1, null),
					new SubscriptionStatus("denied/#", 1, SubscriptionStatus.State.REJECTED, -1, refused));
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("rejectedSubscriptions",
				List.of("denied/#: SUBACK 0x87 Not authorized"));
	}

	@Test
	void aRefusedSubscriptionCannotForgeALine() {
		this.client.connected("mqtt://broker:1883", NOW, false)
			.subscriptions(new SubscriptionStatus("denied\n", 1, SubscriptionStatus.State.REJECTED, -1, null));
		assertThat(health().getDetails()).containsEntry("rejectedSubscriptions", List.of("denied\\u000A"));
	}

	@ParameterizedTest
	@EnumSource(ClientState.class)
	void nothingIsAskedOfTheServerInAnyState(ClientState state) {
		Set<String> asked = new TreeSet<>();
		this.client.without(state, 1, NOW, NEXT, lost(), null);
		ManagedMqttClient watched = (ManagedMqttClient) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { ManagedMqttClient.class }, (proxy, method, arguments) -> {
					asked.add(method.getName());
					return method.invoke(this.client, arguments);
				});
		new MqttHealthIndicator(watched, Duration.ofSeconds(30), clock()).health();
		assertThat(asked).contains("state").isSubsetOf("state", "reconnectStatus", "connection", "subscriptions");
	}

	@Test
	void withoutGraceALostConnectionIsDownAtOnce() {
		this.client.without(ClientState.WAITING, 0, NOW, NEXT, lost(), null);
		assertThat(new MqttHealthIndicator(this.client, Duration.ZERO, clock()).health().getStatus())
			.isEqualTo(Status.DOWN);
	}

	private Health health() {
		return new MqttHealthIndicator(this.client, Duration.ofSeconds(30), clock()).health();
	}

	private static Clock clock() {
		return Clock.fixed(NOW, ZoneOffset.UTC);
	}

	private static MqttIncident lost() {
		return new MqttIncident(NOW, MqttFailure.local(LocalError.CONNECTION_CLOSED).build(),
				new Classification(ErrorClass.RECONNECT, "default"), "connection lost, reconnecting");
	}

}
