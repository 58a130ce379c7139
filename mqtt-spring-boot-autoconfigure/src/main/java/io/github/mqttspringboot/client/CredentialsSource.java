package io.github.mqttspringboot.client;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.MaskedException;

/**
 * Asks the application for credentials on a thread of its own, because a provider may
 * block and must not wait for other code of the application. One at a time: a provider
 * that hangs holds up one thread and not one an attempt. Thread-safe.
 */
final class CredentialsSource {

	private final String clientName;

	private final MqttCredentialsProvider provider;

	private final Executor engine;

	private final ThreadPoolExecutor thread;

	CredentialsSource(String clientName, MqttCredentialsProvider provider, Executor engine) {
		this.clientName = clientName;
		this.provider = provider;
		this.engine = engine;
		this.thread = new ThreadPoolExecutor(0, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> {
			Thread created = new Thread(task, "mqtt-" + clientName + "-credentials");
			created.setDaemon(true);
			return created;
		});
	}

	/**
	 * Fetch credentials.
	 * @param provided called with them on the engine's thread
	 * @param failed called with why there are none on the engine's thread
	 * @return interrupts the provider, if nobody waits for it any more
	 */
	Runnable fetch(Consumer<@Nullable MqttCredentials> provided, Consumer<MaskedException> failed) {
		Future<?> call = this.thread.submit(() -> ask(provided, failed));
		return () -> {
			call.cancel(true);
			this.thread.purge();
		};
	}

	private void ask(Consumer<@Nullable MqttCredentials> provided, Consumer<MaskedException> failed) {
		try {
			MqttCredentials credentials = this.provider.getCredentials(this.clientName);
			this.engine.execute(() -> provided.accept(credentials));
		}
		catch (Throwable ex) {
			// Its message may hold what it asked with, or for
			MaskedException masked = MaskedException.of(ex);
			this.engine.execute(() -> failed.accept(masked));
		}
	}

	void close() {
		this.thread.shutdownNow();
	}

}
