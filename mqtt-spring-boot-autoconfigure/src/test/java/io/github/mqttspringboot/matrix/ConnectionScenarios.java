package io.github.mqttspringboot.matrix;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mqttspringboot.client.ClientSettings.Redirect;
import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.MqttNotConnectedException;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the server answers to CONNECT, and how it ends connections.
 */
final class ConnectionScenarios {

	private static final String NOT_CONNECTED = "recoverable/local/not-connected";

	private static final String REFERENCE = "other.example:1883";

	private ConnectionScenarios() {
	}

	static void connackAccepted(Trial trial) {
		trial.connect();
		MqttConnectedEvent event = trial.events(MqttConnectedEvent.class).get(0);
		assertThat(event.isReconnect()).isFalse();
		assertThat(event.isSessionPresent()).isFalse();
		assertThat(trial.client().connection().limits().receiveMaximum()).isEqualTo(1);
		trial.finish();
	}

	static void connackRefused(Trial trial) {
		int code = trial.row.value();
		trial.broker.on(When.connect())
			.answer(Trial.told(Reply.connack(code)).serverReference(REFERENCE))
			.thenClose()
			.once();
		refused(trial);
		assertThat(trial.client().incidents()).anySatisfy((incident) -> {
			trial.check(incident.failure(), incident.classification());
			assertThat(incident.failure().serverReference()).isEqualTo(REFERENCE);
		});
		trial.finish();
	}

	/**
	 * The first attempt is going to be refused: a publish that waits for it ends as the
	 * class demands.
	 */
	static void refused(Trial trial) {
		CompletableFuture<PublishResult> early = trial.publish("early", 1);
		trial.client().start();
		trial.expectConnectionRefused();
		ends(trial, early);
		boolean sent = trial.ruling.errorClass() != ErrorClass.FATAL;
		assertThat(trial.broker.received(When.publish("early"))).hasSize(sent ? 1 : 0);
	}

	/** A publish ends as the class of a connection's end demands. */
	static void ends(Trial trial, CompletableFuture<PublishResult> future) {
		if (trial.ruling.errorClass() == ErrorClass.FATAL) {
			MqttNotConnectedException ex = Trial.failure(future, MqttNotConnectedException.class);
			assertThat(ex.getMessage()).contains(trial.row.failure().title());
			trial.expectCollateral(NOT_CONNECTED, MqttPublishRejectedEvent.class);
		}
		else {
			assertThat(Trial.get(future).code()).isZero();
		}
	}

	static void disconnect(Trial trial) {
		ended(trial, Trial.told(Reply.disconnect(trial.row.value())).serverReference(REFERENCE).encode(), null);
		assertThat(trial.client().incidents()).anySatisfy((incident) -> {
			trial.check(incident.failure(), incident.classification());
			assertThat(incident.failure().serverReference()).isEqualTo(REFERENCE);
		});
		trial.finish();
	}

	static void auth(Trial trial) {
		ended(trial, Reply.auth(trial.row.value()).encode(), 0x82);
		trial.finish();
	}

	/**
	 * The server sends what ends the connection, while a publish is in flight.
	 * @param bytes what the server sends
	 * @param parting the reason code of the DISCONNECT that the client answers with,
	 * {@code null} if the server closes the connection by itself
	 */
	static void ended(Trial trial, byte[] bytes, Integer parting) {
		trial.broker.on(When.publish("flight/#").onConnection(0)).withhold();
		trial.connect();
		CompletableFuture<PublishResult> inFlight = trial.publish("flight/1", 1);
		ReceivedPacket sent = trial.broker.awaitReceived(When.publish("flight/1"), 1).get(0);
		trial.broker.connection(0).send(bytes);
		if (parting == null) {
			trial.broker.connection(0).close();
		}
		trial.expectConnectionLost();
		ends(trial, inFlight);
		if (parting != null) {
			assertThat(trial.broker.awaitReceived(PacketType.DISCONNECT, 1)).singleElement()
				.satisfies((packet) -> assertThat(packet.reasonCode()).isEqualTo(parting));
		}
		// The session has been kept: the server still owes an acknowledgement
		ReceivedPacket again = trial.broker.awaitReceived(When.publish("flight/1"), 2).get(1);
		assertThat(again.duplicate()).isTrue();
		assertThat(again.packetId()).isEqualTo(sent.packetId());
	}

	/** Refused for its credentials, with a provider that has better ones. */
	static void connackWithFreshCredentials(Trial trial) {
		AtomicInteger count = new AtomicInteger();
		trial.setup.credentials = (name) -> MqttCredentials.of("user", "secret-" + count.incrementAndGet());
		trial.broker.on(When.connect()).answer(Trial.told(Reply.connack(trial.row.value()))).thenClose().once();
		refused(trial);
		assertThat(trial.broker.received(PacketType.CONNECT))
			.extracting((packet) -> packet.connectFields().passwordText())
			.containsExactly("secret-1", "secret-2");
		trial.finish();
	}

	static void disconnectForCredentials(Trial trial) {
		AtomicInteger count = new AtomicInteger();
		trial.setup.credentials = (name) -> MqttCredentials.of("user", "secret-" + count.incrementAndGet());
		disconnect(trial);
		assertThat(trial.broker.received(PacketType.CONNECT))
			.extracting((packet) -> packet.connectFields().passwordText())
			.containsExactly("secret-1", "secret-2");
	}

	/** Refused for what can heal elsewhere: the client tries again by itself, slowly. */
	static void connackProbed(Trial trial) {
		if (trial.ruling.errorClass() != ErrorClass.FATAL) {
			connackRefused(trial);
			return;
		}
		trial.broker.on(When.connect()).answer(Trial.told(Reply.connack(trial.row.value()))).thenClose().times(2);
		probed(trial);
		trial.finish();
	}

	/** Two attempts are going to be refused, and heal elsewhere before the third. */
	static void probed(Trial trial) {
		trial.setup.probeInterval = Duration.ofSeconds(1);
		CompletableFuture<PublishResult> early = trial.publish("early", 1);
		trial.client().start();
		trial.expectedErrors.add(trial.key(), 2);
		trial.expectedRefusals += 2;
		trial.failed(1);
		assertThat(trial.health().getDetails()).containsKey("nextAttempt");
		ends(trial, early);
		trial.failed(2);
		trial.connected();
	}

	/** The server points to another, which is allowed. */
	static void connackFollowed(Trial trial) {
		if (trial.ruling.errorClass() != ErrorClass.REDIRECT) {
			connackRefused(trial);
			return;
		}
		try (ScriptedBroker pointing = pointing(trial)) {
			pointing.on(When.connect())
				.answer(Trial.told(Reply.connack(trial.row.value())).serverReference(reference(trial)))
				.thenClose();
			trial.client().start();
			trial.expectedErrors.add(trial.key());
			trial.connected();
			followed(trial, pointing);
		}
	}

	/** The server sends to another, which is allowed. */
	static void disconnectFollowed(Trial trial) {
		if (trial.ruling.errorClass() != ErrorClass.REDIRECT) {
			disconnect(trial);
			return;
		}
		try (ScriptedBroker pointing = pointing(trial)) {
			pointing.acceptWith(Reply.connack(0));
			trial.client().start();
			trial.connected();
			pointing.awaitConnection(0)
				.send(Trial.told(Reply.disconnect(trial.row.value())).serverReference(reference(trial)));
			pointing.connection(0).close();
			trial.expectedRefusals--;
			trial.expectConnectionLost();
			followed(trial, pointing);
		}
	}

	private static ScriptedBroker pointing(Trial trial) {
		ScriptedBroker pointing = ScriptedBroker.start();
		trial.setup.servers(pointing.uri());
		trial.setup.redirect = new Redirect(true, List.of(reference(trial)));
		return pointing;
	}

	private static String reference(Trial trial) {
		return URI.create(trial.broker.uri()).getAuthority();
	}

	private static void followed(Trial trial, ScriptedBroker pointing) {
		assertThat(trial.client().connection().server()).isEqualTo(trial.broker.uri());
		assertThat(trial.client().incidents()).anySatisfy((incident) -> assertThat(incident.action())
			.contains("Server Reference '" + reference(trial) + "' followed"));
		assertThat(pointing.connectionCount()).isOne();
		trial.finish();
	}

	/** With two servers: the one that refused goes last. */
	static void connackAtOneOfTwo(Trial trial) {
		try (ScriptedBroker refusing = ScriptedBroker.start()) {
			trial.setup.servers(refusing.uri(), trial.broker.uri());
			refusing.on(When.connect()).answer(Trial.told(Reply.connack(trial.row.value()))).thenClose();
			trial.client().start();
			expectTheOtherServer(trial, trial::expectConnectionPrevented);
			assertThat(refusing.connectionCount()).isOne();
			trial.finish();
		}
	}

	/** With two servers: the one that sent us away goes last. */
	static void disconnectAtOneOfTwo(Trial trial) {
		try (ScriptedBroker leaving = ScriptedBroker.start()) {
			trial.setup.servers(leaving.uri(), trial.broker.uri());
			leaving.acceptWith(Reply.connack(0));
			trial.client().start();
			trial.connected();
			leaving.awaitConnection(0).send(Trial.told(Reply.disconnect(trial.row.value())));
			leaving.connection(0).close();
			trial.expectedRefusals--;
			expectTheOtherServer(trial, trial::expectConnectionLost);
			assertThat(leaving.connectionCount()).isOne();
			trial.finish();
		}
	}

	private static void expectTheOtherServer(Trial trial, Runnable expectation) {
		expectation.run();
		assertThat(trial.client().connection().server()).isEqualTo(trial.broker.uri());
	}

}
