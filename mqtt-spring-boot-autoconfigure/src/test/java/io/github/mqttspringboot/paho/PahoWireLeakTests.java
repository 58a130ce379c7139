package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.testing.Certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever becomes of a connection, none of its threads stays.
 */
class PahoWireLeakTests {

	private static final int ABORTS = 2000;

	private static final int ABORTS_OF_LAYERS = 400;

	private static final int ABORTING = 4;

	private final PahoWire wire = new PahoWire(List.of());

	@ParameterizedTest
	@EnumSource
	void abortsAtRandomMomentsLeaveNoThread(Peer.Kind kind) throws Exception {
		SSLContext context = Certificates.get().client(null);
		int aborts = (kind == Peer.Kind.MQTT) ? ABORTS : ABORTS_OF_LAYERS;
		Queue<RecordingListener> listeners = new ConcurrentLinkedQueue<>();
		try (Peer peer = new Peer(kind, (conversation) -> {
			conversation.accept();
			while (true) {
				conversation.read();
				conversation.write(Ping.RESPONSE);
			}
		})) {
			CompletableFuture<?>[] abortions = new CompletableFuture<?>[ABORTING];
			for (int i = 0; i < ABORTING; i++) {
				Random random = new Random(42 + i);
				abortions[i] = CompletableFuture.runAsync(
						() -> abort(Requests.to(peer.uri(), context), aborts / ABORTING, random, listeners),
						(task) -> new Thread(task, "aborting").start());
			}
			CompletableFuture.allOf(abortions).join();
			for (RecordingListener listener : listeners) {
				listener.awaitClosed();
			}
		}
		assertThat(listeners).hasSize(aborts)
			.anyMatch((listener) -> listener.connAck.isDone())
			.anyMatch((listener) -> !listener.connAck.isDone());
		assertNoThreadStays();
	}

	private void abort(ConnectRequest request, int count, Random random, Queue<RecordingListener> listeners) {
		for (int i = 0; i < count; i++) {
			RecordingListener listener = new RecordingListener();
			listeners.add(listener);
			WireConnection connection = this.wire.open(request, listener);
			LockSupport.parkNanos(random.nextInt(20_000_000));
			if (listener.connAck.isDone()) {
				connection.send(Ping.REQUEST);
			}
			connection.abort();
		}
	}

	@Test
	void serversThatAcceptAndCloseLeaveNoThread() throws Exception {
		assertClosed((conversation) -> {
		}, LocalError.CLOSED_BEFORE_CONNACK);
	}

	@Test
	void serversThatAcceptAndResetLeaveNoThread() throws Exception {
		// The reset may even come before the client knows that it is connected
		assertClosed((conversation) -> conversation.socket.setSoLinger(true, 0), LocalError.CLOSED_BEFORE_CONNACK,
				LocalError.CONNECTION_REFUSED);
	}

	@ParameterizedTest
	@EnumSource
	void serversThatCloseAfterConnAckLeaveNoThread(Peer.Kind kind) throws Exception {
		assertClosed(kind, Peer.Conversation::accept, LocalError.CONNECTION_CLOSED);
	}

	@Test
	void serversThatCloseBeforeTheUpgradeLeaveNoThread() throws Exception {
		try (ClosingServer server = new ClosingServer()) {
			assertClosed(URI.create("ws://127.0.0.1:" + server.port()), LocalError.CONNECTION_REFUSED);
			assertClosed(URI.create("mqtts://127.0.0.1:" + server.port()), LocalError.TLS_HANDSHAKE_INTERRUPTED);
		}
		assertNoThreadStays();
	}

	private void assertClosed(Peer.Handler handler, LocalError... errors) throws Exception {
		assertClosed(Peer.Kind.MQTT, handler, errors);
	}

	private void assertClosed(Peer.Kind kind, Peer.Handler handler, LocalError... errors) throws Exception {
		try (Peer peer = new Peer(kind, handler)) {
			assertClosed(peer.uri(), errors);
		}
		assertNoThreadStays();
	}

	private void assertClosed(URI uri, LocalError... errors) throws Exception {
		SSLContext context = Certificates.get().client(null);
		List<RecordingListener> listeners = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			RecordingListener listener = new RecordingListener();
			listeners.add(listener);
			this.wire.open(Requests.to(uri, context), listener);
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
		}
		for (RecordingListener listener : listeners) {
			assertThat(listener.awaitClosed().localError()).isIn((Object[]) errors);
		}
	}

	@Test
	void aServerThatNeverAnswersIsAbandonedWithoutAThread() throws Exception {
		try (Peer peer = new Peer(Peer.Conversation::awaitEnd)) {
			RecordingListener listener = new RecordingListener();
			WireConnection connection = this.wire.open(Requests.to(peer.uri()), listener);
			await().until(() -> threads().stream().anyMatch((name) -> name.startsWith("MQTT Call")));
			connection.abort();
			assertThat(listener.awaitClosed().localError()).isEqualTo(LocalError.CLOSED_BEFORE_CONNACK);
		}
		assertNoThreadStays();
	}

	@Test
	void anAbortDuringTheTransportConnectionDoesNotWaitForIt() throws Exception {
		CountDownLatch stuck = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		PahoWire stuckWire = new PahoWire(
				List.of((name, options) -> options.setSocketFactory(new StuckSocketFactory(stuck, release))));
		try (Peer peer = new Peer(Peer.Conversation::accept)) {
			RecordingListener listener = new RecordingListener();
			WireConnection connection = stuckWire.open(Requests.to(peer.uri()), listener);
			assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();
			connection.abort();
			assertThat(listener.awaitClosed().localError()).isEqualTo(LocalError.CLOSED_BEFORE_CONNACK);
			release.countDown();
			assertNoThreadStays();
			assertThat(listener.connAck).isNotDone();
		}
	}

	@Test
	void noThreadKeepsTheJvmAlive() throws Exception {
		try (Peer peer = new Peer((conversation) -> {
			conversation.accept();
			conversation.awaitEnd();
		})) {
			RecordingListener listener = new RecordingListener();
			WireConnection connection = this.wire.open(Requests.to(peer.uri()), listener);
			listener.awaitConnAck();
			assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> thread.getName().startsWith("MQTT") || thread.getName().startsWith("mqtt-"))
				.isNotEmpty()
				.allMatch(Thread::isDaemon);
			connection.abort();
			listener.awaitClosed();
		}
		assertNoThreadStays();
	}

	private static void assertNoThreadStays() {
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter(Thread::isAlive)
			.map(Thread::getName)
			.filter((name) -> name.startsWith("MQTT") || name.startsWith("mqtt-"))
			.toList();
	}

	/**
	 * Accepts and closes.
	 */
	private static final class ClosingServer implements AutoCloseable {

		private final ServerSocket server = new ServerSocket(0, 500, InetAddress.getByName("127.0.0.1"));

		ClosingServer() throws IOException {
			Thread thread = new Thread(this::run, "closing-server");
			thread.setDaemon(true);
			thread.start();
		}

		int port() {
			return this.server.getLocalPort();
		}

		private void run() {
			try {
				while (true) {
					Socket socket = this.server.accept();
					// Otherwise it would be a reset
					socket.getInputStream().read(new byte[4096]);
					socket.close();
				}
			}
			catch (IOException ex) {
				// Closed
			}
		}

		@Override
		public void close() throws IOException {
			this.server.close();
		}

	}

	/**
	 * Holds Paho's connect thread up as a slow name service would.
	 */
	private static final class StuckSocketFactory extends SocketFactory {

		private final CountDownLatch stuck;

		private final CountDownLatch release;

		StuckSocketFactory(CountDownLatch stuck, CountDownLatch release) {
			this.stuck = stuck;
			this.release = release;
		}

		@Override
		public Socket createSocket() throws IOException {
			this.stuck.countDown();
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
			return new Socket();
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
