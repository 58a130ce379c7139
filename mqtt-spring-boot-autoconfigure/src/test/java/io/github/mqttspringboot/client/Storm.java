package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.error.ErrorClass;

/**
 * Many clients that lose one broker at one instant: their attempts in windows of 100 ms,
 * counted from the loss.
 */
final class Storm {

	static final int CLIENTS = 10_000;

	static final Duration WINDOW = Duration.ofMillis(100);

	/** Each client's first attempt. */
	final int[] first;

	final int[] all;

	final int[] accepted;

	Storm(Duration horizon) {
		int windows = (int) windows(horizon);
		this.first = new int[windows];
		this.all = new int[windows];
		this.accepted = new int[windows];
	}

	/**
	 * Drive the backoff of each client as the supervisor does.
	 * @param settings the reconnect settings
	 * @param outage what happens to the broker
	 * @param horizon how long to look
	 * @param seed the seed
	 * @return the attempts
	 */
	static Storm simulate(Reconnect settings, Outage outage, Duration horizon, long seed) {
		Storm storm = new Storm(horizon);
		for (RandomGenerator random : randoms(seed)) {
			Backoff backoff = new Backoff(settings, random);
			backoff.reset();
			long time = backoff.next(outage.loss).toNanos();
			boolean accepted = storm.attempt(outage, time, true);
			while (!accepted && time < horizon.toNanos()) {
				time += backoff.next(outage.refusal).toNanos();
				accepted = storm.attempt(outage, time, false);
			}
		}
		return storm;
	}

	/** What to compare with: 1 s, doubled at each failure, and nothing random. */
	static Storm withoutJitter(Outage outage, Duration horizon) {
		Storm storm = new Storm(horizon);
		for (int i = 0; i < CLIENTS; i++) {
			long delay = Duration.ofSeconds(1).toNanos();
			long time = delay;
			boolean accepted = storm.attempt(outage, time, true);
			while (!accepted && time < horizon.toNanos()) {
				delay *= 2;
				time += delay;
				accepted = storm.attempt(outage, time, false);
			}
		}
		return storm;
	}

	/**
	 * Count an attempt.
	 * @param outage what happens to the broker
	 * @param time when it is made, in nanoseconds since the loss
	 * @param isFirst whether it is the client's first
	 * @return whether the broker accepts it
	 */
	boolean attempt(Outage outage, long time, boolean isFirst) {
		boolean isAccepted = time >= outage.away.toNanos();
		int window = (int) (time / WINDOW.toNanos());
		if (window < this.all.length) {
			this.all[window]++;
			this.first[window] += (isFirst) ? 1 : 0;
			this.accepted[window] += (isAccepted) ? 1 : 0;
		}
		return isAccepted;
	}

	static RandomGenerator[] randoms(long seed) {
		SplittableRandom random = new SplittableRandom(seed);
		RandomGenerator[] randoms = new RandomGenerator[CLIENTS];
		Arrays.setAll(randoms, (i) -> random.split());
		return randoms;
	}

	static double windows(Duration duration) {
		return (double) duration.toNanos() / WINDOW.toNanos();
	}

	/** What comes in a window where all come evenly spread. */
	static double even(Duration spread) {
		return CLIENTS / windows(spread);
	}

	/**
	 * What happens to the broker.
	 *
	 * @param loss the class of the loss
	 * @param refusal the class of each attempt that fails
	 * @param away how long attempts fail
	 */
	record Outage(ErrorClass loss, ErrorClass refusal, Duration away) {

		/** A broker that cannot be reached. */
		static Outage gone(Duration away) {
			return new Outage(ErrorClass.RECONNECT, ErrorClass.RECONNECT, away);
		}

		/** A broker that sends its clients away because it is busy. */
		static Outage busy(Duration away) {
			return new Outage(ErrorClass.THROTTLED, ErrorClass.THROTTLED, away);
		}

		/** A broker that is lost, and back at once, but too busy. */
		static Outage lostThenBusy(Duration away) {
			return new Outage(ErrorClass.RECONNECT, ErrorClass.THROTTLED, away);
		}

	}

}
