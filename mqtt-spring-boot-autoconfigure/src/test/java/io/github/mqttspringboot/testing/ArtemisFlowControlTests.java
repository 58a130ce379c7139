package io.github.mqttspringboot.testing;

import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.testing.RawClient.Frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What Artemis does with the Receive Maximum and with filters that overlap, seen without
 * a client of ours. If one of these fails, it has become better, and docs/listeners.md or
 * docs/subscriptions.md have to be changed.
 */
class ArtemisFlowControlTests {

	private final ArtemisBroker broker = ArtemisBroker.startAnonymous();

	@AfterEach
	void stop() {
		this.broker.close();
	}

	@Test
	void aSubscriptionThatHadNoRoomWaitsForItsNextMessageThoughNothingIsUnacknowledged() throws Exception {
		try (RawClient subscriber = connected(1); RawClient publisher = RawClient.connected(this.broker.port(), "p")) {
			subscriber.subscribe(1, "busy", 1);
			subscriber.subscribe(2, "starved", 1);
			publisher.publish(1, 1, "busy", "1");
			Frame first = subscriber.read();
			publisher.publish(2, 1, "starved", "2");
			assertNothingComes(subscriber);
			puback(subscriber, first);
			assertNothingComes(subscriber);
			assertThat(subscriber.ping().type()).isEqualTo(PacketType.PINGRESP);
			publisher.publish(3, 1, "starved", "3");
			Frame second = subscriber.read();
			assertThat(second.payloadText()).isEqualTo("2");
			puback(subscriber, second);
			assertThat(subscriber.read().payloadText()).isEqualTo("3");
		}
	}

	@Test
	void eachCopyForFiltersThatOverlapHasTheIdentifiersOfAll() throws Exception {
		try (RawClient subscriber = connected(10); RawClient publisher = RawClient.connected(this.broker.port(), "p")) {
			subscribe(subscriber, 1, 11, "a/#");
			subscribe(subscriber, 2, 22, "a/+");
			publisher.publish(1, 1, "a/b", "x");
			Frame one = subscriber.read();
			Frame two = subscriber.read();
			for (Frame copy : List.of(one, two)) {
				assertThat(copy.properties().values().get(WireProperties.SUBSCRIPTION_IDENTIFIER))
					.containsExactlyInAnyOrder(11L, 22L);
			}
			assertThat(one.packetId()).isNotEqualTo(two.packetId());
			assertThat(withoutPacketId(one)).isEqualTo(withoutPacketId(two));
			assertNothingComes(subscriber);
		}
	}

	private RawClient connected(int receiveMaximum) {
		RawClient client = new RawClient(this.broker.port());
		client.send(ByteWriter.frame(PacketType.CONNECT.value(), 0,
				new ByteWriter().text("MQTT")
					.u8(5)
					.u8(2)
					.u16(0)
					.u8(3)
					.u8(WireProperties.RECEIVE_MAXIMUM)
					.u16(receiveMaximum)
					.text("s")
					.toBytes()));
		assertThat(client.read().reasonCode()).isZero();
		return client;
	}

	private static void subscribe(RawClient client, int packetId, int identifier, String filter) {
		client.send(ByteWriter.frame(PacketType.SUBSCRIBE.value(), 2,
				new ByteWriter().u16(packetId)
					.u8(2)
					.u8(WireProperties.SUBSCRIPTION_IDENTIFIER)
					.u8(identifier)
					.text(filter)
					.u8(1)
					.toBytes()));
		assertThat(client.read().reasonCodes()).containsExactly(1);
	}

	private static void puback(RawClient client, Frame publish) {
		client.send(ByteWriter.frame(PacketType.PUBACK.value(), 0, new ByteWriter().u16(publish.packetId()).toBytes()));
	}

	private static String withoutPacketId(Frame publish) {
		return publish.flags() + " " + publish.topic() + " " + publish.properties() + " " + publish.payloadText();
	}

	private static void assertNothingComes(RawClient client) throws SocketException {
		client.socket().setSoTimeout(1000);
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(client::read)
			.withCauseInstanceOf(SocketTimeoutException.class);
		client.socket().setSoTimeout(10_000);
	}

}
