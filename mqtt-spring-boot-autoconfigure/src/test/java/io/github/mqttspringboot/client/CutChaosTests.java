package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;
import io.github.mqttspringboot.testing.TcpProxy;
import io.github.mqttspringboot.testing.ThreadWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The link under load, cut at random points of a packet. Run with other numbers as
 * {@code docs/testing.md} says.
 */
class CutChaosTests {

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt|chaos|tcp-proxy");

	private final Random random = new Random(ChaosSettings.SEED);

	@AfterEach
	void noThreadIsLeft() {
		this.threads.assertGone();
	}

	@Test
	@RequiresMosquitto
	void cutsLoseAndDoubleNothingOnMosquitto() {
		try (MosquittoBroker broker = MosquittoBroker.builder()
			.config("max_queued_messages 1000000", "max_inflight_messages 100")
			.start()) {
			try (ChaosScene scene = new ChaosScene(broker.port())) {
				cut(scene);
				scene.assertNoQos2MessageCameTwice();
				scene.assertWindowIsBack();
			}
		}
	}

	/**
	 * Artemis sometimes stores a QoS 2 message twice that is sent again while it still
	 * deals with the link before. Only that the client doubles none can be asked for.
	 */
	@Test
	void cutsLoseNothingOnArtemisAndTheClientDoublesNothing() {
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous()) {
			try (ChaosScene scene = new ChaosScene(broker.port())) {
				cut(scene);
				scene.assertWindowIsBack();
			}
		}
	}

	private void cut(ChaosScene scene) {
		while (scene.proxy.linkCount() <= ChaosSettings.CUTS) {
			long connections = scene.publisher.client.statistics().connections();
			Fault fault = Fault.values()[this.random.nextInt(Fault.values().length)];
			fault.strike(scene, this.random);
			scene.awaitRecovery(connections);
		}
		for (int i = 0; i <= ChaosSettings.CUTS / 2; i++) {
			long connections = scene.publisher.client.statistics().connections();
			scene.load.burst(this.random.nextInt(500));
			scene.reconnect();
			scene.awaitRecovery(connections);
		}
		scene.settle();
		System.out.printf("%d links cut or left, seed %d: %s%n", scene.proxy.linkCount() - 1, ChaosSettings.SEED,
				scene);
		scene.assertNothingAcknowledgedIsLost();
		scene.assertTheClientDoublesNothing();
		scene.assertReconnectsAreCounted();
		scene.assertNoErrorOfTheClient();
		assertThat(scene.load.failures()).isEmpty();
	}

	/**
	 * What happens to the link.
	 */
	private enum Fault {

		RESET {

			@Override
			void strike(ChaosScene scene, Random random) {
				scene.proxy.cutAfter(random.nextInt(3000), TcpProxy.Ending.RESET);
			}

		},

		CLOSE {

			@Override
			void strike(ChaosScene scene, Random random) {
				scene.proxy.cutAfter(random.nextInt(3000), TcpProxy.Ending.CLOSE);
			}

		},

		HALF_CLOSE_TO_CLIENT {

			@Override
			void strike(ChaosScene scene, Random random) {
				scene.proxy.cutAfter(random.nextInt(3000), TcpProxy.Ending.HALF_CLOSE_TO_CLIENT);
			}

		},

		HALF_CLOSE_TO_SERVER {

			@Override
			void strike(ChaosScene scene, Random random) {
				scene.proxy.cutAfter(random.nextInt(3000), TcpProxy.Ending.HALF_CLOSE_TO_TARGET);
			}

		},

		/** The server has it, and the client does not learn of it. */
		NO_ANSWERS {

			@Override
			void strike(ChaosScene scene, Random random) {
				scene.proxy.stallAnswers();
				awaitReceived(scene, 1 + random.nextInt(10));
				scene.proxy.cutAll();
				scene.proxy.resume();
			}

		},

		STALL {

			@Override
			void strike(ChaosScene scene, Random random) {
				scene.proxy.stall();
				awaitSent(scene, random.nextInt(50));
				scene.proxy.cutAll();
				scene.proxy.resume();
			}

		},

		SLOW {

			@Override
			void strike(ChaosScene scene, Random random) {
				scene.proxy.delay(Duration.ofMillis(1 + random.nextInt(20)));
				awaitSent(scene, random.nextInt(50));
				scene.proxy.cutAll();
				scene.proxy.delay(Duration.ZERO);
			}

		},

		/** Also the link that follows, in CONNECT, CONNACK or what is sent again. */
		TWICE {

			@Override
			void strike(ChaosScene scene, Random random) {
				TcpProxy.Ending[] endings = TcpProxy.Ending.values();
				scene.proxy.cutNextAfter(random.nextInt(200), endings[random.nextInt(endings.length)]);
				scene.proxy.cutAll();
			}

		},

		REFUSE {

			@Override
			void strike(ChaosScene scene, Random random) {
				scene.proxy.refuse();
				scene.proxy.cutAll();
				awaitSent(scene, random.nextInt(100));
				scene.proxy.listen();
			}

		};

		private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

		abstract void strike(ChaosScene scene, Random random);

		private static void awaitReceived(ChaosScene scene, int more) {
			int received = scene.load.received();
			awaitAWhile(() -> scene.load.received() >= received + more);
		}

		private static void awaitSent(ChaosScene scene, int more) {
			int sent = scene.load.sent();
			awaitAWhile(() -> scene.load.sent() >= sent + more);
		}

		/** In vain, if an earlier fault strikes the link meanwhile. */
		private static void awaitAWhile(BooleanSupplier condition) {
			long from = System.nanoTime();
			while (!condition.getAsBoolean() && System.nanoTime() - from < MOST_NANOS) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
			}
		}

	}

}
