package io.github.mqttspringboot.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ThreadWatchTests {

	@Test
	void namesThreadsThatWereStartedSinceAndMatch() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		Thread old = start("watched-old", end);
		ThreadWatch watch = ThreadWatch.on("^watched-");
		Thread other = start("unwatched", end);
		watch.assertGone();
		Thread left = start("watched-left", end);
		assertThat(watch.started()).containsExactly("watched-left");
		assertThatExceptionOfType(ConditionTimeoutException.class)
			.isThrownBy(() -> watch.assertGone(Duration.ofMillis(200)))
			.withMessageContaining("watched-left");
		end.countDown();
		watch.assertGone();
		for (Thread thread : new Thread[] { old, other, left }) {
			thread.join();
		}
	}

	private static Thread start(String name, CountDownLatch end) {
		Thread thread = new Thread(() -> {
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

}
