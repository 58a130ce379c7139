package io.github.mqttspringboot.testing;

import java.io.UncheckedIOException;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.testing.RawClient.Ending;
import io.github.mqttspringboot.testing.RawClient.Frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ArtemisBrokerTests {

	private static ArtemisBroker broker;

	@BeforeAll
	static void start() {
		broker = ArtemisBroker.builder().user("gateway", "secret").start();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	@Test
	void refusesPublishesUnderDeniedAndKeepsTheLink() {
		try (RawClient client = client("publisher")) {
			long before = broker.connectionCount();
			Frame pubrec = client.publish(1, 2, "denied/x", "x");
			assertThat(pubrec.type()).isEqualTo(PacketType.PUBREC);
			assertThat(pubrec.reasonCode()).isEqualTo(0x87);
			Frame puback = client.publish(2, 1, "denied/x/y", "x");
			assertThat(puback.type()).isEqualTo(PacketType.PUBACK);
			assertThat(puback.reasonCode()).isEqualTo(0x87);
			client.publish(0, 0, "denied/x", "x");
			assertThat(client.publish(5, 1, "denied", "x").reasonCode()).isEqualTo(0x87);
			assertThat(client.publish(3, 1, "deniedish/x", "x").reasonCode()).isLessThan(0x80);
			assertThat(client.publish(4, 2, "allowed/x", "x").reasonCode()).isLessThan(0x80);
			assertThat(client.pubrel(4).type()).isEqualTo(PacketType.PUBCOMP);
			assertThat(broker.connectionCount()).isEqualTo(before);
		}
	}

	@Test
	void refusesSubscriptionsUnderDeniedAndKeepsTheLink() {
		try (RawClient client = client("subscriber")) {
			assertThat(client.subscribe(1, "denied/#", 1).reasonCodes()).containsExactly(0x87);
			assertThat(client.subscribe(2, "denied/x", 2).reasonCodes()).containsExactly(0x87);
			assertThat(client.subscribe(3, "$share/g/denied/x", 1).reasonCodes()).containsExactly(0x87);
			assertThat(client.subscribe(4, "allowed/#", 1).reasonCodes()).containsExactly(1);
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
	}

	@Test
	void deliversWhatIsAllowed() {
		try (RawClient client = client("both")) {
			assertThat(client.subscribe(1, "a/+/c", 0).reasonCodes()).containsExactly(0);
			client.publish(0, 0, "a/b/c", "hello");
			Frame message = client.read();
			assertThat(message.topic()).isEqualTo("a/b/c");
			assertThat(message.payloadText()).isEqualTo("hello");
		}
	}

	@Test
	void saysThatNoSubscriptionExisted() {
		try (RawClient client = client("unsubscriber")) {
			assertThat(client.unsubscribe(1, "never").reasonCodes()).containsExactly(0x11);
			assertThat(client.subscribe(2, "once", 1).reasonCodes()).containsExactly(1);
			assertThat(client.unsubscribe(3, "once").reasonCodes()).containsExactly(0);
			assertThat(client.unsubscribe(4, "once").reasonCodes()).containsExactly(0x11);
		}
	}

	@Test
	void letsInOnlyUsersWithTheirPassword() {
		try (RawClient client = new RawClient(broker.port())) {
			assertThat(client.connect("wrong", "gateway", "wrong").reasonCode()).isEqualTo(0x86);
		}
		try (RawClient client = new RawClient(broker.port())) {
			assertThat(client.connect("nobody", null, null).reasonCode()).isEqualTo(0x86);
		}
	}

	@Test
	void stopsAndStartsOnTheSamePort() {
		// The broker of the other tests lives on and starts threads when it likes
		ThreadWatch threads = ThreadWatch.on("^(?!.*artemis-" + broker.port() + ").*");
		try (ArtemisBroker own = ArtemisBroker.startAnonymous()) {
			try (RawClient client = RawClient.connected(own.port(), "c")) {
				assertThat(own.openConnectionCount()).isOne();
				own.stop();
				assertThat(client.awaitEnd()).isNotEqualTo(Ending.NONE);
			}
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> new RawClient(own.port()))
				.withMessageContaining("refused");
			own.restart();
			try (RawClient client = RawClient.connected(own.port(), "c")) {
				assertThat(client.publish(1, 1, "a", "x").reasonCode()).isLessThan(0x80);
			}
			Awaitility.await().untilAsserted(() -> assertThat(own.openConnectionCount()).isZero());
		}
		threads.assertGone();
	}

	private static RawClient client(String clientId) {
		RawClient client = new RawClient(broker.port());
		assertThat(client.connect(clientId, "gateway", "secret").reasonCode()).isZero();
		return client;
	}

}
