package io.github.mqttspringboot.paho;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that {@link PahoWire} tells of a packet that takes its time.
 */
class PahoWireProgressTests {

	private final RecordingListener listener = new RecordingListener();

	@Test
	void tellsThatAPartOfAPacketHasArrived() throws Exception {
		CountDownLatch rest = new CountDownLatch(1);
		try (Peer peer = new Peer((conversation) -> {
			conversation.accept();
			byte[] packet = Peer.encode(publish(1000));
			conversation.write(Arrays.copyOf(packet, 500));
			rest.await(10, TimeUnit.SECONDS);
			conversation.write(Arrays.copyOfRange(packet, 500, packet.length));
			conversation.awaitEnd();
		})) {
			WireConnection connection = open(peer);
			await().until(() -> this.listener.partsReceived.get() > 0);
			assertThat(this.listener.received).isEmpty();
			rest.countDown();
			await().until(() -> this.listener.received.size() == 1);
			connection.abort();
			this.listener.awaitClosed();
		}
	}

	@Test
	void tellsThatAPartOfAPacketHasBeenWritten() throws Exception {
		CountDownLatch reading = new CountDownLatch(1);
		try (Peer peer = new Peer((conversation) -> {
			conversation.accept();
			reading.await(10, TimeUnit.SECONDS);
			conversation.read();
			conversation.awaitEnd();
		})) {
			WireConnection connection = open(peer);
			this.listener.awaitConnAck();
			// More than all buffers between here and there
			connection.send(publish(20_000_000));
			await().until(() -> this.listener.partsWritten.get() > 0);
			assertThat(this.listener.written).hasValue(0);
			reading.countDown();
			await().until(() -> this.listener.written.get() == 1);
			connection.abort();
			this.listener.awaitClosed();
		}
	}

	private WireConnection open(Peer peer) {
		return new PahoWire(List.of()).open(Requests.to(peer.uri()), this.listener);
	}

	private static Publish publish(int size) {
		return new Publish(1, "a/b", 1, false, false, PublishProperties.NONE, new byte[size]);
	}

}
