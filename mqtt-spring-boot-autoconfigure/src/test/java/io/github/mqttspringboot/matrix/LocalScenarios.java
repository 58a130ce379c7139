package io.github.mqttspringboot.matrix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.core.retry.RetryPolicy;

import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.MqttNotConnectedException;
import io.github.mqttspringboot.client.MqttOperationTimeoutException;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.MqttUnsubscribeRejectedException;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttUnsubscribeRejectedEvent;
import io.github.mqttspringboot.listener.DefaultMqttListenerContainerFactory;
import io.github.mqttspringboot.listener.MqttListenerContainer;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;
import io.github.mqttspringboot.listener.MqttListenerSettings;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.Rule;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.ServerConnection;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the client finds itself, but for what it refuses before the wire.
 */
final class LocalScenarios {

	private static final Duration SHORT = Duration.ofSeconds(2);

	private static final int ALL_IDS = 65_535;

	private LocalScenarios() {
	}

	// Operations

	static void inFlightWindowFull(Trial trial) {
		trial.setup.publishTimeout = SHORT;
		Rule withheld = trial.broker.on(When.publish("slow/#")).withhold();
		trial.connect();
		CompletableFuture<PublishResult> first = trial.publish("slow/1", 1);
		CompletableFuture<PublishResult> second = trial.publish("slow/2", 1);
		MqttOperationTimeoutException ex = trial.failed(second, MqttOperationTimeoutException.class);
		assertThat(ex.getMessage()).contains("not sent").contains("window of 1");
		Trial.failure(first, MqttOperationTimeoutException.class);
		trial.expectedErrors.add(trial.key()).add("recoverable/local/ack-timeout");
		trial.expectedEvents.add(MqttPublishRejectedEvent.class).add(MqttPublishRejectedEvent.class);
		lateAcknowledgement(trial, withheld, "slow/1");
		trial.broker.received(When.publish("slow/2")).forEach((packet) -> assertThat(packet).isNull());
		trial.finish();
	}

	static void ackTimeout(Trial trial) {
		trial.setup.publishTimeout = SHORT;
		Rule withheld = trial.broker.on(When.publish("slow/#")).withhold();
		trial.connect();
		MqttOperationTimeoutException ex = trial.failed(trial.publish("slow/1", 1),
				MqttOperationTimeoutException.class);
		assertThat(ex.getMessage()).contains("outcome is unknown");
		trial.expectRejection(MqttPublishRejectedEvent.class);
		// The permit is still out
		Trial.failure(trial.publish("slow/2", 1), MqttOperationTimeoutException.class);
		trial.expectCollateral("recoverable/local/in-flight-window-full", MqttPublishRejectedEvent.class);
		assertThat(trial.broker.received(When.publish("slow/2"))).isEmpty();
		lateAcknowledgement(trial, withheld, "slow/1");
		trial.finish();
	}

	private static void lateAcknowledgement(Trial trial, Rule withheld, String topic) {
		withheld.remove();
		ReceivedPacket sent = trial.broker.awaitReceived(When.publish(topic), 1).get(0);
		trial.broker.lastConnection().send(Reply.puback(0).id(sent.packetId()));
	}

	static void packetIdentifiersExhausted(Trial trial) {
		trial.setup.publishTimeout = SHORT;
		Rule withheld = trial.broker.on(When.unsubscribe("busy")).withhold();
		trial.connect();
		List<CompletableFuture<UnsubscribeResult>> all = new ArrayList<>(ALL_IDS);
		for (int i = 0; i < ALL_IDS; i++) {
			all.add(trial.client().unsubscribe("busy"));
		}
		List<ReceivedPacket> sent = trial.broker.awaitReceived(When.unsubscribe("busy"), ALL_IDS);
		assertThat(sent).extracting(ReceivedPacket::packetId).doesNotHaveDuplicates();
		trial.failed(trial.publish("late", 1), MqttOperationTimeoutException.class);
		trial.expectRejection(MqttPublishRejectedEvent.class);
		assertThat(trial.broker.received(When.publish("late"))).isEmpty();
		withheld.remove();
		ServerConnection connection = trial.broker.lastConnection();
		sent.forEach((packet) -> connection.send(Reply.unsuback(0).id(packet.packetId())));
		all.forEach(Trial::get);
		trial.finish();
	}

	static void notConnected(Trial trial) {
		trial.setup.bufferSize = 1;
		trial.setup.publishTimeout = SHORT;
		CompletableFuture<PublishResult> waiting = trial.publish("waits", 1);
		trial.failed(trial.publish("too-many", 1), MqttNotConnectedException.class);
		trial.failed(waiting, MqttOperationTimeoutException.class);
		trial.expectRejections(MqttPublishRejectedEvent.class, 2);
		trial.connect();
		assertThat(trial.broker.received(PacketType.PUBLISH)).isEmpty();
		trial.finish();
	}

	static void notConnectedFailsAtOnce(Trial trial) {
		trial.setup.whenDisconnected = WhenDisconnected.FAIL;
		trial.failed(trial.publish("fails", 1), MqttNotConnectedException.class);
		trial.expectRejection(MqttPublishRejectedEvent.class);
		trial.connect();
		trial.finish();
	}

	static void unsolicitedAck(Trial trial) {
		trial.connect();
		ServerConnection connection = trial.broker.lastConnection();
		connection.send(Reply.puback(0).id(500));
		connection.send(Reply.puback(0x87).id(501));
		connection.send(Reply.pubrec(0x87).id(502));
		connection.send(Reply.pubrec(0).id(503));
		connection.send(Reply.suback(0).id(504));
		connection.send(Reply.unsuback(0).id(505));
		connection.send(Reply.pubcomp(0).id(506));
		trial.expectRejections(MqttProtocolAnomalyEvent.class, 7);
		// The friendly broker answers with a PUBCOMP, which is no further surprise
		assertThat(trial.broker.awaitReceived(PacketType.PUBREL, 1)).singleElement().satisfies((packet) -> {
			assertThat(packet.packetId()).isEqualTo(503);
			assertThat(packet.reasonCode()).isEqualTo(0x92);
		});
		trial.finish();
	}

	static void ackCountMismatch(Trial trial) {
		trial.broker.on(When.subscribe("few/1")).answer(Reply.suback(1));
		trial.broker.on(When.subscribe("many/1")).answer(Reply.suback(1, 1));
		trial.broker.on(When.unsubscribe("few/1")).answer(Reply.unsuback(0));
		trial.broker.on(When.unsubscribe("many/1")).answer(Reply.unsuback(0, 0));
		trial.connect();
		MqttSubscribeRejectedException few = trial.failed(trial.trySubscribe("few/1", "few/2"),
				MqttSubscribeRejectedException.class);
		assertThat(few.getResult().entries()).extracting((entry) -> entry.isGranted()).containsExactly(true, false);
		assertThat(trial.client().subscriptions())
			.filteredOn((status) -> status.state() == SubscriptionStatus.State.REJECTED)
			.extracting(SubscriptionStatus::filter)
			.containsExactly("few/2");
		trial.failed(trial.trySubscribe("many/1"), MqttSubscribeRejectedException.class);
		trial.expectRejections(MqttSubscribeRejectedEvent.class, 2);
		trial.failed(trial.client().unsubscribe("few/1", "few/2"), MqttUnsubscribeRejectedException.class);
		trial.failed(trial.client().unsubscribe("many/1"), MqttUnsubscribeRejectedException.class);
		trial.expectRejections(MqttUnsubscribeRejectedEvent.class, 2);
		trial.finish();
	}

	static void listenerFailed(Trial trial) {
		trial.connect();
		AtomicInteger attempts = new AtomicInteger();
		AtomicInteger recovered = new AtomicInteger();
		DefaultMqttListenerContainerFactory factory = new DefaultMqttListenerContainerFactory();
		factory.setClient(trial.client());
		factory.setSettings(MqttListenerSettings.defaults()
			.withRetryPolicy(RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build()));
		factory.setRecoverer((message, failure) -> {
			recovered.incrementAndGet();
			return null;
		});
		MqttListenerContainer container = factory
			.createContainer(MqttListenerEndpoint.withId("bad").topics("bad/#").qos(1).listener((message, ack) -> {
				attempts.incrementAndGet();
				throw new IllegalStateException("a listener's own");
			}).build());
		container.start();
		trial.broker.awaitReceived(When.subscribe("bad/#"), 1);
		trial.broker.lastConnection().send(Reply.publish("bad/1", "x").qos(1).id(9));
		trial.expectRejection(MqttListenerFailedEvent.class);
		assertThat(trial.broker.awaitReceived(PacketType.PUBACK, 1).get(0).packetId()).isEqualTo(9);
		assertThat(attempts).hasValue(3);
		assertThat(recovered).hasValue(1);
		trial.finish();
		container.stop();
	}

	// What comes in

	static void inboundTopicAliasInvalid(Trial trial) {
		ConnectionScenarios.ended(trial, Reply.publish("in/alias", "x").topicAlias(1).encode(), 0x94);
		trial.finish();
		assertThat(trial.broker.received(PacketType.CONNECT))
			.allMatch((packet) -> packet.connectFields().topicAliasMaximum() == 0);
	}

	static void inboundMalformed(Trial trial) {
		// A PUBACK of one byte
		ConnectionScenarios.ended(trial, new byte[] { 0x40, 1, 0 }, 0x81);
		trial.finish();
	}

	static void inboundTooLarge(Trial trial) {
		trial.setup.maximumPacketSize = 200L;
		ConnectionScenarios.ended(trial, Reply.publish("in/large", "x".repeat(300)).encode(), 0x95);
		trial.finish();
		assertThat(trial.inbox).noneMatch((message) -> message.topic().equals("in/large"));
	}

	static void inboundProtocolError(Trial trial) {
		ConnectionScenarios.ended(trial, Reply.connack(0).encode(), 0x82);
		trial.finish();
	}

	static void inboundReceiveMaximumExceeded(Trial trial) {
		trial.setup.receiveMaximum = 2;
		trial.connect();
		CompletableFuture<Void> busy = new CompletableFuture<>();
		trial.subscribe("busy/#", (message) -> busy);
		ServerConnection connection = trial.broker.lastConnection();
		// What is acknowledged no longer counts
		for (int id = 10; id < 16; id++) {
			connection.send(Reply.publish("in/" + id, "x").qos(1 + id % 2).id(id));
			trial.broker.awaitReceived((id % 2 == 0) ? PacketType.PUBACK : PacketType.PUBCOMP, (id - 8) / 2);
		}
		connection.send(Reply.publish("busy/1", "x").qos(1).id(1));
		connection.send(Reply.publish("busy/2", "x").qos(2).id(2));
		connection.send(Reply.publish("busy/3", "x").qos(1).id(3));
		trial.expectConnectionLost();
		assertThat(trial.broker.awaitReceived(PacketType.DISCONNECT, 1).get(0).reasonCode()).isEqualTo(0x93);
		busy.complete(null);
		trial.finish();
	}

	// The end of connections

	static void connectionClosed(Trial trial) {
		ConnectionScenarios.ended(trial, new byte[0], null);
		trial.finish();
	}

	static void pingTimeout(Trial trial) {
		trial.broker.acceptWith(Trial.accept().serverKeepAlive(1));
		trial.broker.on(When.pingreq().onConnection(0)).withhold();
		trial.connect();
		trial.broker.awaitReceived(PacketType.PINGREQ, 1);
		trial.expectConnectionLost();
		trial.finish();
	}

	// Attempts

	static void connackTimeout(Trial trial) {
		trial.setup.connectTimeout = Duration.ofSeconds(1);
		trial.broker.on(When.connect()).withhold().once();
		ConnectionScenarios.refused(trial);
		trial.finish();
	}

	static void closedBeforeConnack(Trial trial) {
		trial.broker.on(When.connect()).close().once();
		ConnectionScenarios.refused(trial);
		trial.finish();
	}

	static void mqtt311Only(Trial trial) {
		trial.broker.on(When.connect()).answerRaw(0x20, 2, 0, 1).close().once();
		ConnectionScenarios.refused(trial);
		assertThat(trial.client().incidents()).anySatisfy(
				(incident) -> assertThat(incident.toString()).contains("speaks only MQTT 3.1.1").contains("0x01"));
		trial.finish();
	}

	static void internalError(Trial trial) {
		AtomicInteger attempts = new AtomicInteger();
		trial.setup.customizers.add((name, options) -> {
			if (attempts.incrementAndGet() == 1) {
				throw new IllegalStateException("a customizer's own");
			}
		});
		trial.client().start();
		trial.expectConnectionPrevented();
		trial.finish();
	}

	static void credentialsUnavailable(Trial trial) {
		AtomicInteger attempts = new AtomicInteger();
		trial.setup.credentials = (name) -> {
			if (attempts.incrementAndGet() == 1) {
				throw new IllegalStateException("a vault's own");
			}
			return MqttCredentials.of("user", "secret");
		};
		trial.client().start();
		trial.expectConnectionPrevented();
		trial.finish();
	}

	static void credentialsTakeTooLong(Trial trial) {
		trial.setup.connectTimeout = Duration.ofSeconds(1);
		AtomicInteger attempts = new AtomicInteger();
		CountDownLatch end = new CountDownLatch(1);
		trial.setup.credentials = (name) -> {
			if (attempts.incrementAndGet() == 1) {
				try {
					end.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return MqttCredentials.of("user", "secret");
		};
		trial.client().start();
		trial.expectConnectionPrevented();
		end.countDown();
		trial.finish();
	}

	static void connectionRefused(Trial trial) {
		ScriptedBroker gone = ScriptedBroker.start();
		gone.close();
		nextServerFirst(trial, gone.uri());
	}

	static void unknownHost(Trial trial) {
		nextServerFirst(trial, "mqtt://no-such-host.invalid:1883");
	}

	static void connectTimeout(Trial trial) throws IOException {
		trial.setup.connectTimeout = Duration.ofSeconds(1);
		List<Socket> fill = new ArrayList<>();
		// Linux drops what exceeds the backlog: the client knocks in vain
		try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			for (int i = 0; i < 8; i++) {
				Socket socket = new Socket();
				fill.add(socket);
				try {
					socket.connect(deaf.getLocalSocketAddress(), 50);
				}
				catch (IOException ex) {
					// That is what is wanted
				}
			}
			InetSocketAddress address = (InetSocketAddress) deaf.getLocalSocketAddress();
			nextServerFirst(trial, "mqtt://127.0.0.1:" + address.getPort());
		}
		finally {
			for (Socket socket : fill) {
				socket.close();
			}
		}
	}

	/**
	 * The first of two servers cannot be reached: the next is tried in the same attempt.
	 */
	private static void nextServerFirst(Trial trial, String unreachable) {
		trial.setup.servers(unreachable, trial.broker.uri());
		CompletableFuture<PublishResult> early = trial.publish("early", 1);
		trial.client().start();
		trial.expectNextServer();
		ConnectionScenarios.ends(trial, early);
		assertThat(trial.client().connection().server()).isEqualTo(trial.broker.uri());
		trial.finish();
	}

}
