package io.github.mqttspringboot.listener;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The stop of one listener while its client goes on, as seen on the wire.
 */
class ListenerStopTests {

	private final List<String> seen = new CopyOnWriteArrayList<>();

	private final CountDownLatch release = new CountDownLatch(1);

	@Test
	void aStopWaitsForMessagesBehindAnotherHandlerOfTheClient() {
		try (ScriptedBroker broker = ScriptedBroker.start();
				ListenerApp app = ListenerApp.start(broker.uri(), Listener.class)) {
			app.bean(Listener.class).seen = this.seen;
			block(broker, app);
			broker.lastConnection().send(Reply.publish("listener/x", "behind").qos(1).id(7));
			Awaitility.await().until(() -> app.client().statistics().queuedMessages() == 2);
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
				container(app).stop();
				this.seen.add("stopped");
			});
			broker.awaitReceived(When.unsubscribe("listener/#"), 1);
			Awaitility.await().during(Duration.ofMillis(300)).until(() -> !stopped.isDone());
			this.release.countDown();
			assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
			assertThat(this.seen).containsExactly("blocked", "behind", "stopped");
			broker.awaitReceived(When.puback(), 1);
			assertThat(broker.connectionCount()).isOne();
		}
	}

	@Test
	void whatIsStillBehindAnotherHandlerAfterTheTimeoutIsNeitherHandledNorAcknowledgedUntilTheNextStart() {
		try (ScriptedBroker broker = ScriptedBroker.start();
				ListenerApp app = ListenerApp.start(broker.uri(), Listener.class,
						"mqtt.listener.shutdown-timeout=100ms")) {
			app.bean(Listener.class).seen = this.seen;
			block(broker, app);
			broker.lastConnection().send(Reply.publish("listener/x", "behind").qos(1).id(7));
			Awaitility.await().until(() -> app.client().statistics().queuedMessages() == 2);
			container(app).stop();
			this.release.countDown();
			Awaitility.await()
				.during(Duration.ofMillis(500))
				.until(() -> this.seen.size() == 1 && broker.received(When.puback()).isEmpty());
			container(app).start();
			broker.awaitReceived(When.puback(), 1);
			assertThat(this.seen).containsExactly("blocked", "behind");
		}
	}

	@Test
	void aMessageHandlerMayStopAListenerWhoseMessagesWaitBehindIt() {
		try (ScriptedBroker broker = ScriptedBroker.start();
				ListenerApp app = ListenerApp.start(broker.uri(), Listener.class)) {
			app.bean(Listener.class).seen = this.seen;
			app.client().subscribe(SubscribeRequest.to("command").handler((message) -> {
				Awaitility.await().until(() -> app.client().statistics().queuedMessages() == 2);
				container(app).stop();
				this.seen.add("told");
			}).build()).join();
			broker.lastConnection().send(Reply.publish("command", "stop"));
			broker.lastConnection().send(Reply.publish("listener/x", "behind").qos(1).id(7));
			broker.awaitReceived(When.puback(), 1);
			assertThat(this.seen).containsExactly("told", "behind");
			assertThat(container(app).isRunning()).isFalse();
		}
	}

	private void block(ScriptedBroker broker, ListenerApp app) {
		app.client().subscribe(SubscribeRequest.to("block").handler((message) -> {
			this.seen.add("blocked");
			await(this.release);
		}).build()).join();
		broker.lastConnection().send(Reply.publish("block", "x"));
		Awaitility.await().until(() -> this.seen.contains("blocked"));
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static MqttListenerContainer container(ListenerApp app) {
		return Objects.requireNonNull(app.registry().getListenerContainer("listener"));
	}

	static class Listener {

		private List<String> seen = new CopyOnWriteArrayList<>();

		@MqttListener(id = "listener", topics = "listener/#", qos = 1)
		void on(String text) {
			this.seen.add(text);
		}

	}

}
