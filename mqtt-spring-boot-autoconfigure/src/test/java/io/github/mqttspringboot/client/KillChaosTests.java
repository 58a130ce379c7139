package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;
import io.github.mqttspringboot.testing.SyncingBroker;
import io.github.mqttspringboot.testing.ThreadWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The broker killed under load. Run with other numbers as {@code docs/testing.md} says.
 */
class KillChaosTests {

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt|chaos|tcp-proxy");

	private final Random random = new Random(ChaosSettings.SEED);

	@AfterEach
	void noThreadIsLeft() {
		this.threads.assertGone();
	}

	/** What the next test relies on. */
	@Test
	void theBrokerSyncsBeforeItAcknowledges() {
		Queue<String> received = new ConcurrentLinkedQueue<>();
		List<String> sent = new ArrayList<>();
		try (SyncingBroker broker = SyncingBroker.startEmpty();
				LiveClient subscriber = live(broker, "subscriber").connect();
				LiveClient publisher = live(broker, "publisher").connect()) {
			subscriber.client
				.subscribe(SubscribeRequest.to("kept")
					.qos(1)
					.handler((message) -> received.add(new String(message.payload())))
					.build())
				.join();
			subscriber.client.stop();
			long syncs = broker.syncs();
			for (int i = 0; i < 20; i++) {
				String payload = "message-%d-kept".formatted(i);
				assertThat(broker.isInJournal(payload)).isFalse();
				publisher.client.publish(PublishRequest.to("kept").payload(payload).qos(1 + i % 2).build()).join();
				assertThat(broker.isInJournal(payload)).isTrue();
				sent.add(payload);
			}
			ChaosScene.await(() -> assertThat(broker.syncs() - syncs).isGreaterThanOrEqualTo(sent.size()));
			sent.add("last");
			publisher.client.publish(PublishRequest.to("kept").payload("last").qos(1).build()).join();
			broker.kill();
			broker.start();
			subscriber.connect();
			ChaosScene.await(() -> assertThat(received).containsExactlyInAnyOrderElementsOf(sent));
		}
	}

	/**
	 * After a restart Artemis says Session Present, but has forgotten which QoS 2
	 * messages it had sent, and sends them as new ones: that the client itself doubles
	 * none is what can be asked for.
	 */
	@Test
	void killsOfABrokerThatSyncsLoseNothing() {
		try (SyncingBroker broker = SyncingBroker.startEmpty(); ChaosScene scene = new ChaosScene(broker.port())) {
			for (int kill = 0; kill < ChaosSettings.KILLS; kill++) {
				long connections = scene.publisher.client.statistics().connections();
				awaitAWhile();
				broker.kill();
				broker.start();
				scene.awaitRecovery(connections);
				scene.awaitCaughtUp();
			}
			scene.settle();
			System.out.printf("Artemis killed %d times, seed %d: %s%n", ChaosSettings.KILLS, ChaosSettings.SEED, scene);
			scene.assertNothingAcknowledgedIsLost();
			scene.assertTheClientDoublesNothing();
			scene.assertReconnectsAreCounted();
			scene.assertNoErrorOfTheClient();
			assertThat(scene.load.failures()).allMatch(MqttSessionLostException.class::isInstance);
			scene.assertWindowIsBack();
		}
	}

	/** Mosquitto acknowledges before it persists: what it loses is its own. */
	@Test
	@RequiresMosquitto
	void killsOfMosquittoLeaveNoOpenFutureAndExactCounts() {
		try (MosquittoBroker broker = MosquittoBroker.builder()
			.persistence()
			.config("max_queued_messages 1000000", "max_inflight_messages 100", "autosave_interval 1")
			.start(); ChaosScene scene = new ChaosScene(broker.port())) {
			for (int kill = 0; kill < ChaosSettings.MOSQUITTO_KILLS; kill++) {
				long connections = scene.publisher.client.statistics().connections();
				awaitAWhile();
				broker.kill();
				broker.start();
				scene.awaitRecovery(connections);
				scene.awaitCaughtUp();
			}
			scene.settle();
			System.out.printf("Mosquitto killed %d times, seed %d: %s%n", ChaosSettings.MOSQUITTO_KILLS,
					ChaosSettings.SEED, scene);
			scene.assertTheClientDoublesNothing();
			scene.assertReconnectsAreCounted();
			scene.assertNoErrorOfTheClient();
			assertThat(scene.load.failures()).allMatch(MqttSessionLostException.class::isInstance);
			scene.assertWindowIsBack();
		}
	}

	private void awaitAWhile() {
		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(this.random.nextInt(400)));
	}

	private static LiveClient live(SyncingBroker broker, String clientId) {
		return new LiveClient(broker.uri(), (config) -> {
			config.clientId = clientId;
			config.cleanStart = false;
		});
	}

}
