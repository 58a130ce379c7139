package io.github.mqttspringboot.listener;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOffExecution;

/**
 * What a retry policy allows for one message, from its first failure on.
 */
final class Retries {

	private final RetryPolicy policy;

	private final BackOffExecution backOff;

	private final long start = System.nanoTime();

	Retries(RetryPolicy policy) {
		this.policy = policy;
		this.backOff = policy.getBackOff().start();
	}

	/**
	 * Return when to try again.
	 * @param cause why the last attempt failed
	 * @return the delay in milliseconds, {@link BackOffExecution#STOP} for never
	 */
	long next(Throwable cause) {
		if (!this.policy.shouldRetry(cause)) {
			return BackOffExecution.STOP;
		}
		long delay = this.backOff.nextBackOff();
		long timeout = this.policy.getTimeout().toMillis();
		long elapsed = (System.nanoTime() - this.start) / 1_000_000;
		return (timeout > 0 && delay != BackOffExecution.STOP && elapsed + delay > timeout) ? BackOffExecution.STOP
				: delay;
	}

}
