package io.github.mqttspringboot.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ClientStatistics;
import io.github.mqttspringboot.client.ClientStatistics.AttemptOutcome;
import io.github.mqttspringboot.client.ClientStatistics.Direction;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.SubscriptionStatus;

/**
 * Meters of an MQTT client. They read the client's own counts, so that nothing is missed
 * before they are bound and nothing is counted twice. Thread-safe.
 *
 * @since 0.1.0
 */
public class MqttMetrics implements MeterBinder, AutoCloseable {

	private static final String MESSAGES = "messages";

	private final ManagedMqttClient client;

	// Registries do not keep alive what they measure
	private final ClientStatistics statistics;

	private final Tags tags;

	private final List<BoundMeters> bound = new ArrayList<>();

	/**
	 * Create the binder.
	 * @param client the client
	 */
	public MqttMetrics(ManagedMqttClient client) {
		this.client = client;
		this.statistics = client.statistics();
		this.tags = Tags.of("client", client.name());
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		BoundMeters meters = new BoundMeters(registry);
		connection(meters);
		outbound(meters);
		inbound(meters);
		subscriptions(meters);
		counter(meters, "mqtt.client.events.dropped", null,
				"Rejection events that were dropped because listeners were too slow", Tags.empty(),
				ClientStatistics::droppedEvents);
		series(meters, "mqtt.client.errors", "errors", "Failures, by what they meant for the connection",
				this.statistics.errors());
		series(meters, "mqtt.client.reconnects", "reconnects",
				"Reconnects, by the failure that ended the connection before", this.statistics.reconnects());
		synchronized (this.bound) {
			this.bound.add(meters);
		}
	}

	/**
	 * Take the meters out of all registries that they were bound to.
	 */
	@Override
	public void close() {
		List<BoundMeters> all;
		synchronized (this.bound) {
			all = List.copyOf(this.bound);
			this.bound.clear();
		}
		all.forEach(BoundMeters::remove);
	}

	private void connection(BoundMeters meters) {
		meters.add((registry) -> Gauge
			.builder("mqtt.client.connected", this.client,
					(client) -> (client.state() == ClientState.CONNECTED) ? 1 : 0)
			.description("Whether the server has accepted the connection: 1, or else 0")
			.tags(this.tags)
			.register(registry));
		meters.add((registry) -> TimeGauge
			.builder("mqtt.client.connection.uptime", this.client, TimeUnit.MILLISECONDS, MqttMetrics::uptime)
			.description("Time since the server has accepted the connection, 0 without one")
			.tags(this.tags)
			.register(registry));
		for (AttemptOutcome outcome : AttemptOutcome.values()) {
			counter(meters, "mqtt.client.connection.attempts", "attempts",
					"Attempts to connect, each server that was tried for one, by how they ended",
					Tags.of("outcome", outcome.label()), (statistics) -> statistics.attempts(outcome));
		}
	}

	private static double uptime(ManagedMqttClient client) {
		Instant since = client.connection().since();
		return (since != null) ? Math.max(0, Duration.between(since, Instant.now()).toMillis()) : 0;
	}

	private void outbound(BoundMeters meters) {
		gauge(meters, "mqtt.client.in.flight", "Publishes of QoS 1 and 2 that were sent and are not acknowledged",
				ClientStatistics::inFlight);
		gauge(meters, "mqtt.client.buffered",
				"Publishes that wait for a connection, or for room in the in-flight window",
				ClientStatistics::buffered);
		counter(meters, "mqtt.client.quarantined", null,
				"Messages and topic filters that were given up because they ended the connection each time",
				Tags.empty(), ClientStatistics::quarantined);
		for (Direction direction : Direction.values()) {
			for (int qos = 0; qos <= 2; qos++) {
				int wanted = qos;
				counter(meters, "mqtt.client.messages", MESSAGES, "Messages sent and received, each once",
						Tags.of("direction", direction.label(), "qos", Integer.toString(qos)),
						(statistics) -> statistics.messages(direction, wanted));
			}
		}
	}

	private void inbound(BoundMeters meters) {
		gauge(meters, "mqtt.listener.queued", "Messages that are with listeners: handed over, and not ended",
				ClientStatistics::queuedMessages);
		counter(meters, "mqtt.listener.dropped", MESSAGES,
				"QoS 0 messages that were dropped because listeners were too slow", Tags.empty(),
				ClientStatistics::droppedMessages);
		meters.add((registry) -> TimeGauge
			.builder("mqtt.client.inbound.unacknowledged.age", this.statistics, TimeUnit.NANOSECONDS,
					(statistics) -> statistics.unacknowledgedAge().toNanos())
			.description("Time that the oldest received message has waited for its acknowledgement")
			.tags(this.tags)
			.register(registry));
	}

	private void subscriptions(BoundMeters meters) {
		for (SubscriptionStatus.State state : SubscriptionStatus.State.values()) {
			meters.add((registry) -> Gauge
				.builder("mqtt.client.subscriptions", this.client, (client) -> subscriptions(client, state))
				.description("Topic filters that the client holds, by their state")
				.baseUnit("subscriptions")
				.tags(this.tags.and("state", state.name().toLowerCase(Locale.ROOT)))
				.register(registry));
		}
	}

	private static double subscriptions(ManagedMqttClient client, SubscriptionStatus.State state) {
		return client.subscriptions().stream().filter((subscription) -> subscription.state() == state).count();
	}

	private void gauge(BoundMeters meters, String name, String description, ToDoubleFunction<ClientStatistics> value) {
		meters.add((registry) -> Gauge.builder(name, this.statistics, value)
			.description(description)
			.baseUnit(MESSAGES)
			.tags(this.tags)
			.register(registry));
	}

	private void counter(BoundMeters meters, String name, @Nullable String unit, String description, Tags further,
			ToDoubleFunction<ClientStatistics> count) {
		meters.add((registry) -> FunctionCounter.builder(name, this.statistics, count)
			.description(description)
			.baseUnit(unit)
			.tags(this.tags.and(further))
			.register(registry));
	}

	private void series(BoundMeters meters, String name, String unit, String description,
			ClientStatistics.Series series) {
		meters.whenRemoved(series.observe((key,
				count) -> meters.add((registry) -> FunctionCounter.builder(name, count, LongAdder::sum)
					.description(description)
					.baseUnit(unit)
					.tags(this.tags.and("error.class", key.errorClass().label(), "packet", key.packet(), "reason",
							key.reason()))
					.register(registry))));
	}

}
