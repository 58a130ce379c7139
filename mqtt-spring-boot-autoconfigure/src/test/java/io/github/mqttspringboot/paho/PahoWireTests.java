package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Will;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.testing.Certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * What holds whatever MQTT is carried by.
 */
@ParameterizedClass
@EnumSource(Peer.Kind.class)
class PahoWireTests {

	@Parameter
	Peer.Kind kind;

	private final PahoWire wire = new PahoWire(List.of());

	private final RecordingListener listener = new RecordingListener();

	private final List<Peer> peers = new ArrayList<>();

	@AfterEach
	void closePeers() throws IOException {
		for (Peer peer : this.peers) {
			peer.close();
		}
	}

	private Peer peer(Peer.Handler handler) throws IOException {
		Peer peer = new Peer(this.kind, handler);
		this.peers.add(peer);
		return peer;
	}

	private WireConnection open(Peer.Handler handler) throws IOException {
		return this.wire.open(Requests.to(peer(handler).uri()), this.listener);
	}

	@Test
	void sendsInConnectWhatWasAsked() throws Exception {
		CompletableFuture<MqttConnect> connect = new CompletableFuture<>();
		Peer peer = peer((conversation) -> {
			Peer.Frame frame = conversation.accept();
			connect.complete(new MqttConnect((byte) frame.header(), frame.body()));
			conversation.awaitEnd();
		});
		Will will = new Will("will/topic", new byte[] { 1, 2 }, 1, true, Duration.ofSeconds(7), Duration.ofSeconds(9),
				"text/plain");
		ConnectRequest request = new ConnectRequest("default", peer.uri(), "meter", false, Duration.ofSeconds(33),
				Duration.ofSeconds(44), 65535, 5_000_000_000L >> 1, false,
				List.of(new UserProperty("k", "v1"), new UserProperty("k", "v2")), MqttCredentials.of("user", "secret"),
				will, Certificates.get().client(null), Duration.ofSeconds(5));
		WireConnection connection = this.wire.open(request, this.listener);
		MqttConnect packet = connect.get(10, TimeUnit.SECONDS);
		assertThat(packet.getMqttVersion()).isEqualTo(5);
		assertThat(packet.getClientId()).isEqualTo("meter");
		assertThat(packet.isCleanStart()).isFalse();
		assertThat(packet.getKeepAliveInterval()).isEqualTo(33);
		assertThat(packet.getUserName()).isEqualTo("user");
		assertThat(packet.getPassword()).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
		assertThat(packet.getProperties().getSessionExpiryInterval()).isEqualTo(44);
		// Paho reads it with a sign
		assertThat(packet.getProperties().getReceiveMaximum() & 0xFFFF).isEqualTo(65535);
		assertThat(packet.getProperties().getMaximumPacketSize()).isEqualTo(2_500_000_000L);
		assertThat(packet.getProperties().getTopicAliasMaximum()).isZero();
		assertThat(packet.getProperties().requestProblemInfo()).isFalse();
		assertThat(packet.getProperties().getAuthenticationMethod()).isNull();
		assertThat(packet.getProperties().getUserProperties()).extracting("key", "value")
			.containsExactly(tuple("k", "v1"), tuple("k", "v2"));
		assertThat(packet.getWillDestination()).isEqualTo("will/topic");
		assertThat(packet.getWillMessage().getPayload()).containsExactly(1, 2);
		assertThat(packet.getWillMessage().getQos()).isEqualTo(1);
		assertThat(packet.getWillMessage().isRetained()).isTrue();
		assertThat(packet.getWillProperties().getWillDelayInterval()).isEqualTo(7);
		assertThat(packet.getWillProperties().getMessageExpiryInterval()).isEqualTo(9);
		assertThat(packet.getWillProperties().getContentType()).isEqualTo("text/plain");
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void reportsTheConnAckAsTheServerSentItEvenWherePahoCannotReadIt() throws Exception {
		ConnAck connAck = new ConnAck(true, 0, 99L, 65535, 1, false, 1000L, "assigned", 0, false, false, false, 20,
				null, "hello", List.of(new UserProperty("k", "v")));
		WireConnection connection = open((conversation) -> {
			conversation.read();
			conversation.write(connAck);
			conversation.write(Ping.RESPONSE);
			conversation.awaitEnd();
		});
		assertThat(this.listener.awaitConnAck()).isEqualTo(connAck);
		await().until(() -> this.listener.received.contains(Ping.RESPONSE));
		connection.abort();
		assertThat(this.listener.awaitClosed().localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
	}

	@Test
	void tellsThatTheTransportIsUpBeforeTheConnAck() throws Exception {
		CountDownLatch upgraded = new CountDownLatch(1);
		WireConnection connection = open((conversation) -> {
			upgraded.await();
			conversation.accept();
			conversation.awaitEnd();
		});
		this.listener.opened.get(10, TimeUnit.SECONDS);
		assertThat(this.listener.connAck).isNotDone();
		upgraded.countDown();
		this.listener.awaitConnAck();
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void carriesPacketsBothWaysInOrderAndCountsThem() throws Exception {
		int count = 3000;
		WireConnection connection = open((conversation) -> {
			conversation.accept();
			for (int i = 0; i < count; i++) {
				Publish publish = (Publish) conversation.read().decode();
				conversation
					.write(new PublishAck(PacketType.PUBACK, publish.packetId(), publish.payload().length & 0x7F));
			}
			conversation.awaitEnd();
		});
		this.listener.awaitConnAck();
		for (int i = 1; i <= count; i++) {
			connection.send(publish(i, (i % 500 == 0) ? 300_000 : i % 100));
		}
		await().until(() -> this.listener.received.size() == count);
		assertThat(this.listener.received).extracting((packet) -> ((PublishAck) packet).packetId())
			.isSorted()
			.doesNotHaveDuplicates();
		assertThat(this.listener.received.get(41)).isEqualTo(new PublishAck(PacketType.PUBACK, 42, 42));
		await().until(() -> this.listener.written.get() == count);
		assertThat(this.listener.threads)
			.allMatch((name) -> name.startsWith("MQTT") || name.equals("mqtt-default-wire"));
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void readsBytesOneByOneOverPauses() throws Exception {
		WireConnection connection = open((conversation) -> {
			conversation.read();
			byte[] ack = Peer.encode(new PublishAck(PacketType.PUBREC, 300, 0x87));
			for (byte[] packet : List.of(Peer.CONNACK, ack)) {
				for (byte value : packet) {
					conversation.write(new byte[] { value });
				}
			}
			conversation.awaitEnd();
		});
		await().until(() -> this.listener.received.size() == 1);
		assertThat(this.listener.received).containsExactly(new PublishAck(PacketType.PUBREC, 300, 0x87));
		connection.abort();
		this.listener.awaitClosed();
	}

	// Paho sets a read timeout of one second, and loses its place when it strikes
	@Test
	void outlivesASilenceInsideAFixedHeader() throws Exception {
		CountDownLatch silence = new CountDownLatch(1);
		WireConnection connection = open((conversation) -> {
			conversation.accept();
			byte[] packet = Peer.encode(publish(5, 1000));
			conversation.write(Arrays.copyOf(packet, 2));
			silence.await(1500, TimeUnit.MILLISECONDS);
			conversation.write(Arrays.copyOfRange(packet, 2, packet.length));
			conversation.awaitEnd();
		});
		await().until(() -> this.listener.received.size() == 1);
		assertThat(((Publish) this.listener.received.get(0)).payload()).hasSize(1000);
		connection.abort();
		this.listener.awaitClosed();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x80, 0x86, 0x99, 0x9B, 0xF0 })
	void reportsARefusalAndCloses(int code) throws Exception {
		open((conversation) -> {
			conversation.read();
			conversation.write(new ConnAck(false, code, null, 65535, 2, true, null, null, 0, true, true, true, null,
					"other:1", "because", List.of()));
			conversation.awaitEnd();
		});
		assertThat(this.listener.awaitConnAck().code()).isEqualTo(code);
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.packet()).isEqualTo(PacketType.CONNACK);
		assertThat(failure.code()).isEqualTo(code);
		assertThat(failure.reasonString()).isEqualTo("because");
		assertThat(failure.serverReference()).isEqualTo("other:1");
	}

	@Test
	void namesAServerThatSpeaksOnly311() throws Exception {
		open((conversation) -> {
			conversation.read();
			conversation.write(0x20, 2, 0, 1);
			conversation.awaitEnd();
		});
		assertThat(this.listener.awaitClosed().localError()).isEqualTo(LocalError.MQTT_3_1_1_ONLY);
		assertThat(this.listener.connAck).isNotDone();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x00, 0x8B, 0x8C, 0x8E, 0x95, 0xEE })
	void keepsTheReasonOfADisconnect(int code) throws Exception {
		open((conversation) -> {
			conversation.accept();
			conversation.write(new Disconnect(code, null, null, "why", List.of()));
		});
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.packet()).isEqualTo(PacketType.DISCONNECT);
		assertThat(failure.code()).isEqualTo(code);
		assertThat(failure.reasonString()).isEqualTo("why");
		assertThat(failure.detail()).contains("127.0.0.1:");
	}

	@RepeatedTest(10)
	void keepsTheReasonWhenTheServerDisconnectsWhileWeWrite() throws Exception {
		WireConnection connection = open((conversation) -> {
			conversation.accept();
			conversation.read();
			conversation.write(new Disconnect(0x95));
			conversation.socket.setSoLinger(true, 0);
			// Leaves our bytes unread: the close resets the connection
		});
		this.listener.awaitConnAck();
		for (int i = 1; i <= 500; i++) {
			connection.send(publish(i, 20_000));
		}
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.title()).startsWith("DISCONNECT 0x95");
	}

	@Test
	void answersAMalformedPacketWithDisconnect() throws Exception {
		assertParting(LocalError.INBOUND_MALFORMED, 0x81, 0x40, 1, 0);
	}

	@Test
	void answersAProtocolErrorWithDisconnect() throws Exception {
		assertParting(LocalError.INBOUND_PROTOCOL_ERROR, 0x82, 0x20, 3, 0, 0, 0);
	}

	@Test
	void answersATopicAliasWithDisconnect() throws Exception {
		assertParting(LocalError.INBOUND_TOPIC_ALIAS_INVALID, 0x94, 0x30, 7, 0, 1, 'a', 3, 0x23, 0, 1);
	}

	@Test
	void answersAPacketThatIsTooLargeWithDisconnect() throws Exception {
		assertParting(LocalError.INBOUND_TOO_LARGE, 0x95, 0x30, 0xFF, 0xFF, 0x7F, 0);
	}

	@Test
	void answersAuthWithDisconnect() throws Exception {
		MqttFailure failure = parting(0x82, 0xF0, 2, 0x18, 0);
		assertThat(failure.packet()).isEqualTo(PacketType.AUTH);
		assertThat(failure.code()).isEqualTo(0x18);
	}

	private void assertParting(LocalError error, int parting, int... bytes) throws Exception {
		MqttFailure failure = parting(parting, bytes);
		assertThat(failure.localError()).isEqualTo(error);
		assertThat(failure.detail()).contains("127.0.0.1:");
	}

	private MqttFailure parting(int parting, int... bytes) throws Exception {
		BlockingQueue<MqttPacket> parted = new LinkedBlockingQueue<>();
		Peer peer = peer((conversation) -> {
			conversation.accept();
			conversation.write(bytes);
			conversation.write(new byte[100_000]);
			parted.add(conversation.read().decode());
			conversation.awaitEnd();
		});
		this.wire.open(Requests.to(peer.uri(), 1000), this.listener);
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(parted.poll(5, TimeUnit.SECONDS)).isEqualTo(new Disconnect(parting));
		return failure;
	}

	@Test
	void tellsACloseBeforeConnAckFromOneAfterIt() throws Exception {
		open(Peer.Conversation::read);
		assertThat(this.listener.awaitClosed().localError()).isEqualTo(LocalError.CLOSED_BEFORE_CONNACK);
		RecordingListener second = new RecordingListener();
		this.wire.open(Requests.to(peer(Peer.Conversation::accept).uri()), second);
		assertThat(second.awaitClosed().localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
		assertThat(second.connAck).isDone();
	}

	@Test
	void disconnectsBehindWhatIsQueued() throws Exception {
		BlockingQueue<MqttPacket> seen = new LinkedBlockingQueue<>();
		WireConnection connection = open((conversation) -> {
			conversation.accept();
			while (true) {
				seen.add(conversation.read().decode());
			}
		});
		this.listener.awaitConnAck();
		for (int i = 1; i <= 100; i++) {
			connection.send(publish(i, 10_000));
		}
		Disconnect disconnect = new Disconnect(0x04, 0L, null, null, List.of());
		connection.disconnect(disconnect);
		connection.send(Ping.REQUEST);
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
		assertThat(failure.detail()).contains("This client disconnected");
		assertThat(this.listener.written).hasValue(100);
		await().until(() -> seen.size() == 101);
		assertThat(seen).last().isEqualTo(disconnect);
	}

	@Test
	void disconnectsAtOnceWithWhatWasTakenWhenTheRestIsWithdrawn() throws Exception {
		CountDownLatch read = new CountDownLatch(1);
		BlockingQueue<MqttPacket> seen = new LinkedBlockingQueue<>();
		WireConnection connection = open((conversation) -> {
			conversation.accept();
			read.await();
			while (true) {
				seen.add(conversation.read().decode());
			}
		});
		this.listener.awaitConnAck();
		for (int i = 1; i <= 500; i++) {
			connection.send(publish(i, 100_000));
		}
		connection.disconnect(new Disconnect(0));
		long taken = connection.withdraw();
		assertThat(taken).isLessThan(500);
		assertThat(connection.withdraw()).isEqualTo(taken);
		read.countDown();
		this.listener.awaitClosed();
		assertThat(this.listener.written).hasValue(taken);
		await().until(() -> seen.size() == taken + 1);
		assertThat(seen).last().isEqualTo(new Disconnect(0));
	}

	@Test
	void givesUpADisconnectThatCannotBeWritten() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		WireConnection connection = open((conversation) -> {
			conversation.accept();
			end.await();
		});
		this.listener.awaitConnAck();
		for (int i = 1; i <= 500; i++) {
			connection.send(publish(i, 100_000));
		}
		connection.disconnect(new Disconnect(0));
		assertThat(this.listener.awaitClosed().localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
		assertThat(this.listener.written.get()).isLessThan(500);
		end.countDown();
	}

	@Test
	void endsWhenTheListenerFails() throws Exception {
		RecordingListener failing = new RecordingListener() {

			@Override
			public void received(MqttPacket packet) {
				throw new IllegalStateException("listener is broken");
			}

		};
		this.wire.open(Requests.to(peer((conversation) -> {
			conversation.accept();
			conversation.write(Ping.RESPONSE);
			conversation.awaitEnd();
		}).uri()), failing);
		MqttFailure failure = failing.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.INTERNAL_ERROR);
		assertThat(failure.cause()).hasMessage("listener is broken");
	}

	@Test
	void ignoresWhatIsSentAfterTheEnd() throws Exception {
		WireConnection connection = open(Peer.Conversation::accept);
		this.listener.awaitClosed();
		connection.send(Ping.REQUEST);
		connection.disconnect(new Disconnect(0));
		connection.abort();
		connection.abort();
		assertThat(this.listener.violations).isEmpty();
	}

	@Test
	void sendsOneConnectOverManyWrites() throws Exception {
		CompletableFuture<MqttConnect> connect = new CompletableFuture<>();
		Peer peer = peer((conversation) -> {
			Peer.Frame frame = conversation.accept();
			connect.complete(new MqttConnect((byte) frame.header(), frame.body()));
			conversation.awaitEnd();
		});
		List<UserProperty> properties = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			properties.add(new UserProperty("k" + i, "v".repeat(60_000)));
		}
		WireConnection connection = this.wire.open(Requests.with(peer.uri(), 70_000L, null, null, properties),
				this.listener);
		MqttConnect packet = connect.get(10, TimeUnit.SECONDS);
		assertThat(packet.getProperties().getUserProperties()).hasSize(3);
		assertThat(packet.getProperties().getMaximumPacketSize()).isEqualTo(70_000L);
		connection.abort();
		this.listener.awaitClosed();
	}

	private static Publish publish(int packetId, int size) {
		return new Publish(packetId, "a/b", 1, false, false, PublishProperties.NONE, new byte[size]);
	}

}
