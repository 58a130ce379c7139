package io.github.mqttspringboot.integration;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.integration.mqtt.core.ClientManager.ConnectCallback;

import io.github.mqttspringboot.client.ClientLogs;
import io.github.mqttspringboot.client.ManagedMqttClient;

/**
 * Calls each callback on a thread of its own, in order: an adapter waits for the server
 * in it, and must keep neither the client nor the other adapters waiting. Thread-safe.
 */
final class CallbackLanes {

	private static final Logger logger = LoggerFactory.getLogger(MqttClientManager.class);

	private final SimpleAsyncTaskExecutor executor;

	private final Map<ConnectCallback, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

	private final ManagedMqttClient client;

	CallbackLanes(ManagedMqttClient client) {
		this.client = client;
		this.executor = new SimpleAsyncTaskExecutor("mqtt-" + client.name() + "-integration-");
		this.executor.setDaemon(true);
	}

	void run(ConnectCallback callback, Runnable task) {
		this.last.compute(callback, (key, before) -> {
			CompletableFuture<Void> after = (before != null) ? before : CompletableFuture.completedFuture(null);
			return after.thenRunAsync(() -> contained(callback, task), this.executor);
		});
	}

	private void contained(ConnectCallback callback, Runnable task) {
		try {
			task.run();
		}
		catch (Exception ex) {
			ClientLogs.write(logger, Level.WARN, this.client,
					callback + " has thrown an exception when told of the connection; the connection is not affected",
					ex);
		}
	}

	void remove(ConnectCallback callback) {
		this.last.remove(callback);
	}

}
