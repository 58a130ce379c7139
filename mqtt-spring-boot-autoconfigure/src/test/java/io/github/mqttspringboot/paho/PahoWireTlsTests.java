package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.testing.Certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How TLS succeeds and fails.
 */
class PahoWireTlsTests {

	private final Certificates certificates = Certificates.get();

	private final PahoWire wire = new PahoWire(List.of());

	private final RecordingListener listener = new RecordingListener();

	private final List<Peer> peers = new ArrayList<>();

	@AfterEach
	void closePeers() throws IOException {
		for (Peer peer : this.peers) {
			peer.close();
		}
	}

	private Peer peer(Peer.Kind kind, String certificate, Peer.Handler handler) throws IOException {
		return peer(kind, certificate, (server) -> {
		}, handler);
	}

	// A JDK server socket hands its setup on when it begins to accept, not when it has
	private Peer peer(Peer.Kind kind, String certificate, Consumer<SSLServerSocket> setup, Peer.Handler handler)
			throws IOException {
		Peer peer = new Peer(kind, this.certificates.server(certificate).getServerSocketFactory(),
				(server) -> setup.accept((SSLServerSocket) server), handler);
		this.peers.add(peer);
		return peer;
	}

	private Peer speaking(Peer.Kind kind, String protocol, boolean needClientAuth) throws IOException {
		return peer(kind, Certificates.SERVER, (server) -> {
			server.setEnabledProtocols(new String[] { protocol });
			server.setNeedClientAuth(needClientAuth);
		}, PahoWireTlsTests::acceptAndWait);
	}

	private Peer plain(Peer.Handler handler) throws IOException {
		Peer peer = new Peer(Peer.Kind.MQTTS, ServerSocketFactory.getDefault(), handler);
		this.peers.add(peer);
		return peer;
	}

	private static void acceptAndWait(Peer.Conversation conversation) throws IOException {
		conversation.accept();
		conversation.awaitEnd();
	}

	private MqttFailure failure(URI uri) throws Exception {
		this.wire.open(Requests.to(uri, this.certificates.client(null)), this.listener);
		return this.listener.awaitClosed();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void connectsByNameAndByAddress(String protocol) throws Exception {
		List<String> protocols = new ArrayList<>();
		Peer peer = peer(Peer.Kind.MQTTS, Certificates.SERVER,
				(server) -> server.setEnabledProtocols(new String[] { protocol }), (conversation) -> {
					protocols.add(((SSLSocket) conversation.socket).getSession().getProtocol());
					acceptAndWait(conversation);
				});
		for (String host : List.of("127.0.0.1", "localhost")) {
			RecordingListener connected = new RecordingListener();
			URI uri = URI.create("ssl://" + host + ":" + peer.uri().getPort() + "/");
			WireConnection connection = this.wire.open(Requests.to(uri, this.certificates.client(null)), connected);
			assertThat(connected.awaitConnAck().code()).isZero();
			connection.abort();
			connected.awaitClosed();
		}
		assertThat(protocols).containsExactly(protocol, protocol);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "stranger | MQTTS | comes from nobody that the trust store knows",
			"expired | MQTTS | has expired (NotAfter", "other | MQTTS | is for another host (No subject alternative",
			"named | MQTTS | is for another host (No subject alternative",
			"stranger | WSS | comes from nobody that the trust store knows" })
	void saysWhyAServerIsNotTrusted(String certificate, Peer.Kind kind, String reason) throws Exception {
		MqttFailure failure = failure(peer(kind, certificate, PahoWireTlsTests::acceptAndWait).uri());
		assertThat(failure.localError()).isEqualTo(LocalError.TLS_SERVER_NOT_TRUSTED);
		assertThat(failure.detail()).startsWith("127.0.0.1:").contains(reason);
		assertThat(failure.cause()).isNotNull();
		assertThat(this.listener.opened).isNotDone();
	}

	@Test
	void trustsWhatTheJdkTrustsWithoutAContext() throws Exception {
		Peer peer = peer(Peer.Kind.MQTTS, Certificates.SERVER, PahoWireTlsTests::acceptAndWait);
		this.wire.open(Requests.to(peer.uri(), null, Duration.ofSeconds(5)), this.listener);
		assertThat(this.listener.awaitClosed().localError()).isEqualTo(LocalError.TLS_SERVER_NOT_TRUSTED);
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, , MQTTS", "TLSv1.3, , MQTTS", "TLSv1.2, stranger, MQTTS", "TLSv1.3, stranger, MQTTS",
			"TLSv1.3, , WSS", "TLSv1.2, stranger, WSS" })
	void saysEachTimeThatTheClientCertificateIsRefused(String protocol, String certificate, Peer.Kind kind)
			throws Exception {
		Peer peer = speaking(kind, protocol, true);
		SSLContext context = this.certificates.client(certificate);
		for (int i = 0; i < 30; i++) {
			RecordingListener refused = new RecordingListener();
			this.wire.open(Requests.to(peer.uri(), context), refused);
			MqttFailure failure = refused.awaitClosed();
			assertThat(failure.localError()).as(failure.toString())
				.isEqualTo(LocalError.TLS_CLIENT_CERTIFICATE_REFUSED);
			assertThat(failure.detail()).contains("client certificate").contains("TLS alert");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void logsInWithAClientCertificate(String protocol) throws Exception {
		Peer peer = speaking(Peer.Kind.MQTTS, protocol, true);
		WireConnection connection = this.wire
			.open(Requests.to(peer.uri(), this.certificates.client(Certificates.CLIENT)), this.listener);
		assertThat(this.listener.awaitConnAck().code()).isZero();
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void saysThatTheServerSpeaksNoTls() throws Exception {
		MqttFailure failure = failure(plain((conversation) -> {
			conversation.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
			conversation.awaitEnd();
		}).uri());
		assertThat(failure.localError()).isEqualTo(LocalError.TLS_INCOMPATIBLE);
		assertThat(failure.detail()).contains("does not speak TLS on this port");
	}

	@Test
	void saysThatThereIsNoCommonProtocol() throws Exception {
		Peer peer = speaking(Peer.Kind.MQTTS, "TLSv1.3", false);
		this.wire.open(Requests.to(peer.uri(), this.certificates.context("TLSv1.2", null)), this.listener);
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.TLS_INCOMPATIBLE);
		assertThat(failure.detail()).contains("no TLS protocol or cipher in common");
	}

	@Test
	void saysThatThereIsNoCommonCipher() throws Exception {
		Peer peer = peer(Peer.Kind.MQTTS, Certificates.SERVER, (server) -> {
			server.setEnabledProtocols(new String[] { "TLSv1.2" });
			server.setEnabledCipherSuites(new String[] { "TLS_RSA_WITH_AES_256_CBC_SHA256" });
		}, PahoWireTlsTests::acceptAndWait);
		MqttFailure failure = failure(peer.uri());
		assertThat(failure.localError()).as(failure.toString()).isEqualTo(LocalError.TLS_INCOMPATIBLE);
		assertThat(failure.detail()).contains("no TLS protocol or cipher in common");
	}

	@Test
	void saysThatTheHandshakeWasInterrupted() throws Exception {
		MqttFailure failure = failure(plain((conversation) -> conversation.input.readByte()).uri());
		assertThat(failure.localError()).isEqualTo(LocalError.TLS_HANDSHAKE_INTERRUPTED);
		assertThat(failure.detail()).contains("closed the connection during the TLS handshake");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "16 0303 0008 02000004 03030000 | Illegal handshake message: server_hello",
					"16 0303 0004 14000000 | Unexpected handshake message: finished",
					"16 0303 ffff 02 | Bad input record size", "15 0303 0001 02 | Invalid Alert message" })
	void saysWithTheWordsOfTheJdkWhatMayNotComeAgain(String answer, String words) throws Exception {
		MqttFailure failure = failure(plain((conversation) -> {
			conversation.input.readByte();
			conversation.write(HexFormat.of().parseHex(answer.replace(" ", "")));
			conversation.awaitEnd();
		}).uri());
		assertThat(failure.localError()).as(failure.toString()).isEqualTo(LocalError.TLS_HANDSHAKE_INTERRUPTED);
		assertThat(failure.detail()).startsWith("127.0.0.1:").contains("TLS handshake", words);
	}

	@Test
	void doesNotWaitForASlowHandshakeLongerThanTheTimeToConnect() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		Peer peer = plain((conversation) -> {
			// A byte of a record now and then
			conversation.write(0x16);
			while (!end.await(50, TimeUnit.MILLISECONDS)) {
				conversation.write(0x03);
			}
		});
		this.wire.open(Requests.to(peer.uri(), this.certificates.client(null), Duration.ofMillis(300)), this.listener);
		MqttFailure failure = this.listener.awaitClosed();
		end.countDown();
		assertThat(failure.localError()).isIn(LocalError.CONNECT_TIMEOUT, LocalError.TLS_HANDSHAKE_INTERRUPTED);
	}

	@Test
	void reportsAServerThatIsSilentDuringTheHandshake() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
			this.wire.open(Requests.to(URI.create("mqtts://127.0.0.1:" + silent.getLocalPort()),
					this.certificates.client(null), Duration.ofMillis(200)), this.listener);
			MqttFailure failure = this.listener.awaitClosed();
			assertThat(failure.localError()).isEqualTo(LocalError.CONNECT_TIMEOUT);
			assertThat(failure.detail()).contains("did not finish the TLS handshake in time");
		}
	}

	@Test
	void anAbortDoesNotWaitForTheHandshake() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
			WireConnection connection = this.wire
				.open(Requests.to(URI.create("mqtts://127.0.0.1:" + silent.getLocalPort()),
						this.certificates.client(null), Duration.ofMinutes(5)), this.listener);
			try (Socket accepted = silent.accept()) {
				assertThat(accepted.getInputStream().read()).isEqualTo(0x16);
				connection.abort();
				assertThat(this.listener.awaitClosed().detail()).contains("This client closed");
			}
		}
	}

	@Test
	void tellsTheServerThatItTrustsItNot() {
		// A server that is still writing when the client closes sees only a broken pipe
		await().untilAsserted(
				() -> assertThat(seenByAServerNotTrusted()).contains("Received fatal alert: certificate_unknown"));
	}

	private String seenByAServerNotTrusted() throws Exception {
		CompletableFuture<Exception> error = new CompletableFuture<>();
		ServerSocketFactory sockets = this.certificates.server(Certificates.STRANGER).getServerSocketFactory();
		try (ServerSocket server = sockets.createServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			CompletableFuture.runAsync(() -> {
				try (Socket socket = server.accept()) {
					error.complete(new IllegalStateException("Read " + socket.getInputStream().read()));
				}
				catch (IOException ex) {
					error.complete(ex);
				}
			});
			RecordingListener closed = new RecordingListener();
			this.wire.open(Requests.to(URI.create("mqtts://127.0.0.1:" + server.getLocalPort()),
					this.certificates.client(null)), closed);
			closed.awaitClosed();
			return String.valueOf(error.get(10, TimeUnit.SECONDS).getMessage());
		}
	}

	@Test
	void aCustomizerCanReplaceTheContextAndTheCheckOfTheHost() throws Exception {
		PahoWire customized = new PahoWire(List.of((name, options) -> {
			options.setSocketFactory(this.certificates.client(null).getSocketFactory());
			options.setHttpsHostnameVerificationEnabled(false);
			options.setSSLHostnameVerifier((host, session) -> host.equals("127.0.0.1"));
		}));
		Peer peer = peer(Peer.Kind.MQTTS, Certificates.OTHER, PahoWireTlsTests::acceptAndWait);
		WireConnection connection = customized.open(Requests.to(peer.uri(), null, Duration.ofSeconds(5)),
				this.listener);
		assertThat(this.listener.awaitConnAck().code()).isZero();
		connection.abort();
		this.listener.awaitClosed();
		RecordingListener refused = new RecordingListener();
		customized.open(
				Requests.to(URI.create("mqtts://localhost:" + peer.uri().getPort()), null, Duration.ofSeconds(5)),
				refused);
		MqttFailure failure = refused.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.TLS_SERVER_NOT_TRUSTED);
		assertThat(failure.detail()).contains("HostnameVerifier");
	}

}
