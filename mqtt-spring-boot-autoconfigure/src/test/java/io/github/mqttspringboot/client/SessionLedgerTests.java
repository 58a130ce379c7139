package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the server doubles and what the client doubles are told apart.
 */
class SessionLedgerTests {

	private final FakeWire wire = new FakeWire();

	private final SessionLedger ledger = new SessionLedger(this.wire);

	@Test
	void aMessageThatIsSentAgainIsOneDelivery() {
		connect();
		receive(7, "1 x", false);
		connect();
		receive(7, "1 x", true);
		assertThat(this.ledger.deliveries("1")).isOne();
		assertThat(this.ledger.confused()).isZero();
	}

	@Test
	void aMessageUnderTheIdentifierOfAnotherIsADeliveryOfItsOwn() {
		connect();
		receive(7, "1 x", false);
		connect();
		receive(7, "2 x", false);
		connect();
		receive(8, "2 x", false);
		assertThat(this.ledger.deliveries("1")).isOne();
		assertThat(this.ledger.deliveries("2")).isEqualTo(2);
		assertThat(this.ledger.confused()).isOne();
	}

	@Test
	void theIdentifierThenBelongsToTheOther() {
		connect();
		receive(7, "1 x", false);
		connect();
		receive(7, "2 x", false);
		connect();
		receive(7, "2 x", true);
		assertThat(this.ledger.deliveries("2")).isOne();
		assertThat(this.ledger.confused()).isOne();
	}

	private void connect() {
		this.ledger.open(null, new Deaf());
		this.wire.last().accept(ConnAck.of(true, 0));
	}

	private void receive(int packetId, String payload, boolean duplicate) {
		this.wire.last()
			.receive(new Publish(packetId, "a", 2, false, duplicate, PublishProperties.NONE,
					payload.getBytes(StandardCharsets.UTF_8)));
	}

	private static final class Deaf implements WireListener {

		@Override
		public void opened() {
		}

		@Override
		public void connAck(ConnAck connAck) {
		}

		@Override
		public void received(MqttPacket packet) {
		}

		@Override
		public void written(long total) {
		}

		@Override
		public void closed(MqttFailure failure) {
		}

	}

}
