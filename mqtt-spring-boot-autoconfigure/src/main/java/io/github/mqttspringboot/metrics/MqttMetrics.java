package io.github.mqttspringboot.metrics;

import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ClientStatistics;
import io.github.mqttspringboot.client.ManagedMqttClient;

/**
 * Meters of an MQTT client. They read the client's own counts, so that nothing is missed
 * before they are bound and nothing is counted twice.
 *
 * @since 0.1.0
 */
public class MqttMetrics implements MeterBinder {

	private final ManagedMqttClient client;

	/**
	 * Create the binder.
	 * @param client the client
	 */
	public MqttMetrics(ManagedMqttClient client) {
		this.client = client;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Tags tags = Tags.of("client", this.client.name());
		Gauge.builder("mqtt.client.connected", this.client, (client) -> isConnected(client) ? 1 : 0)
			.description("Whether the server has accepted the connection: 1, or else 0")
			.tags(tags)
			.register(registry);
		ClientStatistics statistics = this.client.statistics();
		FunctionCounter.builder("mqtt.client.events.dropped", statistics, ClientStatistics::droppedEvents)
			.description("Rejection events that were dropped because listeners were too slow")
			.tags(tags)
			.register(registry);
		inbound(registry, tags, statistics);
		bind(registry, tags, "mqtt.client.errors", "Failures, by what they meant for the connection",
				statistics.errors());
		bind(registry, tags, "mqtt.client.reconnects", "Reconnects, by the failure that ended the connection before",
				statistics.reconnects());
	}

	private static void inbound(MeterRegistry registry, Tags tags, ClientStatistics statistics) {
		Gauge.builder("mqtt.listener.queued", statistics, ClientStatistics::queuedMessages)
			.description("Messages that are with listeners: handed over, and not ended")
			.tags(tags)
			.register(registry);
		FunctionCounter.builder("mqtt.listener.dropped", statistics, ClientStatistics::droppedMessages)
			.description("QoS 0 messages that were dropped because listeners were too slow")
			.tags(tags)
			.register(registry);
		Gauge
			.builder("mqtt.client.inbound.unacknowledged.age", statistics,
					(counts) -> counts.unacknowledgedAge().toNanos() / 1e9)
			.description("Time that the oldest received message has waited for its acknowledgement")
			.baseUnit("seconds")
			.tags(tags)
			.register(registry);
	}

	private static boolean isConnected(ManagedMqttClient client) {
		return client.state() == ClientState.CONNECTED;
	}

	private static void bind(MeterRegistry registry, Tags tags, String name, String description,
			ClientStatistics.Series series) {
		series.observe((key, count) -> FunctionCounter.builder(name, count, LongAdder::sum)
			.description(description)
			.tags(tags.and("error.class", key.errorClass().label(), "packet", key.packet(), "reason", key.reason()))
			.register(registry));
	}

}
