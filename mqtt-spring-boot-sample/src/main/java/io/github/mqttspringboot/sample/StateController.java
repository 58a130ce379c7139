package io.github.mqttspringboot.sample;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import io.github.mqttspringboot.client.ConnectionInfo;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.Printable;

/**
 * The state of the client and of the embedded broker in one small document.
 */
@RestController
class StateController {

	private final ManagedMqttClient client;

	private final EmbeddedBroker broker;

	StateController(ManagedMqttClient client, EmbeddedBroker broker) {
		this.client = client;
		this.broker = broker;
	}

	@GetMapping("/api/state")
	State state() {
		ConnectionInfo connection = this.client.connection();
		return new State(this.client.state().name(), connection.server(), connection.clientId(), connection.since(),
				connection.sessionPresent(), this.client.statistics().connections(),
				this.client.statistics().reconnects().total(),
				this.client.statistics().errors().total(ErrorClass.RECOVERABLE),
				this.client.subscriptions().stream().map(Subscription::of).toList(),
				this.client.incidents().stream().findFirst().map(MqttIncident::toString).orElse(null),
				new Broker(this.broker.isRunning(), this.broker.port()));
	}

	/**
	 * The state of the client.
	 *
	 * @param state its state
	 * @param server where it is connected to, {@code null} if it is not
	 * @param clientId the client identifier
	 * @param since when the connection was accepted, {@code null} if there is none
	 * @param sessionPresent whether the broker had kept the session
	 * @param networkConnections connections that were accepted so far
	 * @param reconnects those of them that followed a lost one
	 * @param rejections operations that failed while the connection stayed
	 * @param subscriptions the subscriptions
	 * @param lastIncident the last thing that went wrong, {@code null} if nothing did
	 * @param broker the embedded broker
	 */
	record State(String state, @Nullable String server, String clientId, @Nullable Instant since,
			boolean sessionPresent, long networkConnections, long reconnects, long rejections,
			List<Subscription> subscriptions, @Nullable String lastIncident, Broker broker) {

	}

	/**
	 * A subscription.
	 *
	 * @param filter the topic filter, with control characters escaped
	 * @param state the state
	 * @param grantedQos the granted QoS, -1 unless active
	 * @param reason why it was refused, {@code null} unless it was
	 */
	record Subscription(String filter, String state, int grantedQos, @Nullable String reason) {

		static Subscription of(SubscriptionStatus status) {
			return new Subscription(Printable.escape(status.filter()), status.state().name(), status.grantedQos(),
					(status.failure() != null) ? status.failure().toString() : null);
		}

	}

	/**
	 * The embedded broker.
	 *
	 * @param running whether it runs
	 * @param port its port on 127.0.0.1
	 */
	record Broker(boolean running, int port) {

	}

}
