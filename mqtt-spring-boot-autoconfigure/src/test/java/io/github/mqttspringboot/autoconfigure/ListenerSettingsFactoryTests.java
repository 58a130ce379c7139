package io.github.mqttspringboot.autoconfigure;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.backoff.BackOffExecution;

import io.github.mqttspringboot.listener.AckMode;
import io.github.mqttspringboot.listener.MqttListenerSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ListenerSettingsFactory}.
 */
class ListenerSettingsFactoryTests {

	@Test
	void theDefaultsAreThoseOfAFactoryOfTheApplication() {
		MqttListenerSettings settings = settings();
		MqttListenerSettings defaults = MqttListenerSettings.defaults();
		assertThat(settings.autoStartup()).isTrue().isEqualTo(defaults.autoStartup());
		assertThat(settings.concurrency()).isOne().isEqualTo(defaults.concurrency());
		assertThat(settings.ackMode()).isEqualTo(AckMode.AUTO).isEqualTo(defaults.ackMode());
		assertThat(settings.deadLetterTopic()).isNull();
		assertThat(settings.shutdownTimeout()).hasSeconds(30).isEqualTo(defaults.shutdownTimeout());
		assertThat(settings.receiptCapacity()).isEqualTo(1000).isEqualTo(defaults.receiptCapacity());
		assertDelays(settings.retryPolicy().getBackOff().start(), 1000, 2000, BackOffExecution.STOP);
		assertDelays(defaults.retryPolicy().getBackOff().start(), 1000, 2000, BackOffExecution.STOP);
	}

	@Test
	void thePropertiesAreTheSettings() {
		MqttListenerSettings settings = settings("auto-startup=false", "concurrency=7", "ack-mode=on-receipt",
				"dead-letter-topic=dead", "shutdown-timeout=5s", "retry.max-attempts=5", "retry.delay=2s",
				"retry.multiplier=3", "retry.max-delay=10s");
		assertThat(settings.autoStartup()).isFalse();
		assertThat(settings.concurrency()).isEqualTo(7);
		assertThat(settings.ackMode()).isEqualTo(AckMode.ON_RECEIPT);
		assertThat(settings.deadLetterTopic()).isEqualTo("dead");
		assertThat(settings.shutdownTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertDelays(settings.retryPolicy().getBackOff().start(), 2000, 6000, 10_000, 10_000, BackOffExecution.STOP);
	}

	@Test
	void oneAttemptIsNoRetry() {
		assertDelays(settings("retry.max-attempts=1").retryPolicy().getBackOff().start(), BackOffExecution.STOP);
	}

	@Test
	void aRecovererIsAskedAgainWithoutEndAndNotWithoutAPause() {
		BackOffExecution backOff = settings("retry.delay=0s", "retry.max-delay=400ms").recoveryBackOff().start();
		assertDelays(backOff, 100, 200, 400, 400, 400);
		for (int i = 0; i < 10_000; i++) {
			assertThat(backOff.nextBackOff()).isEqualTo(400);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "concurrency=0|mqtt.listener.concurrency|from 1 to 10000",
					"retry.max-attempts=0|mqtt.listener.retry.max-attempts|from 1",
					"retry.delay=-1s|mqtt.listener.retry.delay|positive duration",
					"retry.multiplier=0.5|mqtt.listener.retry.multiplier|at least 1",
					"retry.max-delay=500ms|mqtt.listener.retry.max-delay|shorter than mqtt.listener.retry.delay",
					"shutdown-timeout=-1s|mqtt.listener.shutdown-timeout|positive duration",
					"dead-letter-topic=a/#|mqtt.listener.dead-letter-topic|without wildcards" })
	void aBadValueIsRefusedWithTheNameOfItsProperty(String property, String name, String words) {
		assertThatExceptionOfType(InvalidMqttPropertyException.class).isThrownBy(() -> settings(property))
			.withMessageContaining(words)
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo(name));
	}

	private static void assertDelays(BackOffExecution backOff, long... delays) {
		for (long delay : delays) {
			assertThat(backOff.nextBackOff()).isEqualTo(delay);
		}
	}

	private static MqttListenerSettings settings(String... properties) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource();
		for (String property : properties) {
			int end = property.indexOf('=');
			source.put("mqtt.listener." + property.substring(0, end), property.substring(end + 1));
		}
		MqttProperties bound = new Binder(source).bindOrCreate("mqtt", Bindable.of(MqttProperties.class));
		return new ListenerSettingsFactory("mqtt").create(bound.getListener());
	}

}
