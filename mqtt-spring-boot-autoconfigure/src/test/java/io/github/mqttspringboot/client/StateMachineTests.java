package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;
import io.github.mqttspringboot.event.MqttConnectionEvent;
import io.github.mqttspringboot.packet.ConnAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StateMachine}, through a client on a fake wire.
 */
class StateMachineTests {

	@Test
	void everyChangeIsToldWithItsCause() {
		TestClient test = new TestClient().start();
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(false, 0));
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x8B).build());
		test.client.reconnect();
		test.time.run();
		test.accept(ConnAck.of(true, 0));
		test.client.reconnect();
		test.time.run();
		test.refuse(0x84);
		test.client.reconnect();
		test.time.run();
		test.accept(ConnAck.of(true, 0));
		test.stop();
		assertThat(test.changes()).containsExactly("STOPPED -> CONNECTING: told to start",
				"CONNECTING -> WAITING: not connected", "WAITING -> CONNECTING: the time to wait is over",
				"CONNECTING -> CONNECTED: accepted by mqtt://one:1883",
				"CONNECTED -> WAITING: connection to mqtt://one:1883 ended", "WAITING -> CONNECTING: told to reconnect",
				"CONNECTING -> CONNECTED: accepted by mqtt://one:1883", "CONNECTED -> CONNECTING: told to reconnect",
				"CONNECTING -> FAILED: not connected", "FAILED -> CONNECTING: told to reconnect",
				"CONNECTING -> CONNECTED: accepted by mqtt://one:1883", "CONNECTED -> STOPPING: told to stop",
				"STOPPING -> STOPPED: disconnected");
	}

	@Test
	void aChangeCarriesTheFailureBehindIt() {
		TestClient test = new TestClient().start();
		test.refuse(0x89);
		MqttClientStateChangedEvent change = test.changes.get(1);
		assertThat(change).isNotInstanceOf(MqttConnectionEvent.class);
		assertThat(change.getSource()).isSameAs(test.client);
		assertThat(change.getClientName()).isEqualTo("default");
		assertThat(change.getFailure().code()).isEqualTo(0x89);
		assertThat(change.getClassification().errorClass()).isEqualTo(ErrorClass.THROTTLED);
		assertThat(change.toString()).contains("CONNECTING -> WAITING: not connected", "CONNACK 0x89");
		assertThat(test.changes.get(0).getFailure()).isNull();
		assertThat(test.changes.get(0).getClassification()).isNull();
	}

	@Test
	void moreServersWithinAnAttemptAreNoChange() {
		TestClient test = new TestClient((config) -> config
			.with((c) -> c.servers = List.of(URI.create("mqtt://one:1883"), URI.create("mqtt://two:1883")))).start();
		test.end(MqttFailure.local(LocalError.UNKNOWN_HOST).build());
		test.accept(ConnAck.of(false, 0));
		assertThat(test.changes()).containsExactly("STOPPED -> CONNECTING: told to start",
				"CONNECTING -> CONNECTED: accepted by mqtt://two:1883");
	}

	@ParameterizedTest
	@EnumSource
	void stopLeadsOutOfEveryState(ClientState state) {
		Set<ClientState> seen = EnumSet.of(state);
		for (int i = 0; i < 2; i++) {
			for (ClientState from : EnumSet.copyOf(seen)) {
				for (ClientState to : EnumSet.of(ClientState.STOPPING, ClientState.STOPPED)) {
					if (StateMachine.leads(from, to)) {
						seen.add(to);
					}
				}
			}
		}
		assertThat(seen).contains(ClientState.STOPPED);
	}

	@Test
	void noStateIsReachedByAWayThatThereIsNot() {
		TestClient test = new TestClient().connect();
		assertThat(StateMachine.leads(ClientState.STOPPED, ClientState.CONNECTED)).isFalse();
		assertThat(StateMachine.leads(ClientState.STOPPING, ClientState.CONNECTING)).isFalse();
		assertThat(StateMachine.leads(ClientState.WAITING, ClientState.CONNECTED)).isFalse();
		assertThat(StateMachine.leads(ClientState.CONNECTED, ClientState.STOPPED)).isFalse();
		assertThat(test.changes).isNotEmpty()
			.allMatch((change) -> StateMachine.leads(ClientState.valueOf(change.getPreviousState()),
					ClientState.valueOf(change.getState())));
	}

}
