package io.github.mqttspringboot.paho;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.Ping;

import static org.assertj.core.api.Assertions.assertThat;

class OutboundGateTests {

	static final byte[] CONNECT = Peer.bytes(0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 0, 0, 0);

	private final OutboundGate gate = new OutboundGate(new ConnectRewriter(null));

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	@Test
	void letsOneConnectThroughAndDropsTheRest() throws Exception {
		assertThat(write(Peer.encode(Ping.REQUEST))).isFalse();
		assertThat(write(CONNECT)).isTrue();
		assertThat(write(CONNECT)).isFalse();
		assertThat(write(Peer.encode(new Disconnect(0)))).isFalse();
		assertThat(this.output.toByteArray()).isEqualTo(CONNECT);
	}

	@Test
	void holdsConnectBackUntilItIsComplete() throws Exception {
		for (int i = 0; i < CONNECT.length; i++) {
			assertThat(this.output.size()).isZero();
			assertThat(write(new byte[] { CONNECT[i] })).isEqualTo(i == CONNECT.length - 1);
		}
		assertThat(this.output.toByteArray()).isEqualTo(CONNECT);
	}

	private boolean write(byte[] bytes) throws Exception {
		return this.gate.write(ByteBuffer.wrap(bytes), this.output);
	}

}
