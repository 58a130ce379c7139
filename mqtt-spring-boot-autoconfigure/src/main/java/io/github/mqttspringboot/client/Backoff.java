package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.error.ErrorClass;

/**
 * The delays between attempts to connect: full jitter over an exponentially growing range
 * above a floor, by class of the failure.
 */
final class Backoff {

	private final Reconnect settings;

	private final RandomGenerator random;

	private int failures;

	private boolean spread;

	Backoff(Reconnect settings, RandomGenerator random) {
		this.settings = settings;
		this.random = random;
	}

	/**
	 * A connection has proven stable: the next delay is the first again.
	 */
	void reset() {
		this.failures = 0;
		this.spread = true;
	}

	/**
	 * Return the delay before the next attempt.
	 * @param errorClass the class of the last failure
	 * @return the delay
	 */
	Duration next(ErrorClass errorClass) {
		boolean throttled = errorClass != ErrorClass.RECONNECT;
		boolean first = this.spread;
		this.spread = false;
		if (first && !throttled) {
			return uniform(this.settings.initialSpread().toNanos());
		}
		Duration floor = (throttled) ? this.settings.throttledFloor() : this.settings.floor();
		Duration base = (throttled) ? this.settings.throttledFloor() : this.settings.baseDelay();
		Duration max = (throttled) ? this.settings.throttledMaxDelay() : this.settings.maxDelay();
		double grown = base.toNanos() * Math.pow(this.settings.multiplier(), this.failures++);
		long range = (long) Math.min(Math.max(0, max.minus(floor).toNanos()), grown);
		return floor.plus(uniform(range));
	}

	/**
	 * Return the time until a client that has failed probes whether it may connect again.
	 * @return half to one and a half of the probe interval
	 */
	Duration probe() {
		Duration interval = this.settings.probeInterval();
		return interval.dividedBy(2).plus(uniform(interval.toNanos()));
	}

	private Duration uniform(long range) {
		return (range > 0) ? Duration.ofNanos(this.random.nextLong(range + 1)) : Duration.ZERO;
	}

}
