package io.github.mqttspringboot.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ConnectionInfo;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.ReconnectStatus;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;

/**
 * Health of an MQTT client, from its state only: it causes no traffic. A client that has
 * lost its connection stays UP for a while, so that a short reconnect does not take the
 * application out of its load balancer. Not for liveness: restarting the application does
 * not bring the server back.
 *
 * @since 0.1.0
 */
public class MqttHealthIndicator extends AbstractHealthIndicator {

	private final ManagedMqttClient client;

	private final Duration downAfter;

	private final Clock clock;

	/**
	 * Create the indicator.
	 * @param client the client
	 * @param downAfter how long a client that has lost its connection stays UP, zero or
	 * positive
	 */
	public MqttHealthIndicator(ManagedMqttClient client, Duration downAfter) {
		this(client, downAfter, Clock.systemUTC());
	}

	MqttHealthIndicator(ManagedMqttClient client, Duration downAfter, Clock clock) {
		super("MQTT health check failed");
		this.client = client;
		this.downAfter = downAfter;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		ClientState state;
		ReconnectStatus status;
		do {
			// two reads of a moving client: only a pair that belongs together counts
			state = this.client.state();
			status = this.client.reconnectStatus();
		}
		while (state != this.client.state());
		switch (state) {
			case CONNECTED -> connected(builder);
			case STOPPED, STOPPING -> builder.unknown();
			case FAILED -> failed(builder, status);
			case CONNECTING, WAITING -> connecting(builder, status);
		}
		builder.withDetail("state", state.name());
		List<String> rejected = rejectedSubscriptions();
		if (!rejected.isEmpty()) {
			builder.withDetail("rejectedSubscriptions", rejected);
		}
	}

	private void connected(Health.Builder builder) {
		ConnectionInfo connection = this.client.connection();
		builder.up();
		detail(builder, "server", connection.server());
		detail(builder, "since", connection.since());
	}

	private static void failed(Health.Builder builder, ReconnectStatus status) {
		builder.down();
		detail(builder, "kind", (status.fatalKind() != null) ? status.fatalKind().name() : null);
		detail(builder, "lastIncident", describe(status.lastIncident()));
		detail(builder, "nextAttempt", status.nextAttempt());
	}

	private void connecting(Health.Builder builder, ReconnectStatus status) {
		Instant lostSince = status.lostSince();
		// A probe of a client that has failed is no reconnect yet
		boolean grace = lostSince != null && status.fatalKind() == null
				&& Duration.between(lostSince, this.clock.instant()).compareTo(this.downAfter) < 0;
		builder.status(grace ? Status.UP : Status.DOWN);
		if (lostSince != null) {
			builder.withDetail("reconnecting", true);
			builder.withDetail("lostSince", lostSince);
		}
		detail(builder, "kind", (status.fatalKind() != null) ? status.fatalKind().name() : null);
		builder.withDetail("attempts", status.attempt());
		detail(builder, "lastIncident", describe(status.lastIncident()));
		detail(builder, "nextAttempt", status.nextAttempt());
	}

	private List<String> rejectedSubscriptions() {
		return this.client.subscriptions()
			.stream()
			.filter((subscription) -> subscription.state() == SubscriptionStatus.State.REJECTED)
			.map(MqttHealthIndicator::describe)
			.toList();
	}

	private static String describe(SubscriptionStatus subscription) {
		MqttFailure failure = subscription.failure();
		return Printable.escape(subscription.filter()) + ((failure != null) ? ": " + failure.title() : "");
	}

	private static @Nullable String describe(@Nullable MqttIncident incident) {
		return (incident != null) ? incident.toString() : null;
	}

	private static void detail(Health.Builder builder, String key, @Nullable Object value) {
		if (value != null) {
			builder.withDetail(key, value);
		}
	}

}
