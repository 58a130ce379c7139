package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

import javax.net.ssl.SSLSocketFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;

import static org.assertj.core.api.Assertions.assertThat;

class PahoWireConnectTests {

	private final PahoWire wire = new PahoWire(List.of());

	private final RecordingListener listener = new RecordingListener();

	private final List<Peer> peers = new ArrayList<>();

	@AfterEach
	void closePeers() throws IOException {
		for (Peer peer : this.peers) {
			peer.close();
		}
	}

	private Peer peer(Peer.Handler handler) throws IOException {
		Peer peer = new Peer(handler);
		this.peers.add(peer);
		return peer;
	}

	@Test
	void reportsARefusedConnection() throws Exception {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			port = socket.getLocalPort();
		}
		this.wire.open(Requests.to(URI.create("mqtt://user:secret@127.0.0.1:" + port)), this.listener);
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.CONNECTION_REFUSED);
		assertThat(failure.toString()).contains("127.0.0.1:" + port).doesNotContain("secret");
	}

	@Test
	void reportsAnUnknownHost() throws Exception {
		this.wire.open(Requests.to(URI.create("mqtt://no_such_host.invalid")), this.listener);
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.UNKNOWN_HOST);
		assertThat(failure.detail()).contains("no_such_host.invalid:1883");
	}

	@Test
	void reportsAServerThatDoesNotAcceptInTime() throws Exception {
		// A full backlog: the kernel drops what else wants to connect
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			List<Socket> backlog = new ArrayList<>();
			try {
				for (int i = 0; i < 8; i++) {
					Socket socket = new Socket();
					backlog.add(socket);
					try {
						socket.connect(server.getLocalSocketAddress(), 100);
					}
					catch (IOException ex) {
						break;
					}
				}
				ConnectRequest base = Requests.to(URI.create("mqtt://127.0.0.1:" + server.getLocalPort()));
				this.wire.open(new ConnectRequest("default", base.server(), "meter", true, Duration.ZERO, Duration.ZERO,
						10, null, true, List.of(), null, null, null, Duration.ofMillis(200)), this.listener);
				assertThat(this.listener.awaitClosed().localError()).isEqualTo(LocalError.CONNECT_TIMEOUT);
			}
			finally {
				for (Socket socket : backlog) {
					socket.close();
				}
			}
		}
	}

	@Test
	void connectsToAnIpv6AddressAndATrailingSlash() throws Exception {
		Peer peer = peer((conversation) -> {
			conversation.accept();
			conversation.awaitEnd();
		});
		URI mapped = URI.create("tcp://[::ffff:127.0.0.1]:" + peer.uri().getPort() + "/");
		WireConnection connection = this.wire.open(Requests.to(mapped), this.listener);
		assertThat(this.listener.awaitConnAck().code()).isZero();
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void refusesASchemeItDoesNotSpeak() throws Exception {
		this.wire.open(Requests.to(URI.create("http://broker")), this.listener);
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.INTERNAL_ERROR);
		assertThat(failure.detail()).contains("mqtts").contains("broker");
	}

	@Test
	void reportsThatACustomizerThrowsWithoutItsWords() throws Exception {
		PahoWire failing = new PahoWire(List.of((name, options) -> {
			throw new IllegalStateException("no options today");
		}));
		failing.open(Requests.to(peer(Peer.Conversation::accept).uri()), this.listener);
		assertThat(this.listener.awaitClosed().detail()).contains(IllegalStateException.class.getName())
			.doesNotContain("no options today");
	}

	@Test
	void refusesATlsSocketFactoryForTcp() throws Exception {
		PahoWire failing = new PahoWire(
				List.of((name, options) -> options.setSocketFactory(SSLSocketFactory.getDefault())));
		failing.open(Requests.to(peer(Peer.Conversation::accept).uri()), this.listener);
		assertThat(this.listener.awaitClosed().detail()).contains("TLS socket factory");
	}

	@Test
	void quietensPahosLoggersOnly() {
		System.gc();
		assertThat(this.wire).isNotNull();
		assertThat(Logger.getLogger("org.eclipse.paho.mqttv5.client.internal.CommsSender").isLoggable(Level.SEVERE))
			.isFalse();
		assertThat(Logger.getLogger("org.eclipse.paho.other").isLoggable(Level.SEVERE)).isTrue();
	}

}
