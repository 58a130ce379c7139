package io.github.mqttspringboot.testing;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.testing.RawClient.Ending;
import io.github.mqttspringboot.testing.RawClient.Frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ScriptedBrokerTests {

	private final ThreadWatch threads = ThreadWatch.on("scripted-broker");

	private final ScriptedBroker broker = ScriptedBroker.start();

	@AfterEach
	void stop() {
		this.broker.close();
		this.threads.assertGone();
	}

	@Test
	void isFriendlyWithoutRules() {
		try (RawClient client = new RawClient(this.broker.port())) {
			Frame connack = client.connect("c", null, null);
			assertThat(connack.type()).isEqualTo(PacketType.CONNACK);
			assertThat(connack.body()).containsExactly(0, 0, 0);
			assertThat(client.publish(1, 1, "a", "x").body()).containsExactly(0, 1);
			Frame pubrec = client.publish(2, 2, "a", "x");
			assertThat(pubrec.type()).isEqualTo(PacketType.PUBREC);
			assertThat(pubrec.packetId()).isEqualTo(2);
			assertThat(client.pubrel(2).type()).isEqualTo(PacketType.PUBCOMP);
			assertThat(client.subscribe(3, "a/+", 1).reasonCodes()).containsExactly(1);
			Frame unsuback = client.unsubscribe(4, "a/+");
			assertThat(unsuback.type()).isEqualTo(PacketType.UNSUBACK);
			assertThat(unsuback.packetId()).isEqualTo(4);
			assertThat(unsuback.reasonCodes()).containsExactly(0);
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
			assertThat(this.broker.openConnectionCount()).isOne();
		}
		this.broker.awaitNoOpenConnection();
		assertThat(this.broker.violations()).isEmpty();
		assertThat(this.broker.received()).extracting(ReceivedPacket::type)
			.containsExactly(PacketType.CONNECT, PacketType.PUBLISH, PacketType.PUBLISH, PacketType.PUBREL,
					PacketType.SUBSCRIBE, PacketType.UNSUBSCRIBE, PacketType.PINGREQ);
	}

	@Test
	void acceptsWithThePropertiesAskedFor() {
		this.broker.acceptWith(Reply.connack(0)
			.sessionPresent(true)
			.receiveMaximum(2)
			.maximumPacketSize(100_000)
			.serverReference("x")
			.userProperty("k", "v"));
		try (RawClient client = new RawClient(this.broker.port())) {
			Frame connack = client.connect("c", null, null);
			assertThat(connack.body()[0]).isEqualTo((byte) 1);
			assertThat(connack.properties().number(WireProperties.RECEIVE_MAXIMUM)).isEqualTo(2);
			assertThat(connack.properties().number(WireProperties.MAXIMUM_PACKET_SIZE)).isEqualTo(100_000);
			assertThat(connack.properties().text(WireProperties.SERVER_REFERENCE)).isEqualTo("x");
			assertThat(connack.properties().user()).containsExactly("k=v");
		}
	}

	@Test
	void refusesWhatARuleRefusesAndOnlyThat() {
		this.broker.on(When.publish("denied/#")).answer(Reply.puback(0x87).reason("no"));
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			Frame refused = client.publish(7, 1, "denied/a", "x");
			assertThat(refused.body()).containsExactly(ByteWriter.bytes(0, 7, 0x87, 5, 0x1F, 0, 2, 'n', 'o'));
			assertThat(client.publish(8, 1, "allowed", "x").reasonCode()).isZero();
		}
	}

	@Test
	void appliesRulesInOrderUntilTheirTimesAreUp() {
		Rule first = this.broker.on(When.publish()).answer(Reply.puback(0x80)).once();
		this.broker.on(When.publish()).times(2).answer(Reply.puback(0x97));
		Rule other = this.broker.on(When.publish("a").onConnection(5)).answer(Reply.puback(0x83));
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			assertThat(List.of(1, 2, 3, 4)).extracting((id) -> client.publish(id, 1, "a", "x").reasonCode())
				.containsExactly(0x80, 0x97, 0x97, 0);
		}
		assertThat(first.hits()).isOne();
		assertThat(other.hits()).isZero();
	}

	@Test
	void doesTheStepsOfARuleInOrder() {
		this.broker.on(When.publish())
			.answerAsUsual()
			.answer(Reply.publish("t", "p").qos(1).id(9).duplicate().retain(), Reply.disconnect(0x8B))
			.thenClose();
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			assertThat(client.publish(1, 1, "a", "x").type()).isEqualTo(PacketType.PUBACK);
			Frame publish = client.read();
			assertThat(publish.flags()).isEqualTo(0b1011);
			assertThat(publish.topic()).isEqualTo("t");
			assertThat(publish.packetId()).isEqualTo(9);
			assertThat(publish.payloadText()).isEqualTo("p");
			assertThat(client.read().reasonCode()).isEqualTo(0x8B);
			assertThat(client.awaitEnd()).isEqualTo(Ending.CLOSED);
		}
	}

	@Test
	void withholdsAnAnswer() {
		this.broker.on(When.publish()).withhold();
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			client.publish(0, 0, "a", "x");
			client.send(ByteWriter.frame(3, 2, new ByteWriter().text("a").u16(1).u8(0).toBytes()));
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
	}

	@Test
	void sendsIllegalBytes() {
		this.broker.on(When.connect()).answerRaw(0xF1, 0x01, 0x99);
		try (RawClient client = new RawClient(this.broker.port())) {
			Frame frame = client.connect("c", null, null);
			assertThat(frame.type()).isEqualTo(PacketType.AUTH);
			assertThat(frame.flags()).isOne();
			assertThat(frame.body()).containsExactly(0x99);
		}
	}

	@Test
	void closesWithFinAndResetsWithRst() {
		this.broker.on(When.publish("close")).close();
		this.broker.on(When.publish("reset")).reset();
		try (RawClient closed = RawClient.connected(this.broker.port(), "c");
				RawClient reset = RawClient.connected(this.broker.port(), "r")) {
			closed.publish(0, 0, "close", "x");
			reset.publish(0, 0, "reset", "x");
			assertThat(closed.awaitEnd()).isEqualTo(Ending.CLOSED);
			assertThat(reset.awaitEnd()).isEqualTo(Ending.RESET);
		}
	}

	@Test
	void isCommandedThroughItsConnections() {
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			ServerConnection connection = this.broker.connection(0);
			assertThat(connection).isSameAs(this.broker.lastConnection());
			connection.send(Reply.publish("a", "1"));
			connection.sendInChunks(Reply.publish("a", "2").encode(), 1);
			connection.send(0xD0, 0);
			assertThat(client.read().payloadText()).isEqualTo("1");
			assertThat(client.read().payloadText()).isEqualTo("2");
			assertThat(client.read().type()).isEqualTo(PacketType.PINGRESP);
			connection.reset();
			assertThat(connection.isOpen()).isFalse();
			assertThat(client.awaitEnd()).isEqualTo(Ending.RESET);
			assertThatIllegalStateException().isThrownBy(() -> connection.send(Reply.puback(0)))
				.withMessageContaining("give it an id");
		}
	}

	@Test
	void recordsWhatAConnectSays() throws Exception {
		MqttConnectionOptions options = new MqttConnectionOptions();
		options.setCleanStart(false);
		options.setKeepAliveInterval(17);
		options.setSessionExpiryInterval(300L);
		options.setReceiveMaximum(20);
		options.setMaximumPacketSize(5000L);
		options.setUserName("gateway");
		options.setPassword("secret".getBytes(StandardCharsets.UTF_8));
		MqttProperties will = new MqttProperties();
		will.setWillDelayInterval(9L);
		options.setWill("w/t", new MqttMessage("gone".getBytes(StandardCharsets.UTF_8), 1, true, null));
		options.setWillMessageProperties(will);
		MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + this.broker.port(), "me",
				new MemoryPersistence());
		client.connect(options).waitForCompletion(10_000);
		MqttMessage message = new MqttMessage("hi".getBytes(StandardCharsets.UTF_8));
		message.setQos(2);
		message.setRetained(true);
		client.publish("a/b", message).waitForCompletion(10_000);
		client.disconnect().waitForCompletion(10_000);
		client.close();
		ConnectFields connect = this.broker.received(PacketType.CONNECT).get(0).connectFields();
		assertThat(connect.protocolVersion()).isEqualTo(5);
		assertThat(connect.clientId()).isEqualTo("me");
		assertThat(connect.cleanStart()).isFalse();
		assertThat(connect.keepAlive()).isEqualTo(17);
		assertThat(connect.sessionExpiry()).isEqualTo(300);
		assertThat(connect.receiveMaximum()).isEqualTo(20);
		assertThat(connect.maximumPacketSize()).isEqualTo(5000);
		assertThat(connect.username()).isEqualTo("gateway");
		assertThat(connect.passwordText()).isEqualTo("secret");
		assertThat(connect.will().topic()).isEqualTo("w/t");
		assertThat(connect.will().payloadText()).isEqualTo("gone");
		assertThat(connect.will().qos()).isOne();
		assertThat(connect.will().retain()).isTrue();
		assertThat(connect.will().delay()).isEqualTo(9);
		ReceivedPacket publish = this.broker.received(PacketType.PUBLISH).get(0);
		assertThat(publish.topic()).isEqualTo("a/b");
		assertThat(publish.payloadText()).isEqualTo("hi");
		assertThat(publish.qos()).isEqualTo(2);
		assertThat(publish.retain()).isTrue();
		assertThat(publish.duplicate()).isFalse();
		assertThat(publish.packetId()).isPositive();
		assertThat(publish.raw()[0]).isEqualTo((byte) 0x35);
		assertThat(this.broker.awaitReceived(PacketType.DISCONNECT, 1)).hasSize(1);
		assertThat(this.broker.violations()).isEmpty();
	}

	@Test
	void recordsTheOptionsOfASubscribe() {
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			client.subscribe(1, "a/#", 0b10_1110);
		}
		ReceivedPacket.Filter filter = this.broker.received(When.subscribe("a/#")).get(0).filters().get(0);
		assertThat(filter.name()).isEqualTo("a/#");
		assertThat(filter.qos()).isEqualTo(2);
		assertThat(filter.noLocal()).isTrue();
		assertThat(filter.retainAsPublished()).isTrue();
		assertThat(filter.retainHandling()).isEqualTo(2);
	}

	@Test
	void routesOnlyWhenAsked() {
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			client.subscribe(1, "a/+", 1);
			client.publish(2, 1, "a/b", "unrouted");
			this.broker.routing();
			client.publish(3, 2, "a/b", "routed");
			Frame message = client.read();
			assertThat(message.payloadText()).isEqualTo("routed");
			assertThat(message.flags()).isEqualTo(2);
			// The same message again, as after a lost PUBREC
			client.send(ByteWriter.frame(3, 0b1100, new ByteWriter().text("a/b").u16(3).u8(0).toBytes()));
			assertThat(client.read().type()).isEqualTo(PacketType.PUBREC);
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
	}

	@Test
	void endsTheLinkOfAClientThatBreaksTheProtocol() {
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			client.send(ByteWriter.bytes(0x82, 3, 0, 1, 0));
			assertThat(client.awaitEnd()).isEqualTo(Ending.CLOSED);
		}
		assertThat(this.broker.violations()).containsExactly("Link 0: SUBSCRIBE has no filter");
	}

	@Test
	void countsConnectionsAndConnects() {
		try (RawClient silent = new RawClient(this.broker.port());
				RawClient client = RawClient.connected(this.broker.port(), "c")) {
			assertThat(this.broker.awaitConnection(1).index()).isOne();
			assertThat(this.broker.connectionCount()).isEqualTo(2);
			assertThat(this.broker.openConnectionCount()).isEqualTo(2);
			assertThat(this.broker.connectCount()).isOne();
			assertThat(this.broker.received(PacketType.CONNECT).get(0).connection()).isOne();
			assertThat(silent.socket().isConnected()).isTrue();
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
	}

	@Test
	void stopsAndRestartsOnTheSamePort() {
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			this.broker.stop();
			this.threads.assertGone();
			assertThat(client.awaitEnd()).isNotEqualTo(Ending.NONE);
		}
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> new RawClient(this.broker.port()))
			.withMessageContaining("refused");
		this.broker.restart();
		try (RawClient client = RawClient.connected(this.broker.port(), "c")) {
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
		assertThat(this.broker.connectCount()).isEqualTo(2);
	}

}
