package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

import javax.net.SocketFactory;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PromptAcksTests {

	private static final SocketOption<Boolean> QUICK = new Option("TCP_QUICKACK");

	@Test
	void theSystemIsAskedEachTime() {
		RecordingSocket socket = new RecordingSocket(Set.of(new Option("OTHER"), QUICK));
		PromptAcks acks = new PromptAcks(socket);
		acks.acknowledge();
		acks.acknowledge();
		assertThat(socket.requests).containsExactly(QUICK, QUICK);
	}

	@Test
	void aSystemThatCannotIsLeftAlone() {
		RecordingSocket socket = new RecordingSocket(Set.of(new Option("OTHER")));
		new PromptAcks(socket).acknowledge();
		assertThat(socket.requests).isEmpty();
	}

	@Test
	void aRefusalDoesNoHarmAndIsNotProvokedAgain() {
		RecordingSocket socket = new RecordingSocket(Set.of(QUICK));
		socket.refuses = true;
		PromptAcks acks = new PromptAcks(socket);
		acks.acknowledge();
		acks.acknowledge();
		assertThat(socket.requests).containsExactly(QUICK);
	}

	@Test
	void onlyWhatIsNotAnsweredWithAPacketIsAcknowledgedAtOnce() throws Exception {
		List<MqttPacket> answered = List.of(publish(1), new PublishAck(PacketType.PUBREL, 1, 0),
				new PublishAck(PacketType.PUBREC, 1, 0));
		List<MqttPacket> unanswered = List.of(publish(0), new PublishAck(PacketType.PUBACK, 1, 0),
				new PublishAck(PacketType.PUBCOMP, 1, 0), new PublishAck(PacketType.PUBREC, 1, 0x87), Ping.RESPONSE);
		RecordingListener listener = new RecordingListener();
		RecordingSocket socket = new RecordingSocket(Set.of(QUICK));
		socket.step = listener.received::size;
		try (Peer peer = new Peer((conversation) -> {
			conversation.accept();
			listener.awaitConnAck();
			int sent = 0;
			for (MqttPacket packet : Stream.concat(answered.stream(), unanswered.stream()).toList()) {
				conversation.write(packet);
				int expected = ++sent;
				await().until(() -> listener.received.size() == expected);
			}
			conversation.awaitEnd();
		})) {
			PahoWire wire = new PahoWire(
					List.of((client, options) -> options.setSocketFactory(new SingleSocketFactory(socket))));
			WireConnection connection = wire.open(Requests.to(peer.uri()), listener);
			// The first is for the CONNACK
			await().untilAsserted(() -> assertThat(socket.steps).containsExactly(0, 4, 5, 6, 7, 8));
			connection.abort();
			listener.awaitClosed();
		}
	}

	private static Publish publish(int qos) {
		return new Publish(qos, "a", qos, false, false, PublishProperties.NONE, new byte[0]);
	}

	private record Option(String name) implements SocketOption<Boolean> {

		@Override
		public Class<Boolean> type() {
			return Boolean.class;
		}

	}

	private static final class RecordingSocket extends Socket {

		private final Set<SocketOption<?>> supported;

		private final List<SocketOption<?>> requests = new ArrayList<>();

		private final List<Integer> steps = new CopyOnWriteArrayList<>();

		private IntSupplier step = () -> 0;

		private boolean refuses;

		RecordingSocket(Set<SocketOption<?>> supported) {
			this.supported = supported;
		}

		@Override
		public Set<SocketOption<?>> supportedOptions() {
			return this.supported;
		}

		@Override
		public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
			assertThat(value).isEqualTo(true);
			this.requests.add(name);
			this.steps.add(this.step.getAsInt());
			if (this.refuses) {
				throw new SocketException("closed");
			}
			return this;
		}

	}

	private static final class SingleSocketFactory extends SocketFactory {

		private final Socket socket;

		SingleSocketFactory(Socket socket) {
			this.socket = socket;
		}

		@Override
		public Socket createSocket() {
			return this.socket;
		}

		@Override
		public Socket createSocket(String host, int port) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Socket createSocket(InetAddress host, int port) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
			throw new UnsupportedOperationException();
		}

	}

}
