package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.SubscribeAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a server does that breaks the protocol without being malformed costs neither the
 * window, nor memory, nor a message.
 */
class HostileServerTests {

	@Test
	void anAcknowledgementOfWhatThisConnectionNeverCarriedOpensNoWindow() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> large = test.client
			.publish(PublishRequest.to("large").payload(new byte[200]).qos(1).build());
		int id = ((Publish) test.link().sent(PacketType.PUBLISH).get(0)).packetId();
		test.reconnect(Limits.connAck((limits) -> {
			limits.sessionPresent = true;
			limits.maximumPacketSize = 100L;
			limits.receiveMaximum = 1;
		}));
		assertThat(test.cause(large)).hasMessageContaining("outcome is unknown");
		test.receive(new PublishAck(PacketType.PUBACK, id, 0));
		for (int i = 0; i < 5; i++) {
			test.client.publish(PublishRequest.to("small").qos(1).build());
		}
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(1);
		assertThat(test.events(MqttProtocolAnomalyEvent.class)).hasSize(1);
	}

	static List<MqttPacket> packetsThatAskForAnAnswer() {
		return List.of(new PublishAck(PacketType.PUBREL, 1, 0), new PublishAck(PacketType.PUBREC, 1, 0),
				new Publish(1, "in", 2, false, true, PublishProperties.NONE, new byte[0]));
	}

	@ParameterizedTest
	@MethodSource("packetsThatAskForAnAnswer")
	void answersThatTheServerDoesNotReadDoNotPileUpWithoutEnd(MqttPacket packet) {
		TestClient test = new TestClient().connect();
		FakeWire.FakeConnection connection = test.link();
		for (int i = 0; i < 400 && test.client.state() == ClientState.CONNECTED; i++) {
			for (int j = 0; j < 1000; j++) {
				connection.receive(packet);
			}
			test.time.run();
		}
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(connection.sent.get(connection.sent.size() - 1)).isEqualTo(new Disconnect(0x82));
		assertThat(test.client.incidents().get(0).failure().localError()).isEqualTo(LocalError.INBOUND_PROTOCOL_ERROR);
		assertThat(test.client.incidents().get(0).failure().detail()).contains("does not read");
	}

	@Test
	void answersThatAreWrittenMayBeAsManyAsTheServerLikes() {
		TestClient test = new TestClient().connect();
		PublishAck pubrel = new PublishAck(PacketType.PUBREL, 1, 0);
		for (int i = 0; i < 400; i++) {
			for (int j = 0; j < 1000; j++) {
				test.link().receive(pubrel);
			}
			test.time.run();
			test.wire.last().writeAll();
			test.time.run();
		}
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void aPubrelThatCameTooEarlyIsNotAnsweredOnTheNextConnection() {
		TestClient test = new TestClient().connect();
		List<CompletableFuture<Void>> processing = new ArrayList<>();
		test.client.subscribe(SubscribeRequest.to("in").qos(2).messageHandler((message) -> {
			CompletableFuture<Void> done = new CompletableFuture<>();
			processing.add(done);
			return done;
		}).build());
		test.receive(new SubscribeAck(PacketType.SUBACK,
				((Subscribe) test.link().sent(PacketType.SUBSCRIBE).get(0)).packetId(), List.of(2), null, List.of()));
		test.receive(new Publish(7, "in", 2, false, false, PublishProperties.NONE, new byte[0]));
		test.receive(new PublishAck(PacketType.PUBREL, 7, 0));
		test.reconnect(true);
		test.receive(new Publish(7, "in", 2, false, true, PublishProperties.NONE, new byte[0]));
		processing.get(0).complete(null);
		test.time.run();
		assertThat(test.link().sent).containsExactly(new PublishAck(PacketType.PUBREC, 7, 0));
		test.receive(new PublishAck(PacketType.PUBREL, 7, 0));
		assertThat(test.link().sent).endsWith(new PublishAck(PacketType.PUBCOMP, 7, 0));
		assertThat(processing).hasSize(1);
	}

	@Test
	void anIdentifierThatASubackSetsFreeGoesToThePublishThatWaitsForIt() {
		TestClient test = new TestClient((config) -> config.with((c) -> {
			c.maxInFlight = 65_535;
			c.bufferSize = 100_000;
		})).connect();
		test.client.subscribe(SubscribeRequest.to("in").build());
		int subscribe = ((Subscribe) test.link().sent(PacketType.SUBSCRIBE).get(0)).packetId();
		for (int i = 0; i < 65_535; i++) {
			test.client.publish(PublishRequest.to("out").qos(1).build());
			if (i % 1000 == 0) {
				test.time.run();
				test.wire.last().writeAll();
			}
		}
		test.time.run();
		test.wire.last().writeAll();
		test.time.run();
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(65_534);
		test.receive(new SubscribeAck(PacketType.SUBACK, subscribe, List.of(1), null, List.of()));
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(65_535);
		test.time.advance(Duration.ofMillis(1));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

}
