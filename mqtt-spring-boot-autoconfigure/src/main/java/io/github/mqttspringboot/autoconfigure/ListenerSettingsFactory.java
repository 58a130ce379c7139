package io.github.mqttspringboot.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.StringUtils;

import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.listener.MqttListenerSettings;
import io.github.mqttspringboot.packet.Topics;

/**
 * Makes {@link MqttListenerSettings} of {@link MqttClientProperties.Listener}, and
 * refuses values that make no sense.
 */
final class ListenerSettingsFactory {

	/** Nobody is helped by asking a server again and again without a pause. */
	private static final Duration MIN_RECOVERY_DELAY = Duration.ofMillis(100);

	private final PropertyChecks checks;

	ListenerSettingsFactory(String prefix) {
		this.checks = new PropertyChecks(prefix + ".listener");
	}

	MqttListenerSettings create(MqttClientProperties.Listener properties) {
		MqttClientProperties.Listener.Retry retry = properties.getRetry();
		int maxAttempts = this.checks.range("retry.max-attempts", retry.getMaxAttempts(), 1, Integer.MAX_VALUE);
		Duration delay = this.checks.notNegative("retry.delay", retry.getDelay());
		double multiplier = this.checks.atLeastOne("retry.multiplier", retry.getMultiplier());
		Duration maxDelay = this.checks.notBelow("retry.max-delay",
				this.checks.positive("retry.max-delay", retry.getMaxDelay()), "retry.delay", delay);
		RetryPolicy policy = RetryPolicy.builder()
			.maxRetries(maxAttempts - 1)
			.delay(delay)
			.multiplier(multiplier)
			.maxDelay(maxDelay)
			.build();
		return new MqttListenerSettings(properties.isAutoStartup(),
				this.checks.range("concurrency", properties.getConcurrency(), 1, MqttListenerSettings.MAX_CONCURRENCY),
				properties.getAckMode(), policy,
				MqttListenerSettings.endless(atLeast(delay), multiplier, atLeast(maxDelay)),
				topic(properties.getDeadLetterTopic()),
				this.checks.notNegative("shutdown-timeout", properties.getShutdownTimeout()),
				this.checks.range("queue-capacity", properties.getQueueCapacity(), 1, Integer.MAX_VALUE));
	}

	private static Duration atLeast(Duration delay) {
		return (delay.compareTo(MIN_RECOVERY_DELAY) < 0) ? MIN_RECOVERY_DELAY : delay;
	}

	private @Nullable String topic(@Nullable String topic) {
		if (!StringUtils.hasText(topic)) {
			return null;
		}
		String problem = Topics.checkName(topic);
		if (problem != null) {
			throw this.checks.invalid("dead-letter-topic", Printable.escape(topic),
					"It is not a topic name: the " + problem + ".", "Use a topic name without wildcards.");
		}
		return topic;
	}

}
