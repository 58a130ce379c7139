package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.FakeWire.FakeConnection;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.SubscribeAck;
import io.github.mqttspringboot.packet.Unsubscribe;

/**
 * A server for a {@link TestClient} that answers each packet in its order, but for those
 * that make it end the connection.
 */
final class FussyServer {

	static final MqttFailure CLOSED = MqttFailure.local(LocalError.CONNECTION_CLOSED).build();

	final TestClient test;

	/** How a packet ends the connection, {@code null} if it does not. */
	Function<MqttPacket, @Nullable MqttFailure> poison = (packet) -> null;

	/** Whether the server keeps sessions. */
	boolean keepsSessions = true;

	/** The most that was sent on a connection without an answer, one after another. */
	int mostAtOnce;

	final List<String> received = new ArrayList<>();

	private final Map<FakeConnection, Integer> answered = new HashMap<>();

	private final Map<Integer, String> qos2 = new HashMap<>();

	FussyServer(TestClient test) {
		this.test = test;
	}

	FussyServer poisonTopic(String topic, MqttFailure failure) {
		return poison(
				(packet) -> (packet instanceof Publish publish && publish.topic().equals(topic)) ? failure : null);
	}

	FussyServer poison(Function<MqttPacket, @Nullable MqttFailure> poison) {
		this.poison = poison;
		return this;
	}

	int connections() {
		return this.test.wire.connections.size();
	}

	/**
	 * Serve until the client asks for nothing more, or has had so many connections.
	 * @param most the most connections
	 * @return this server
	 */
	FussyServer serve(int most) {
		while (connections() <= most) {
			if (serveConnection()) {
				return this;
			}
			if (!reconnects()) {
				return this;
			}
		}
		return this;
	}

	/**
	 * Let the client have its next connection.
	 * @return whether it wants one
	 */
	boolean reconnects() {
		int connections = connections();
		for (int i = 0; i < 10_000 && connections() == connections; i++) {
			this.test.time.advance(Duration.ofMillis(100));
			if (this.test.client.state() == ClientState.FAILED) {
				return false;
			}
		}
		if (connections() == connections) {
			return false;
		}
		this.test.accept(ConnAck.of(this.keepsSessions, 0));
		return true;
	}

	/**
	 * Answer what was sent.
	 * @return whether all was, so that the connection stays
	 */
	boolean serveConnection() {
		FakeConnection link = this.test.link();
		while (true) {
			int from = this.answered.getOrDefault(link, 0);
			link.writeAll();
			this.test.time.run();
			List<MqttPacket> sent = List.copyOf(link.sent);
			if (from == sent.size()) {
				return true;
			}
			this.answered.put(link, sent.size());
			this.mostAtOnce = Math.max(this.mostAtOnce,
					(int) sent.stream().skip(from).filter((packet) -> packet != Ping.REQUEST).count());
			for (MqttPacket packet : sent.subList(from, sent.size())) {
				MqttFailure failure = this.poison.apply(packet);
				if (failure != null) {
					this.test.end(failure);
					return false;
				}
				answer(link, packet);
			}
		}
	}

	private void answer(FakeConnection link, MqttPacket packet) {
		if (packet == Ping.REQUEST) {
			link.receive(Ping.RESPONSE);
		}
		else if (packet instanceof Publish publish) {
			publish(link, publish);
		}
		else if (packet instanceof PublishAck release && release.type() == PacketType.PUBREL) {
			this.qos2.remove(release.packetId());
			link.receive(new PublishAck(PacketType.PUBCOMP, release.packetId(), 0));
		}
		else if (packet instanceof Subscribe subscribe) {
			link.receive(new SubscribeAck(PacketType.SUBACK, subscribe.packetId(),
					subscribe.subscriptions().stream().map(Subscribe.Subscription::qos).toList(), null, List.of()));
		}
		else if (packet instanceof Unsubscribe unsubscribe) {
			link.receive(new SubscribeAck(PacketType.UNSUBACK, unsubscribe.packetId(),
					Collections.nCopies(unsubscribe.filters().size(), 0), null, List.of()));
		}
		this.test.time.run();
	}

	private void publish(FakeConnection link, Publish publish) {
		if (publish.qos() != 2 || this.qos2.put(publish.packetId(), publish.topic()) == null) {
			this.received.add(publish.topic());
		}
		if (publish.qos() > 0) {
			link.receive(new PublishAck((publish.qos() == 1) ? PacketType.PUBACK : PacketType.PUBREC,
					publish.packetId(), 0));
		}
	}

}
