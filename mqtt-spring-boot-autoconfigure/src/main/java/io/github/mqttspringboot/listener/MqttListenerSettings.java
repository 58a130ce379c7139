package io.github.mqttspringboot.listener;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * How listeners are set up that do not say it themselves. The names are those of the
 * {@code mqtt.listener} properties.
 *
 * @param autoStartup whether listeners start with the application context
 * @param concurrency how many messages of one listener are processed at the same time, 1
 * or more
 * @param ackMode when messages are acknowledged
 * @param retryPolicy how often, and when, a failed listener is called again
 * @param recoveryBackOff when a recoverer that could not publish is asked again; if it
 * ends, the message is acknowledged without
 * @param deadLetterTopic where messages go that could not be processed, {@code null} for
 * nowhere
 * @param shutdownTimeout how long a stop waits for what is under way
 * @param receiptCapacity how many messages wait in one lane before acknowledging on
 * receipt waits too, 1 or more
 * @since 0.1.0
 */
public record MqttListenerSettings(boolean autoStartup, int concurrency, AckMode ackMode, RetryPolicy retryPolicy,
		BackOff recoveryBackOff, @Nullable String deadLetterTopic, Duration shutdownTimeout, int receiptCapacity) {

	/** The most messages of one listener that may be processed at the same time. */
	public static final int MAX_CONCURRENCY = 10_000;

	/** How many messages wait in a lane that acknowledges on receipt. */
	public static final int DEFAULT_RECEIPT_CAPACITY = 1000;

	public MqttListenerSettings {
		if (concurrency < 1 || receiptCapacity < 1) {
			throw new IllegalArgumentException("'concurrency' and 'receiptCapacity' must be 1 or more, but are "
					+ concurrency + " and " + receiptCapacity);
		}
	}

	/**
	 * Return the defaults: start, one message at a time, acknowledged when processed, 3
	 * attempts with 1 and 2 seconds between them, no dead-letter topic.
	 * @return the settings
	 */
	public static MqttListenerSettings defaults() {
		Duration delay = Duration.ofSeconds(1);
		Duration maxDelay = Duration.ofSeconds(30);
		return new MqttListenerSettings(true, 1, AckMode.AUTO,
				RetryPolicy.builder().maxRetries(2).delay(delay).multiplier(2).maxDelay(maxDelay).build(),
				endless(delay, 2, maxDelay), null, Duration.ofSeconds(30), DEFAULT_RECEIPT_CAPACITY);
	}

	/**
	 * Return a backoff that does not end.
	 * @param delay the first delay
	 * @param multiplier by what each delay is longer than the one before, 1 or more
	 * @param maxDelay the longest delay
	 * @return the backoff
	 */
	public static BackOff endless(Duration delay, double multiplier, Duration maxDelay) {
		ExponentialBackOff backOff = new ExponentialBackOff(delay.toMillis(), multiplier);
		backOff.setMaxInterval(maxDelay.toMillis());
		return backOff;
	}

	/**
	 * Return the same settings with another dead-letter topic.
	 * @param deadLetterTopic the topic name, {@code null} for none
	 * @return the settings
	 */
	public MqttListenerSettings withDeadLetterTopic(@Nullable String deadLetterTopic) {
		return new MqttListenerSettings(this.autoStartup, this.concurrency, this.ackMode, this.retryPolicy,
				this.recoveryBackOff, deadLetterTopic, this.shutdownTimeout, this.receiptCapacity);
	}

	/**
	 * Return the same settings with another retry policy.
	 * @param retryPolicy the policy
	 * @return the settings
	 */
	public MqttListenerSettings withRetryPolicy(RetryPolicy retryPolicy) {
		return new MqttListenerSettings(this.autoStartup, this.concurrency, this.ackMode, retryPolicy,
				this.recoveryBackOff, this.deadLetterTopic, this.shutdownTimeout, this.receiptCapacity);
	}

	/**
	 * Return the same settings with another mode of acknowledgement.
	 * @param ackMode the mode
	 * @return the settings
	 */
	public MqttListenerSettings withAckMode(AckMode ackMode) {
		return new MqttListenerSettings(this.autoStartup, this.concurrency, ackMode, this.retryPolicy,
				this.recoveryBackOff, this.deadLetterTopic, this.shutdownTimeout, this.receiptCapacity);
	}

	/**
	 * Return the same settings with another concurrency.
	 * @param concurrency the concurrency, 1 or more
	 * @return the settings
	 */
	public MqttListenerSettings withConcurrency(int concurrency) {
		return new MqttListenerSettings(this.autoStartup, concurrency, this.ackMode, this.retryPolicy,
				this.recoveryBackOff, this.deadLetterTopic, this.shutdownTimeout, this.receiptCapacity);
	}

	/**
	 * Return the same settings with another decision on the start.
	 * @param autoStartup whether listeners start with the application context
	 * @return the settings
	 */
	public MqttListenerSettings withAutoStartup(boolean autoStartup) {
		return new MqttListenerSettings(autoStartup, this.concurrency, this.ackMode, this.retryPolicy,
				this.recoveryBackOff, this.deadLetterTopic, this.shutdownTimeout, this.receiptCapacity);
	}

}
