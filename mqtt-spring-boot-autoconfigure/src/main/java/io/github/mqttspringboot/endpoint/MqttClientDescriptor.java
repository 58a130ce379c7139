package io.github.mqttspringboot.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ClientStatistics;
import io.github.mqttspringboot.client.ConnectionInfo;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.ReconnectStatus;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;

/**
 * Description of a client.
 *
 * @param state the state
 * @param server the server's URI, {@code null} if not connected
 * @param clientId the client identifier
 * @param since when the connection was accepted, {@code null} if not connected
 * @param session the session, {@code null} if not connected
 * @param limits the limits in force, {@code null} if not connected
 * @param reconnecting where the client stands without a connection, {@code null} while
 * connected or stopped
 * @param attempts the attempts to connect by outcome
 * @param connections how many connections were accepted
 * @param errors the failures by class
 * @param reconnects the reconnects by class of the failure that ended the connection
 * @param inFlight how many publishes of QoS 1 and 2 were sent and are not acknowledged
 * @param buffered how many publishes wait for a connection, or for room in the in-flight
 * window
 * @param queued how many received messages are with listeners
 * @param subscriptions the subscriptions
 * @param incidents the last incidents and rejections, newest first
 * @since 0.1.0
 */
public record MqttClientDescriptor(ClientState state, @Nullable String server, String clientId, @Nullable Instant since,
		@Nullable Session session, @Nullable Limits limits, @Nullable Reconnecting reconnecting,
		Map<String, Long> attempts, long connections, Map<String, Long> errors, Map<String, Long> reconnects,
		int inFlight, int buffered, long queued, List<Subscription> subscriptions,
		List<Incident> incidents) implements OperationResponseBody {

	static MqttClientDescriptor of(ManagedMqttClient client) {
		ConnectionInfo connection = client.connection();
		boolean connected = connection.since() != null;
		ClientStatistics statistics = client.statistics();
		ClientState state = client.state();
		return new MqttClientDescriptor(state, connection.server(), Printable.escape(connection.clientId()),
				connection.since(), connected ? new Session(connection.sessionPresent()) : null,
				connected ? Limits.of(connection.limits()) : null,
				isReconnecting(state) ? Reconnecting.of(client.reconnectStatus()) : null, byOutcome(statistics),
				statistics.connections(), byClass(statistics.errors()), byClass(statistics.reconnects()),
				statistics.inFlight(), statistics.buffered(), statistics.queuedMessages(),
				client.subscriptions().stream().map(Subscription::of).toList(),
				client.incidents().stream().map(Incident::of).toList());
	}

	private static boolean isReconnecting(ClientState state) {
		return state == ClientState.CONNECTING || state == ClientState.WAITING || state == ClientState.FAILED;
	}

	private static Map<String, Long> byOutcome(ClientStatistics statistics) {
		Map<String, Long> counts = new LinkedHashMap<>();
		for (ClientStatistics.AttemptOutcome outcome : ClientStatistics.AttemptOutcome.values()) {
			counts.put(outcome.label(), statistics.attempts(outcome));
		}
		return counts;
	}

	private static Map<String, Long> byClass(ClientStatistics.Series series) {
		Map<String, Long> counts = new LinkedHashMap<>();
		for (ErrorClass errorClass : ErrorClass.values()) {
			if (errorClass != ErrorClass.SUCCESS) {
				counts.put(errorClass.label(), series.total(errorClass));
			}
		}
		return counts;
	}

	private static @Nullable String escape(@Nullable String text) {
		return (text != null) ? Printable.escape(text) : null;
	}

	/**
	 * The session of a connection.
	 *
	 * @param present whether the server had kept it when the client connected
	 */
	public record Session(boolean present) {

	}

	/**
	 * The limits in force on a connection (MQTT 5 §3.2.2.3).
	 *
	 * @param receiveMaximum QoS 1 and 2 publishes in flight
	 * @param maximumPacketSize in bytes
	 * @param maximumQos 0, 1 or 2
	 * @param retainAvailable whether messages can be retained
	 * @param wildcardSubscriptionAvailable whether wildcards are available
	 * @param subscriptionIdentifierAvailable whether subscription identifiers are
	 * available
	 * @param sharedSubscriptionAvailable whether shared subscriptions are available
	 * @param keepAlive the keep alive, zero if off
	 * @param sessionExpiry the session expiry interval
	 */
	public record Limits(int receiveMaximum, long maximumPacketSize, int maximumQos, boolean retainAvailable,
			boolean wildcardSubscriptionAvailable, boolean subscriptionIdentifierAvailable,
			boolean sharedSubscriptionAvailable, Duration keepAlive, Duration sessionExpiry) {

		static Limits of(ConnectionInfo.Limits limits) {
			return new Limits(limits.receiveMaximum(), limits.maximumPacketSize(), limits.maximumQos(),
					limits.retainAvailable(), limits.wildcardSubscriptionAvailable(),
					limits.subscriptionIdentifierAvailable(), limits.sharedSubscriptionAvailable(), limits.keepAlive(),
					limits.sessionExpiry());
		}

	}

	/**
	 * Where a client without a connection stands.
	 *
	 * @param attempts how many attempts have failed in a row
	 * @param lostSince when the connection was lost, {@code null} if there never was one
	 * @param nextAttempt when the client tries again, {@code null} if no attempt is
	 * scheduled
	 * @param fatalKind why the client has stopped, also while it probes whether it may
	 * connect again, {@code null} unless it has failed
	 */
	public record Reconnecting(int attempts, @Nullable Instant lostSince, @Nullable Instant nextAttempt,
			@Nullable FatalKind fatalKind) {

		static Reconnecting of(ReconnectStatus status) {
			return new Reconnecting(status.attempt(), status.lostSince(), status.nextAttempt(), status.fatalKind());
		}

	}

	/**
	 * A subscription.
	 *
	 * @param filter the topic filter
	 * @param state the state
	 * @param requestedQos the QoS asked for
	 * @param grantedQos the granted QoS, {@code null} unless active
	 * @param code the reason code of the refusal, {@code null} unless rejected
	 * @param name the name of the refusal, {@code null} unless rejected
	 * @param holders who holds it, {@code application} for the application itself
	 */
	public record Subscription(String filter, SubscriptionStatus.State state, int requestedQos,
			@Nullable Integer grantedQos, @Nullable String code, @Nullable String name, List<String> holders) {

		static Subscription of(SubscriptionStatus status) {
			MqttFailure failure = status.failure();
			return new Subscription(Printable.escape(status.filter()), status.state(), status.requestedQos(),
					(status.grantedQos() >= 0) ? status.grantedQos() : null, (failure != null) ? failure.hex() : null,
					(failure != null) ? failure.reason() : null,
					status.holders().stream().map(Printable::escape).toList());
		}

	}

	/**
	 * A failure that ended or prevented a connection, or a rejection.
	 *
	 * @param time when the client learned of it
	 * @param rejection whether only one operation failed and the connection stayed
	 * @param packet the packet that reported it in lower case, {@code local} for none
	 * @param code the reason code such as {@code 0x87}, {@code -} for a local error
	 * @param name the name as used in {@code mqtt.error-policy} properties and metrics
	 * @param reasonString the server's reason string, {@code null} if there was none
	 * @param topic the topic name or filter, {@code null} if it is about none
	 * @param errorClass what it meant for the connection
	 * @param rule the rule that decided: {@code default} or the name of a property
	 * @param action what the client did
	 * @param description all of it in one sentence
	 */
	public record Incident(Instant time, boolean rejection, String packet, String code, String name,
			@Nullable String reasonString, @Nullable String topic, ErrorClass errorClass, String rule, String action,
			String description) {

		static Incident of(MqttIncident incident) {
			MqttFailure failure = incident.failure();
			return new Incident(incident.time(), incident.isRejection(), failure.packet().label(), failure.hex(),
					failure.reason(), escape(failure.reasonString()), escape(failure.topic()),
					incident.classification().errorClass(), Printable.escape(incident.classification().rule()),
					Printable.escape(incident.action()), incident.toString());
		}

	}

}
