package io.github.mqttspringboot.fuzz;

import java.lang.Thread.UncaughtExceptionHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.testing.ThreadWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole clients against hostile brokers. {@code -Dfuzz.seed} repeats what the brokers and
 * the applications do; how the threads interleave cannot be repeated.
 */
class ClientFuzzTests {

	private static final int CLIENTS = 20;

	private static final String SEED = "-Dfuzz.seed=" + FuzzSettings.SEED;

	private final Queue<String> deaths = new ConcurrentLinkedQueue<>();

	private final UncaughtExceptionHandler handlerBefore = Thread.getDefaultUncaughtExceptionHandler();

	@BeforeEach
	void watchThreads() {
		Thread.setDefaultUncaughtExceptionHandler(
				(thread, error) -> this.deaths.add(thread.getName() + " died of " + error));
	}

	@AfterEach
	void stopWatching() {
		Thread.setDefaultUncaughtExceptionHandler(this.handlerBefore);
	}

	@Test
	void aHostileBrokerLeavesNoFutureOpenNoThreadNoSocketAndNoErrorOfTheClientItself() throws Exception {
		long start = System.nanoTime();
		try (LogWatch log = new LogWatch()) {
			// What is loaded and opened once for all is not left behind
			run(1, 3, -1);
			Set<String> sockets = Sockets.areVisible() ? Sockets.open().keySet() : null;
			ThreadWatch threads = ThreadWatch.on("mqtt-|MQTT|hostile|beset");
			int each = (FuzzSettings.CONNECTIONS + CLIENTS - 1) / CLIENTS;
			List<BesetClient> clients = run(CLIENTS, each, FuzzSettings.SEED);
			assertThat(this.deaths).as(SEED).isEmpty();
			assertThat(log.errors()).as(SEED).isEmpty();
			threads.assertGone(Duration.ofSeconds(30));
			if (sockets != null) {
				Awaitility.await()
					.pollInSameThread()
					.untilAsserted(() -> assertThat(Sockets.open()).as("sockets")
						.allSatisfy((number, addresses) -> assertThat(sockets).as(addresses).contains(number)));
			}
			System.out.printf(
					"%nFuzz of the client: %d network connections (%d accepted), %d operations (%d refused), "
							+ "from seed %d in %.1f s%n",
					clients.stream().mapToInt(BesetClient::connections).sum(),
					clients.stream().mapToLong(BesetClient::accepted).sum(),
					clients.stream().mapToInt(BesetClient::operations).sum(),
					clients.stream().mapToInt(BesetClient::refused).sum(), FuzzSettings.SEED,
					(System.nanoTime() - start) / 1e9);
			assertThat(clients).allMatch((client) -> client.accepted() >= each);
		}
	}

	private List<BesetClient> run(int count, int connections, long seed) throws Exception {
		ThreadFactory factory = (task) -> {
			Thread thread = new Thread(task, "hostile");
			thread.setDaemon(true);
			return thread;
		};
		ExecutorService brokers = Executors.newCachedThreadPool(factory);
		ExecutorService applications = Executors.newFixedThreadPool(count, factory);
		try {
			List<BesetClient> clients = new ArrayList<>();
			List<Future<List<String>>> ends = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				BesetClient client = new BesetClient(seed, i, brokers);
				clients.add(client);
				ends.add(applications.submit(() -> {
					client.live(connections);
					return client.end();
				}));
			}
			List<String> problems = new ArrayList<>();
			for (Future<List<String>> end : ends) {
				problems.addAll(end.get(10, TimeUnit.MINUTES));
			}
			assertThat(problems).as(SEED).isEmpty();
			return clients;
		}
		finally {
			applications.shutdownNow();
			brokers.shutdownNow();
		}
	}

}
