package io.github.mqttspringboot.testing;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.testing.RawClient.Frame;

import static org.assertj.core.api.Assertions.assertThat;

class HiveMqBrokerTests {

	private static final AtomicInteger CLIENTS = new AtomicInteger();

	private static HiveMqBroker broker;

	@BeforeAll
	static void start() {
		broker = HiveMqBroker.builder().user("gateway", "secret").start();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99 })
	void answersPublishesAsTheTopicSaysAndKeepsTheLink(int code) {
		try (RawClient client = client()) {
			String topic = "answer/0x%02X/x".formatted(code);
			Frame puback = client.publish(1, 1, topic, "x");
			assertThat(puback.type()).isEqualTo(PacketType.PUBACK);
			assertThat(puback.reasonCode()).isEqualTo(code);
			Frame pubrec = client.publish(2, 2, topic, "x");
			assertThat(pubrec.type()).isEqualTo(PacketType.PUBREC);
			assertThat(pubrec.reasonCode()).isEqualTo(code);
			if (code >= 0x80) {
				assertReason(puback);
				assertReason(pubrec);
			}
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2 })
	void refusesSubscriptionsAsTheFilterSaysAndKeepsTheLink(int code) {
		try (RawClient client = client()) {
			Frame suback = client.subscribe(1, "answer/0x%02X/x".formatted(code), 1);
			assertThat(suback.reasonCodes()).containsExactly(code);
			assertReason(suback);
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91 })
	void answersUnsubscribesAsTheFilterSaysAndKeepsTheLink(int code) {
		try (RawClient client = client()) {
			Frame unsuback = client.unsubscribe(1, "answer/0x%02X/x".formatted(code));
			assertThat(unsuback.reasonCodes()).containsExactly(code);
			if (code >= 0x80) {
				assertReason(unsuback);
			}
			// HiveMQ never says by itself that no subscription existed
			assertThat(client.unsubscribe(2, "never").reasonCodes()).containsExactly(0);
		}
	}

	@Test
	void deliversWhatIsAllowedAndNothingElse() {
		try (RawClient client = client()) {
			assertThat(client.subscribe(1, "#", 0).reasonCodes()).containsExactly(0);
			client.publish(0, 0, "denied/x", "refused");
			client.publish(2, 1, "denied", "refused");
			client.publish(0, 0, "allowed/x", "hello");
			Frame message = client.read();
			assertThat(message.topic()).isEqualTo("allowed/x");
			assertThat(message.payloadText()).isEqualTo("hello");
		}
	}

	@Test
	void letsInUsersOnlyWithTheirPassword() {
		try (RawClient client = new RawClient(broker.port())) {
			assertThat(client.connect("right", "gateway", "secret").reasonCode()).isZero();
		}
		try (RawClient client = new RawClient(broker.port())) {
			assertThat(client.connect("wrong", "gateway", "wrong").reasonCode()).isEqualTo(0x86);
		}
		try (RawClient client = new RawClient(broker.port())) {
			assertThat(client.connect("unknown", "unknown", "secret").reasonCode()).isEqualTo(0x86);
		}
	}

	/**
	 * A fault of the broker, not of a client: this one is only bytes on a socket. A
	 * PUBREC of 0x80 or above ends the flow [MQTT-4.3.3-9], but HiveMQ keeps the packet
	 * identifier as in use, as long as the session may live: the next message under it is
	 * acknowledged unseen and lost, even on a new connection with Clean Start.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void losesTheNextQos2PublishUnderARefusedPacketIdentifier(boolean reconnect) {
		String publisher = "raw-" + CLIENTS.incrementAndGet();
		try (RawClient subscriber = client(); RawClient first = connectForFiveMinutes(publisher)) {
			subscriber.subscribe(1, "kept/" + publisher + "/#", 0);
			assertThat(first.publish(7, 2, "denied/x", "x").reasonCode()).isEqualTo(0x87);
			RawClient second = reconnect ? connectForFiveMinutes(publisher) : first;
			assertThat(second.publish(7, 2, "kept/" + publisher, "lost").reasonCode()).isZero();
			assertThat(second.pubrel(7).reasonCode()).isZero();
			assertThat(second.publish(7, 2, "kept/" + publisher, "after its PUBREL").reasonCode()).isZero();
			assertThat(subscriber.read().payloadText()).isEqualTo("after its PUBREL");
			second.close();
		}
	}

	/** With Clean Start and a Session Expiry Interval, as our client connects. */
	private static RawClient connectForFiveMinutes(String clientId) {
		RawClient client = new RawClient(broker.port());
		client.send(ByteWriter.frame(PacketType.CONNECT.value(), 0,
				new ByteWriter().text("MQTT")
					.u8(5)
					.u8(0x02)
					.u16(0)
					.u8(5)
					.u8(WireProperties.SESSION_EXPIRY)
					.u32(300)
					.text(clientId)
					.toBytes()));
		assertThat(client.read().reasonCode()).isZero();
		return client;
	}

	private static void assertReason(Frame frame) {
		assertThat(frame.properties().text(WireProperties.REASON_STRING)).isEqualTo(HiveMqBroker.REASON);
		assertThat(frame.properties().user()).containsExactly(HiveMqBroker.HINT + "=" + HiveMqBroker.HINT_VALUE);
	}

	private static RawClient client() {
		String clientId = "raw-" + CLIENTS.incrementAndGet();
		RawClient client = RawClient.connected(broker.port(), clientId);
		assertThat(broker.connectCount(clientId)).isOne();
		return client;
	}

}
