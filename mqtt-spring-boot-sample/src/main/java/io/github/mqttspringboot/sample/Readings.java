package io.github.mqttspringboot.sample;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.core.MqttTemplate;

/**
 * What an application would do all day: it listens, and publishes a reading every second.
 */
@Component
class Readings {

	static final String TOPIC = "sample/reading";

	static final String FILTER = "sample/#";

	private static final Logger logger = LoggerFactory.getLogger(Readings.class);

	private final ManagedMqttClient client;

	private final MqttTemplate template;

	private final ClientEvents events;

	private final AtomicLong number = new AtomicLong();

	private final AtomicBoolean failing = new AtomicBoolean();

	Readings(ManagedMqttClient client, MqttTemplate template, ClientEvents events) {
		this.client = client;
		this.template = template;
		this.events = events;
	}

	/**
	 * Takes the readings, and all else below {@code sample}. The client restores the
	 * subscription after each reconnect.
	 * @param message the message
	 */
	@MqttListener(topics = FILTER, qos = 1)
	void received(ReceivedMessage message) {
		this.events.received(message);
	}

	@Scheduled(fixedRateString = "${sample.reading.interval:1s}")
	void publish() {
		// An old reading is worth nothing, so none waits for a connection
		if (this.client.state() != ClientState.CONNECTED) {
			return;
		}
		Reading reading = new Reading(this.number.incrementAndGet(),
				ThreadLocalRandom.current().nextInt(180, 230) / 10.0);
		this.template.publish(TOPIC, reading).whenComplete((result, ex) -> published(ex));
	}

	private void published(@Nullable Throwable ex) {
		boolean failed = (ex != null);
		if (this.failing.getAndSet(failed) != failed) {
			if (ex != null) {
				logger.warn("Readings do not arrive: {}", ex.getMessage());
			}
			else {
				logger.info("Readings arrive again");
			}
		}
	}

	/**
	 * A reading.
	 *
	 * @param number the number of the reading
	 * @param celsius the temperature
	 */
	record Reading(long number, double celsius) {

	}

}
