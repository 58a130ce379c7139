package io.github.mqttspringboot.paho;

import java.nio.ByteBuffer;
import java.util.List;

import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ConnectRewriterTests {

	@Test
	void addsTheMaximumPacketSizeAndKeepsTheRest() throws Exception {
		MqttConnect before = connect("x".repeat(120));
		MqttConnect after = parse(new ConnectRewriter(0xFFFF_FFFFL).rewrite(body(before)));
		assertThat(after.getProperties().getMaximumPacketSize()).isEqualTo(0xFFFF_FFFFL);
		assertThat(after.getProperties().getUserProperties()).hasSize(1);
		assertThat(after.getProperties().getReceiveMaximum()).isEqualTo(17);
		assertThat(after.getClientId()).isEqualTo("meter");
		assertThat(after.getUserName()).isEqualTo("user");
		assertThat(after.getPassword()).asString().isEqualTo("secret");
	}

	@Test
	void changesNothingWithoutALimit() throws Exception {
		MqttConnect before = connect("x".repeat(200));
		assertThat(new ConnectRewriter(null).rewrite(body(before))).isEqualTo(bytes(before));
	}

	@Test
	void refusesWhatIsTooShort() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ConnectRewriter(1L).rewrite(ByteBuffer.allocate(10)))
			.withMessageContaining("CONNECT of 10 bytes");
	}

	private static MqttConnect connect(String value) {
		MqttProperties properties = new MqttProperties();
		properties.setReceiveMaximum(17);
		properties.setUserProperties(List.of(new UserProperty("k", value)));
		MqttConnect connect = new MqttConnect("meter", 5, true, 60, properties, new MqttProperties());
		connect.setUserName("user");
		connect.setPassword("secret".getBytes());
		return connect;
	}

	private static byte[] bytes(MqttConnect connect) throws Exception {
		ByteBuffer bytes = ByteBuffer.allocate(connect.getHeader().length + connect.getPayload().length);
		return bytes.put(connect.getHeader()).put(connect.getPayload()).array();
	}

	private static ByteBuffer body(MqttConnect connect) throws Exception {
		PacketFramer framer = new PacketFramer(Long.MAX_VALUE);
		framer.next(ByteBuffer.wrap(bytes(connect)));
		return framer.body();
	}

	private static MqttConnect parse(byte[] packet) throws Exception {
		PacketFramer framer = new PacketFramer(Long.MAX_VALUE);
		assertThat(framer.next(ByteBuffer.wrap(packet))).isTrue();
		assertThat(framer.header()).isEqualTo(0x10);
		byte[] body = new byte[framer.body().remaining()];
		framer.body().get(body);
		return new MqttConnect((byte) 0, body);
	}

}
