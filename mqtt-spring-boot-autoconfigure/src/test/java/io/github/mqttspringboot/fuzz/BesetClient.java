package io.github.mqttspringboot.fuzz;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.ClientSettings.Listener;
import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.Publish;
import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.ClientSettings.Redirect;
import io.github.mqttspringboot.client.ClientSettings.StartupMode;
import io.github.mqttspringboot.client.ClientSettings.Subscribe;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.client.MessageHandler;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.paho.PahoWire;

/**
 * A client, the hostile broker it has to live with, and an application that asks for more
 * than it gets.
 */
final class BesetClient {

	private static final Duration SHORT = Duration.ofMillis(400);

	private static final int MOST_OPEN = 300;

	private final Random random;

	private final HostileBroker broker;

	private final DefaultManagedMqttClient client;

	private final List<CompletableFuture<?>> futures = new ArrayList<>();

	private final Queue<String> problems = new ConcurrentLinkedQueue<>();

	private final String name;

	private int operations;

	private int refused;

	BesetClient(long seed, int number, Executor brokers) throws IOException {
		this.name = "beset-" + number;
		this.random = new Random(FuzzSettings.mix(seed, number));
		this.broker = new HostileBroker(FuzzSettings.mix(seed, 1000 + number), brokers);
		this.client = new DefaultManagedMqttClient(settings(), new PahoWire(List.of()),
				DefaultErrorClassificationPolicy.builder().build(), null, this::look);
	}

	private ClientSettings settings() {
		Duration shortest = Duration.ofMillis(1);
		Duration longest = Duration.ofMillis(4);
		Reconnect reconnect = new Reconnect(shortest, 1, longest, shortest, shortest, longest, longest,
				Duration.ofSeconds(30), 0, Duration.ZERO);
		Publish publish = new Publish(1, false, SHORT, 20, WhenDisconnected.BUFFER, 100,
				(this.random.nextBoolean()) ? OnSessionLoss.RESEND : OnSessionLoss.FAIL);
		return new ClientSettings(this.name, this.name, this.random.nextBoolean(),
				List.of(URI.create(this.broker.uri())), Duration.ofSeconds(1), Duration.ofMillis(250),
				this.random.nextBoolean(), Duration.ofMinutes(5), 10, (this.random.nextBoolean()) ? 2000L : null, true,
				List.of(), null, null, true, StartupMode.BACKGROUND, SHORT, Duration.ofSeconds(10), 50, reconnect,
				publish, new Subscribe(1, SHORT), Redirect.disabled(), Persistence.memory(), Listener.defaults(),
				ClientSettings.Poison.defaults());
	}

	private void look(MqttEvent event) {
		look(event.getFailure());
	}

	private void look(@Nullable MqttFailure failure) {
		if (failure != null && failure.localError() == LocalError.INTERNAL_ERROR) {
			this.problems.add(this.name + ": " + failure);
		}
	}

	/**
	 * Ask the client for things until it has been accepted a number of times.
	 * @param connections the number of network connections with a good CONNACK
	 */
	void live(int connections) {
		this.client.start();
		subscribe();
		while (accepted() < connections) {
			if (this.client.state() == ClientState.FAILED || this.client.state() == ClientState.STOPPED) {
				this.client.start();
			}
			if (open() < MOST_OPEN) {
				operate();
			}
			LockSupport.parkNanos(this.random.nextInt(6_000_000));
		}
	}

	private long open() {
		if (this.futures.size() > 2 * MOST_OPEN) {
			this.futures.removeIf((future) -> {
				if (future.isDone()) {
					settle(future);
				}
				return future.isDone();
			});
		}
		return this.futures.stream().filter((future) -> !future.isDone()).count();
	}

	private void operate() {
		this.operations++;
		switch (this.random.nextInt(100)) {
			case 0 -> this.client.reconnect();
			case 1 -> this.client.stop(() -> {
			});
			case 2, 3, 4 -> subscribe();
			case 5, 6 -> this.futures
				.add(this.client.unsubscribe("in/#", "f/" + this.random.nextInt(5), "f/" + this.random.nextInt(5)));
			default -> this.futures.add(this.client.publish(PublishRequest.to("out/" + this.random.nextInt(9))
				.payload(new byte[this.random.nextInt((this.random.nextInt(50) != 0) ? 60 : 100_000)])
				.qos(this.random.nextInt(3))
				.retain(this.random.nextInt(20) == 0)
				.build()));
		}
	}

	private void subscribe() {
		SubscribeRequest[] requests = new SubscribeRequest[1 + this.random.nextInt(3)];
		for (int i = 0; i < requests.length; i++) {
			String filter = (this.random.nextInt(3) != 0) ? "in/#" : "f/" + this.random.nextInt(5);
			requests[i] = SubscribeRequest.to(filter).qos(this.random.nextInt(3)).messageHandler(handler()).build();
		}
		this.futures.add(this.client.subscribe(requests));
	}

	private MessageHandler handler() {
		return switch (this.random.nextInt(3)) {
			case 0 -> MessageHandler.of((message) -> {
				throw new IllegalStateException("this handler always fails");
			});
			case 1 -> (message) -> CompletableFuture.runAsync(() -> {
			});
			default -> MessageHandler.of((message) -> {
			});
		};
	}

	/**
	 * End the client and see that nothing is left open.
	 * @return what should not have happened
	 * @throws Exception if interrupted
	 */
	List<String> end() throws Exception {
		boolean first = this.random.nextBoolean();
		if (first) {
			this.client.destroy();
		}
		for (CompletableFuture<?> future : this.futures) {
			try {
				future.get(20, TimeUnit.SECONDS);
			}
			catch (TimeoutException ex) {
				this.problems.add(this.name + ": a future never ends, the client is " + this.client.state()
						+ ((first) ? ", destroyed" : ""));
				break;
			}
			catch (ExecutionException ex) {
				// Looked at below
			}
		}
		this.futures.stream().filter(CompletableFuture::isDone).forEach(this::settle);
		this.client.incidents().forEach((incident) -> look(incident.failure()));
		if (!first) {
			this.client.destroy();
		}
		this.broker.close();
		return List.copyOf(this.problems);
	}

	private void settle(CompletableFuture<?> future) {
		try {
			future.join();
		}
		catch (CompletionException ex) {
			this.refused++;
			if (ex.getCause() instanceof MqttOperationException failed) {
				look(failed.getFailure());
			}
			else {
				this.problems.add(this.name + ": a future ends with " + ex.getCause());
			}
		}
	}

	int connections() {
		return this.broker.connections();
	}

	long accepted() {
		return this.client.statistics().connections();
	}

	int operations() {
		return this.operations;
	}

	int refused() {
		return this.refused;
	}

}
