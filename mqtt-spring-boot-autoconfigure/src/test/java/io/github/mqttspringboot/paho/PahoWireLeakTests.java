package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.packet.Ping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever becomes of a connection, none of its threads stays.
 */
class PahoWireLeakTests {

	private static final int ABORTS = 2000;

	private static final int ABORTING = 4;

	private final PahoWire wire = new PahoWire(List.of());

	@Test
	void abortsAtRandomMomentsLeaveNoThread() throws Exception {
		Queue<RecordingListener> listeners = new ConcurrentLinkedQueue<>();
		try (Peer peer = new Peer((conversation) -> {
			conversation.accept();
			while (true) {
				conversation.read();
				conversation.write(Ping.RESPONSE);
			}
		})) {
			CompletableFuture<?>[] abortions = new CompletableFuture<?>[ABORTING];
			for (int i = 0; i < ABORTING; i++) {
				Random random = new Random(42 + i);
				abortions[i] = CompletableFuture.runAsync(() -> abort(peer, random, listeners),
						(task) -> new Thread(task, "aborting").start());
			}
			CompletableFuture.allOf(abortions).join();
			for (RecordingListener listener : listeners) {
				listener.awaitClosed();
			}
		}
		assertThat(listeners).hasSize(ABORTS)
			.anyMatch((listener) -> listener.connAck.isDone())
			.anyMatch((listener) -> !listener.connAck.isDone());
		assertNoThreadStays();
	}

	private void abort(Peer peer, Random random, Queue<RecordingListener> listeners) {
		for (int i = 0; i < ABORTS / ABORTING; i++) {
			RecordingListener listener = new RecordingListener();
			listeners.add(listener);
			WireConnection connection = this.wire.open(Requests.to(peer.uri()), listener);
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

	@Test
	void serversThatCloseAfterConnAckLeaveNoThread() throws Exception {
		assertClosed(Peer.Conversation::accept, LocalError.CONNECTION_CLOSED);
	}

	private void assertClosed(Peer.Handler handler, LocalError... errors) throws Exception {
		try (Peer peer = new Peer(handler)) {
			List<RecordingListener> listeners = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				RecordingListener listener = new RecordingListener();
				listeners.add(listener);
				this.wire.open(Requests.to(peer.uri()), listener);
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
			}
			for (RecordingListener listener : listeners) {
				assertThat(listener.awaitClosed().localError()).isIn((Object[]) errors);
			}
		}
		assertNoThreadStays();
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
