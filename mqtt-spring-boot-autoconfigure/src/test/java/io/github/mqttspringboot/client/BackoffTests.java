package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.TestClient.Config;
import io.github.mqttspringboot.error.ErrorClass;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Backoff}.
 */
class BackoffTests {

	private final Reconnect settings = new Config().reconnect;

	@Test
	void theRangeDoublesFromTheBaseToTheMaximumAboveTheFloor() {
		Backoff longest = new Backoff(this.settings, new Edge(true));
		List<Duration> delays = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			delays.add(longest.next(ErrorClass.RECONNECT));
		}
		assertThat(delays).map(Duration::toMillis)
			.containsExactly(1250L, 2250L, 4250L, 8250L, 16_250L, 32_250L, 64_250L, 120_000L, 120_000L);
	}

	@Test
	void theWholeRangeIsUsed() {
		Backoff shortest = new Backoff(this.settings, new Edge(false));
		for (int i = 0; i < 9; i++) {
			assertThat(shortest.next(ErrorClass.RECONNECT)).isEqualTo(Duration.ofMillis(250));
		}
		List<Long> delays = new ArrayList<>();
		for (long seed = 0; seed < 1000; seed++) {
			delays.add(new Backoff(this.settings, new Random(seed * 7919)).next(ErrorClass.RECONNECT).toMillis());
		}
		for (long from = 250; from < 1250; from += 100) {
			long low = from;
			assertThat(delays).filteredOn((delay) -> delay >= low && delay <= low + 100).hasSizeGreaterThan(50);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "THROTTLED", "REDIRECT" })
	void throttledDelaysHaveTheirOwnFloorAndMaximum(ErrorClass errorClass) {
		Backoff shortest = new Backoff(this.settings, new Edge(false));
		assertThat(shortest.next(errorClass)).isEqualTo(Duration.ofSeconds(30));
		Backoff longest = new Backoff(this.settings, new Edge(true));
		List<Duration> delays = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			delays.add(longest.next(errorClass));
		}
		assertThat(delays).map(Duration::toSeconds).containsExactly(60L, 90L, 150L, 270L, 510L, 600L);
	}

	@Test
	void theFirstDelayAfterAStableConnectionIsSpreadOverTheInitialSpread() {
		Backoff longest = new Backoff(this.settings, new Edge(true));
		for (int i = 0; i < 5; i++) {
			longest.next(ErrorClass.RECONNECT);
		}
		longest.reset();
		assertThat(longest.next(ErrorClass.RECONNECT)).isEqualTo(Duration.ofSeconds(2));
		assertThat(longest.next(ErrorClass.RECONNECT)).isEqualTo(Duration.ofMillis(1250));
		Backoff shortest = new Backoff(this.settings, new Edge(false));
		shortest.reset();
		assertThat(shortest.next(ErrorClass.RECONNECT)).isZero();
	}

	@Test
	void aThrottledDelayKeepsItsFloorAfterAStableConnection() {
		Backoff shortest = new Backoff(this.settings, new Edge(false));
		shortest.reset();
		assertThat(shortest.next(ErrorClass.THROTTLED)).isEqualTo(Duration.ofSeconds(30));
		assertThat(shortest.next(ErrorClass.RECONNECT)).isEqualTo(Duration.ofMillis(250));
	}

	@Test
	void thousandsOfFailuresStayWithinTheMaximum() {
		Backoff longest = new Backoff(this.settings, new Edge(true));
		for (int i = 0; i < 5000; i++) {
			longest.next(ErrorClass.RECONNECT);
		}
		assertThat(longest.next(ErrorClass.RECONNECT)).isEqualTo(Duration.ofMinutes(2));
	}

	@Test
	void aMaximumBelowTheFloorMeansTheFloor() {
		Reconnect reconnect = new Reconnect(Duration.ofSeconds(1), 2, Duration.ofMillis(100), Duration.ofMillis(250),
				Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(2), Duration.ofSeconds(30), 0,
				Duration.ZERO);
		assertThat(new Backoff(reconnect, new Edge(true)).next(ErrorClass.RECONNECT)).isEqualTo(Duration.ofMillis(250));
	}

	/**
	 * Answers the edges of a range.
	 *
	 * @param upper whether the upper one
	 */
	private record Edge(boolean upper) implements RandomGenerator {

		@Override
		public long nextLong() {
			throw new UnsupportedOperationException();
		}

		@Override
		public long nextLong(long bound) {
			return (this.upper) ? bound - 1 : 0;
		}

	}

}
