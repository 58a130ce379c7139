package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.TestClient.Config;
import io.github.mqttspringboot.packet.ConnAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FutureExecutor}.
 */
class FutureExecutorTests {

	private final FutureExecutor executor = new FutureExecutor("mqtt-test-");

	@AfterEach
	void close() {
		this.executor.close();
	}

	@Test
	void tasksThatWaitForOtherTasksDoNotStarveThem() throws Exception {
		int count = 50;
		List<CompletableFuture<String>> inner = new ArrayList<>();
		List<CompletableFuture<String>> outer = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			CompletableFuture<String> awaited = new CompletableFuture<>();
			inner.add(awaited);
			outer.add(CompletableFuture.supplyAsync(awaited::join, this.executor));
		}
		inner.forEach((future) -> this.executor.execute(() -> future.complete("done")));
		for (CompletableFuture<String> future : outer) {
			assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo("done");
		}
	}

	@Test
	void aCompletionMayJoinAnotherFutureOfTheSameClient() throws Exception {
		FakeWire wire = new FakeWire();
		Config config = new Config();
		DefaultManagedMqttClient client = new DefaultManagedMqttClient(config.settings(), wire, config.policy, null,
				(event) -> {
				});
		try {
			client.start();
			Awaitility.await().until(() -> !wire.connections.isEmpty());
			wire.last().accept(ConnAck.of(false, 0));
			Awaitility.await().until(() -> client.state() == ClientState.CONNECTED);
			List<CompletableFuture<String>> chains = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				// Refused before the wire, so that each ends on the client's executor
				chains.add(client.publish(PublishRequest.to("a/#").build())
					.handle((result, cause) -> client.publish(PublishRequest.to("b/#").build())
						.handle((inner, innerCause) -> innerCause.getClass().getSimpleName())
						.join()));
			}
			for (CompletableFuture<String> chain : chains) {
				assertThat(chain.get(30, TimeUnit.SECONDS)).isEqualTo("MqttPublishRejectedException");
			}
		}
		finally {
			client.destroy();
		}
	}

	@Test
	void itsThreadsAreNamedDaemonsThatSeeTheApplication() throws Exception {
		Thread thread = CompletableFuture.supplyAsync(Thread::currentThread, this.executor).get(30, TimeUnit.SECONDS);
		assertThat(thread.getName()).startsWith("mqtt-test-");
		assertThat(thread.isDaemon()).isTrue();
		assertThat(CompletableFuture.supplyAsync(() -> Thread.currentThread().getContextClassLoader(), this.executor)
			.get(30, TimeUnit.SECONDS)).isSameAs(FutureExecutor.class.getClassLoader());
	}

	@Test
	void whatComesAfterTheEndIsRunByTheCaller() {
		this.executor.close();
		List<Thread> threads = new ArrayList<>();
		this.executor.execute(() -> threads.add(Thread.currentThread()));
		assertThat(threads).containsExactly(Thread.currentThread());
	}

}
