package io.github.mqttspringboot.testing;

import java.io.UncheckedIOException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.testing.RawClient.Ending;
import io.github.mqttspringboot.testing.RawClient.Frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@RequiresMosquitto
class MosquittoBrokerTests {

	@Test
	void refusesPublishesUnderDeniedAndKeepsTheLink() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous();
				RawClient client = RawClient.connected(broker.port(), "c")) {
			Frame puback = client.publish(1, 1, "denied/x", "x");
			assertThat(puback.type()).isEqualTo(PacketType.PUBACK);
			assertThat(puback.reasonCode()).isEqualTo(0x87);
			Frame pubrec = client.publish(2, 2, "denied/x", "x");
			assertThat(pubrec.type()).isEqualTo(PacketType.PUBREC);
			assertThat(pubrec.reasonCode()).isEqualTo(0x87);
			client.publish(0, 0, "denied/x", "x");
			assertThat(client.publish(3, 1, "allowed/x", "x").reasonCode()).isLessThan(0x80);
			assertThat(client.publish(4, 2, "allowed/x", "x").reasonCode()).isLessThan(0x80);
			assertThat(client.pubrel(4).type()).isEqualTo(PacketType.PUBCOMP);
			assertThat(broker.connectCount()).isOne();
		}
	}

	@Test
	void grantsSubscriptionsUnderDenied() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous();
				RawClient client = RawClient.connected(broker.port(), "c")) {
			assertThat(client.subscribe(1, "denied/#", 1).reasonCodes()).containsExactly(1);
		}
	}

	@Test
	void deliversWhatIsAllowed() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous();
				RawClient client = RawClient.connected(broker.port(), "c")) {
			assertThat(client.subscribe(1, "a/+", 0).reasonCodes()).containsExactly(0);
			client.publish(0, 0, "a/b", "hello");
			assertThat(client.read().payloadText()).isEqualTo("hello");
		}
	}

	@Test
	void saysThatNoSubscriptionExisted() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous();
				RawClient client = RawClient.connected(broker.port(), "c")) {
			assertThat(client.unsubscribe(1, "never").reasonCodes()).containsExactly(0x11);
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
	}

	@Test
	void letsInOnlyUsersWithTheirPassword() {
		try (MosquittoBroker broker = MosquittoBroker.builder().user("gateway", "secret").start()) {
			try (RawClient client = new RawClient(broker.port())) {
				assertThat(client.connect("a", "gateway", "secret").reasonCode()).isZero();
				assertThat(client.publish(1, 1, "denied/x", "x").reasonCode()).isEqualTo(0x87);
				assertThat(client.publish(2, 1, "allowed/x", "x").reasonCode()).isLessThan(0x80);
			}
			try (RawClient client = new RawClient(broker.port())) {
				assertThat(client.connect("b", "gateway", "wrong").reasonCode()).isEqualTo(0x87);
			}
			try (RawClient client = new RawClient(broker.port())) {
				assertThat(client.connect("c", null, null).reasonCode()).isEqualTo(0x87);
			}
		}
	}

	@Test
	void stopsAndStartsOnTheSamePort() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous()) {
			try (RawClient client = RawClient.connected(broker.port(), "c")) {
				broker.stop();
				assertThat(client.awaitEnd()).isNotEqualTo(Ending.NONE);
			}
			assertThat(broker.isRunning()).isFalse();
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> new RawClient(broker.port()))
				.withMessageContaining("refused");
			broker.start();
			try (RawClient client = RawClient.connected(broker.port(), "c")) {
				broker.kill();
				assertThat(client.awaitEnd()).isNotEqualTo(Ending.NONE);
			}
			broker.restart();
			try (RawClient client = RawClient.connected(broker.port(), "c")) {
				assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
			}
			assertThat(broker.connectCount()).isEqualTo(3);
		}
	}

	@Test
	void keepsRetainedMessagesWhenItPersists() {
		try (MosquittoBroker broker = MosquittoBroker.builder().persistence().start()) {
			try (RawClient client = RawClient.connected(broker.port(), "c")) {
				client.send(ByteWriter.frame(3, 1, new ByteWriter().text("kept").u8(0).u8('x').toBytes()));
				assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
			}
			broker.restart();
			try (RawClient client = RawClient.connected(broker.port(), "c")) {
				client.subscribe(1, "kept", 0);
				assertThat(client.read().payloadText()).isEqualTo("x");
			}
		}
	}

	@Test
	void takesFurtherConfiguration() {
		try (MosquittoBroker broker = MosquittoBroker.builder().config("max_packet_size 1000").start();
				RawClient client = new RawClient(broker.port())) {
			Frame connack = client.connect("c", null, null);
			assertThat(connack.properties().number(WireProperties.MAXIMUM_PACKET_SIZE)).isEqualTo(1000);
		}
	}

	@Test
	void changesItsConfigurationWithTheNextStart() {
		try (MosquittoBroker broker = MosquittoBroker.builder().config("max_inflight_messages 50").start()) {
			assertThat(receiveMaximum(broker)).isEqualTo(50);
			broker.reconfigure("max_inflight_messages 50", "max_inflight_messages 2");
			broker.restart();
			assertThat(receiveMaximum(broker)).isEqualTo(2);
			assertThatIllegalArgumentException().isThrownBy(() -> broker.reconfigure("max_inflight_messages 50", ""));
		}
	}

	@Test
	void logsPackets() {
		try (MosquittoBroker broker = MosquittoBroker.builder().config("log_type all").start();
				RawClient client = RawClient.connected(broker.port(), "c")) {
			client.publish(7, 1, "denied/x", "x");
			client.publish(8, 1, "allowed/x", "x");
			assertThat(broker.log("PUBLISH from c", "m7")).singleElement().asString().contains("'denied/x'");
			assertThat(broker.log("PUBLISH from c")).hasSize(2);
		}
	}

	@Test
	void saysWhyItDoesNotStart() {
		assertThatIllegalStateException().isThrownBy(() -> MosquittoBroker.builder().config("nonsense 1").start())
			.withMessageContaining("nonsense");
	}

	private static @Nullable Long receiveMaximum(MosquittoBroker broker) {
		try (RawClient client = new RawClient(broker.port())) {
			return client.connect("c", null, null).properties().number(WireProperties.RECEIVE_MAXIMUM);
		}
	}

}
