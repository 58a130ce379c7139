package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.PublishAck;

import static org.assertj.core.api.Assertions.assertThat;

class InboundGateTests {

	private final List<MqttPacket> outlet = new ArrayList<>();

	private InboundGate gate = gate(null);

	@BeforeEach
	void reset() {
		this.gate = gate(null);
		this.outlet.clear();
	}

	private InboundGate gate(Long maximumPacketSize) {
		return new InboundGate(maximumPacketSize, new Failures(URI.create("mqtt://user:pw@broker:1884")),
				new InboundGate.Outlet() {

					@Override
					public void connAck(ConnAck connAck) {
						InboundGateTests.this.outlet.add(connAck);
					}

					@Override
					public void received(MqttPacket packet) {
						InboundGateTests.this.outlet.add(packet);
					}

				});
	}

	@Test
	void passesConnAckAndWhatFollowsInOneSegment() {
		PublishAck ack = new PublishAck(PacketType.PUBACK, 7, 0x87);
		assertThat(consume(Peer.CONNACK, Peer.encode(ack), Peer.encode(Ping.RESPONSE))).isNull();
		assertThat(this.outlet).containsExactly(ConnAck.of(false, 0), ack, Ping.RESPONSE);
		assertThat(this.gate.accepted()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x80, 0x87, 0x99, 0x9B, 0xEE })
	void reportsARefusalWhateverItsCode(int code) {
		Verdict verdict = consume(Peer.bytes(0x20, 3, 0, code, 0));
		assertThat(verdict.parting()).isEqualTo(Verdict.SILENT);
		assertThat(verdict.failure().packet()).isEqualTo(PacketType.CONNACK);
		assertThat(verdict.failure().code()).isEqualTo(code);
		assertThat(this.outlet).containsExactly(ConnAck.of(false, code));
		assertThat(this.gate.accepted()).isFalse();
	}

	@Test
	void refusesAConnAckWithACodeThatIsNeitherSuccessNorFailure() {
		assertVerdict(consume(Peer.bytes(0x20, 3, 0, 0x10, 0)), LocalError.INBOUND_PROTOCOL_ERROR, 0x82);
		assertThat(this.outlet).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 5 })
	void recognisesAServerThatSpeaksOnly311(int code) {
		Verdict verdict = consume(Peer.bytes(0x20, 2, 0, code));
		assertVerdict(verdict, LocalError.MQTT_3_1_1_ONLY, Verdict.SILENT);
		assertThat(verdict.failure().detail()).contains("broker:1884").contains("3.1.1").contains("0x0" + code);
		assertThat(this.outlet).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x10, 0x82, 0xA2, 0xC0 })
	void refusesPacketsThatOnlyClientsSend(int header) {
		assertThat(consume(Peer.CONNACK)).isNull();
		Verdict verdict = consume(Peer.bytes(header, 0));
		assertVerdict(verdict, LocalError.INBOUND_PROTOCOL_ERROR, 0x82);
		assertThat(verdict.failure().detail()).contains(PacketType.of(header >> 4) + ": only clients send it");
	}

	@Test
	void refusesASecondConnAck() {
		assertVerdict(consume(Peer.CONNACK, Peer.CONNACK), LocalError.INBOUND_PROTOCOL_ERROR, 0x82);
		assertThat(this.outlet).hasSize(1);
	}

	@Test
	void refusesAPacketBeforeConnAck() {
		assertVerdict(consume(Peer.encode(Ping.RESPONSE)), LocalError.INBOUND_PROTOCOL_ERROR, 0x82);
		assertThat(this.outlet).isEmpty();
	}

	@Test
	void refusesAReservedType() {
		assertVerdict(consume(Peer.CONNACK, Peer.bytes(0x00, 0)), LocalError.INBOUND_MALFORMED, 0x81);
	}

	@Test
	void refusesAMalformedPacket() {
		assertVerdict(consume(Peer.CONNACK, Peer.bytes(0x40, 1, 0)), LocalError.INBOUND_MALFORMED, 0x81);
	}

	@Test
	void refusesATopicAlias() {
		Verdict verdict = consume(Peer.CONNACK, Peer.bytes(0x30, 7, 0, 1, 'a', 3, 0x23, 0, 1));
		assertVerdict(verdict, LocalError.INBOUND_TOPIC_ALIAS_INVALID, 0x94);
	}

	@Test
	void refusesAPacketAboveTheMaximumPacketSize() {
		this.gate = gate(20L);
		assertThat(consume(Peer.CONNACK)).isNull();
		Verdict verdict = consume(Peer.bytes(0x30, 19));
		assertVerdict(verdict, LocalError.INBOUND_TOO_LARGE, 0x95);
		assertThat(verdict.failure().detail()).contains("21 bytes").contains("20").contains("broker:1884");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x00, 0x18, 0x19 })
	void answersAuthWithAProtocolError(int code) {
		assertThat(consume(Peer.CONNACK)).isNull();
		Verdict verdict = consume((code != 0) ? Peer.bytes(0xF0, 2, code, 0) : Peer.bytes(0xF0, 0));
		assertThat(verdict.parting()).isEqualTo(0x82);
		assertThat(verdict.failure().packet()).isEqualTo(PacketType.AUTH);
		assertThat(verdict.failure().code()).isEqualTo(code);
	}

	@Test
	void keepsAllThatADisconnectSays() {
		Disconnect disconnect = new Disconnect(0x9C, null, "other:1883", "moved", List.of(new UserProperty("k", "v")));
		Verdict verdict = consume(Peer.CONNACK, Peer.encode(disconnect));
		assertThat(verdict.parting()).isEqualTo(Verdict.SILENT);
		assertThat(verdict.failure().packet()).isEqualTo(PacketType.DISCONNECT);
		assertThat(verdict.failure().code()).isEqualTo(0x9C);
		assertThat(verdict.failure().serverReference()).isEqualTo("other:1883");
		assertThat(verdict.failure().reasonString()).isEqualTo("moved");
		assertThat(verdict.failure().userProperties()).containsExactly(new UserProperty("k", "v"));
	}

	@Test
	void keepsTheReasonOfADisconnectInPlaceOfConnAck() {
		assertThat(consume(Peer.encode(new Disconnect(0x8B))).failure().code()).isEqualTo(0x8B);
	}

	@Test
	void tellsAnEndBeforeConnAckFromOneAfterIt() {
		assertVerdict(this.gate.end(null), LocalError.CLOSED_BEFORE_CONNACK, Verdict.SILENT);
		assertThat(consume(Peer.CONNACK, Peer.bytes(0x30, 9))).isNull();
		IOException reset = new IOException("Connection reset");
		Verdict verdict = this.gate.end(reset);
		assertVerdict(verdict, LocalError.CONNECTION_CLOSED, Verdict.SILENT);
		assertThat(verdict.failure().cause()).isSameAs(reset);
		assertThat(verdict.failure().detail()).contains("inside a packet").contains("Connection reset");
	}

	@Test
	void neverNamesTheUserInformation() {
		assertThat(this.gate.end(null).failure().toString()).contains("broker:1884").doesNotContain("pw");
	}

	private Verdict consume(byte[]... chunks) {
		int size = 0;
		for (byte[] chunk : chunks) {
			size += chunk.length;
		}
		ByteBuffer bytes = ByteBuffer.allocate(size);
		for (byte[] chunk : chunks) {
			bytes.put(chunk);
		}
		return this.gate.consume(bytes.flip());
	}

	private static void assertVerdict(Verdict verdict, LocalError error, int parting) {
		assertThat(verdict).isNotNull();
		assertThat(verdict.failure().localError()).isEqualTo(error);
		assertThat(verdict.parting()).isEqualTo(parting);
	}

}
