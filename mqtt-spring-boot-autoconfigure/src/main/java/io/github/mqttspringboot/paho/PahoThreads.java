package io.github.mqttspringboot.paho;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Paho's threads of one connection: hurried at the start, seen to their end.
 */
final class PahoThreads {

	private static final long SLEEP_MILLIS = 1;

	private static final long WAKE_MILLIS = 100;

	private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final Link link;

	private volatile @Nullable GateClient client;

	private volatile @Nullable Thread reader;

	private volatile @Nullable Thread sender;

	/**
	 * Create the threads of one connection.
	 * @param link how far the connection has come
	 */
	PahoThreads(Link link) {
		this.link = link;
	}

	/**
	 * Remember Paho's client.
	 * @param client the client
	 */
	void client(GateClient client) {
		this.client = client;
	}

	/**
	 * Note that the current thread is Paho's receiver.
	 * @param death whom to tell if the thread dies
	 */
	void reader(Consumer<Throwable> death) {
		if (this.reader == null) {
			Thread thread = Thread.currentThread();
			thread.setUncaughtExceptionHandler((ignored, error) -> death.accept(error));
			this.reader = thread;
		}
	}

	/**
	 * Note that the current thread is Paho's sender.
	 */
	void sender() {
		if (this.sender == null) {
			this.sender = Thread.currentThread();
		}
	}

	/**
	 * Wait for the transport, then cut short the three sleeps of 100 ms that Paho's
	 * connect thread takes before it sends CONNECT. There is nothing else in it to be
	 * interrupted.
	 * @throws InterruptedException if interrupted
	 */
	void hurry() throws InterruptedException {
		this.link.awaitTransport();
		Thread connector = this.link.connector();
		while (connector != null && connector.isAlive() && this.link.outcome() == null
				&& !this.link.awaitConnectSent(SLEEP_MILLIS)) {
			connector.interrupt();
		}
	}

	/**
	 * See Paho's threads to their end, which they can miss without a push.
	 */
	void bury() {
		long deadline = System.nanoTime() + GRACE_NANOS;
		Thread connector = this.link.connector();
		if (connector == null) {
			return;
		}
		while (connector.isAlive() && System.nanoTime() < deadline && !this.link.awaitConnectSent(SLEEP_MILLIS)) {
			connector.interrupt();
		}
		if (!connector.isAlive()) {
			this.link.awaitConnectSent(WAKE_MILLIS);
			this.link.releaseReader();
		}
		GateClient paho = this.client;
		while (paho != null && (isAlive(this.reader) || isAlive(this.sender)) && System.nanoTime() < deadline) {
			paho.wakeSender();
			pause();
		}
	}

	private static boolean isAlive(@Nullable Thread thread) {
		return thread != null && thread.isAlive();
	}

	private void pause() {
		try {
			TimeUnit.MILLISECONDS.sleep(WAKE_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
