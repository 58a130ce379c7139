package io.github.mqttspringboot.testing;

import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.testing.RawClient.Ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TcpProxyTests {

	private final ThreadWatch threads = ThreadWatch.on("tcp-proxy");

	private final ScriptedBroker broker = ScriptedBroker.start();

	private final TcpProxy proxy = TcpProxy.to(this.broker.port());

	@AfterEach
	void stop() {
		this.proxy.close();
		this.broker.close();
		this.threads.assertGone();
	}

	@Test
	void passesBytesBothWaysAndCountsLinks() {
		String payload = "x".repeat(300_000);
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			assertThat(client.publish(1, 1, "a", payload).packetId()).isOne();
			this.broker.lastConnection().send(Reply.publish("b", payload));
			assertThat(client.read().payloadText()).isEqualTo(payload);
			assertThat(this.proxy.linkCount()).isOne();
			assertThat(this.proxy.openLinkCount()).isOne();
		}
		this.broker.awaitNoOpenConnection();
		awaitNoLink();
		assertThat(this.broker.received(PacketType.PUBLISH).get(0).payloadText()).isEqualTo(payload);
	}

	@Test
	void cutsWithRstAndAcceptsAgain() {
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.cutAll();
			assertThat(client.awaitEnd()).isEqualTo(Ending.RESET);
		}
		this.broker.awaitNoOpenConnection();
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
		assertThat(this.proxy.linkCount()).isEqualTo(2);
	}

	@Test
	void closesWithFin() {
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.closeAll();
			assertThat(client.awaitEnd()).isEqualTo(Ending.CLOSED);
		}
		this.broker.awaitNoOpenConnection();
	}

	@Test
	void passesOnHowTheServerEndedALink() {
		try (RawClient closed = RawClient.connected(this.proxy.port(), "c")) {
			this.broker.lastConnection().close();
			assertThat(closed.awaitEnd()).isEqualTo(Ending.CLOSED);
		}
		try (RawClient reset = RawClient.connected(this.proxy.port(), "r")) {
			this.broker.lastConnection().reset();
			assertThat(reset.awaitEnd()).isEqualTo(Ending.RESET);
		}
	}

	@Test
	void passesNothingWhileStalledAndAllAfterwards() throws Exception {
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.stall();
			client.publish(0, 0, "a", "late");
			this.broker.lastConnection().send(Reply.publish("b", "late"));
			client.socket().setSoTimeout(200);
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(client::read)
				.withCauseInstanceOf(SocketTimeoutException.class);
			assertThat(this.broker.received(PacketType.PUBLISH)).isEmpty();
			client.socket().setSoTimeout(10_000);
			this.proxy.resume();
			assertThat(client.read().payloadText()).isEqualTo("late");
			this.broker.awaitReceived(PacketType.PUBLISH, 1);
		}
	}

	@Test
	void hidesTheEndOfALinkWhileStalled() throws Exception {
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.stall();
			this.broker.lastConnection().reset();
			client.socket().setSoTimeout(200);
			assertThat(client.awaitEnd()).isEqualTo(Ending.NONE);
			client.socket().setSoTimeout(10_000);
			this.proxy.resume();
			assertThat(client.awaitEnd()).isEqualTo(Ending.RESET);
		}
	}

	@Test
	void cutsALinkThatIsStalled() {
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.stall();
			client.publish(0, 0, "a", "never");
			this.proxy.cutAll();
			assertThat(client.awaitEnd()).isEqualTo(Ending.RESET);
		}
		this.broker.awaitNoOpenConnection();
		assertThat(this.broker.received(PacketType.PUBLISH)).isEmpty();
	}

	@Test
	void refusesNewLinksAndKeepsOldOnes() {
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.refuse();
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> new RawClient(this.proxy.port()))
				.withMessageContaining("refused");
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
			this.proxy.listen();
			try (RawClient second = RawClient.connected(this.proxy.port(), "d")) {
				assertThat(second.ping().type()).isEqualTo(PacketType.PINGRESP);
			}
		}
	}

	@Test
	void resetsALinkWhoseTargetRefuses() {
		this.broker.stop();
		try (RawClient client = new RawClient(this.proxy.port())) {
			assertThat(client.awaitEnd()).isEqualTo(Ending.RESET);
		}
		assertThat(this.proxy.linkCount()).isOne();
	}

	@Test
	void holdsBackOnlyTheAnswers() {
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.stallAnswers();
			client.send(ByteWriter.frame(PacketType.PINGREQ.value(), 0, new ByteWriter().toBytes()));
			this.broker.awaitReceived(PacketType.PINGREQ, 1);
			this.broker.lastConnection().send(Reply.publish("b", "held"));
			this.proxy.resume();
			assertThat(client.read().type()).isEqualTo(PacketType.PINGRESP);
			assertThat(client.read().payloadText()).isEqualTo("held");
			this.proxy.stallAnswers();
			this.broker.lastConnection().send(Reply.publish("b", "lost"));
			this.proxy.cutAll();
			assertThat(client.awaitEnd()).isNotEqualTo(Ending.NONE);
		}
	}

	@ParameterizedTest
	@EnumSource
	void endsALinkInTheMiddleOfAPacket(TcpProxy.Ending ending) {
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.cutAfter(12, ending);
			client.send(publish("0123456789"));
			assertThat(client.awaitEnd()).isEqualTo((ending == TcpProxy.Ending.RESET) ? Ending.RESET : Ending.CLOSED);
		}
		this.broker.awaitNoOpenConnection();
		awaitNoLink();
		assertThat(this.broker.received(PacketType.PUBLISH)).isEmpty();
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
		}
	}

	@Test
	void passesTheBytesBeforeTheCut() {
		byte[] packet = publish("0123456789");
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.cutAfter(packet.length, TcpProxy.Ending.RESET);
			client.send(packet);
			assertThat(client.awaitEnd()).isEqualTo(Ending.RESET);
		}
		this.broker.awaitReceived(PacketType.PUBLISH, 1);
	}

	@Test
	void cutsTheNextLinkBeforeItIsAnswered() {
		this.proxy.cutNextAfter(3, TcpProxy.Ending.CLOSE);
		try (RawClient client = new RawClient(this.proxy.port())) {
			client.send(publish("never"));
			assertThat(client.awaitEnd()).isEqualTo(Ending.CLOSED);
		}
		RawClient.connected(this.proxy.port(), "c").close();
		assertThat(this.proxy.linkCount()).isEqualTo(2);
		assertThat(this.proxy.answered()).hasSize(2).first().isEqualTo(0L);
		// Counted once it is on its way, so perhaps after it has come
		Awaitility.await().untilAsserted(() -> assertThat(this.proxy.answered().get(1)).isPositive());
	}

	@Test
	void passesAllLaterWhileItIsSlow() throws Exception {
		try (RawClient client = RawClient.connected(this.proxy.port(), "c")) {
			this.proxy.delay(Duration.ofHours(1));
			client.send(publish("late"));
			client.socket().setSoTimeout(200);
			assertThat(client.awaitEnd()).isEqualTo(Ending.NONE);
			assertThat(this.broker.received(PacketType.PUBLISH)).isEmpty();
			client.socket().setSoTimeout(10_000);
			this.proxy.delay(Duration.ofMillis(20));
			assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
			this.broker.awaitReceived(PacketType.PUBLISH, 1);
		}
	}

	private static byte[] publish(String payload) {
		Publish packet = new Publish(0, "a", 0, false, false, PublishProperties.NONE,
				payload.getBytes(StandardCharsets.UTF_8));
		ByteBuffer buffer = ByteBuffer.allocate(PacketCodec.size(packet));
		PacketCodec.encode(packet, buffer);
		return buffer.array();
	}

	private void awaitNoLink() {
		Awaitility.await().untilAsserted(() -> assertThat(this.proxy.openLinkCount()).isZero());
	}

}
