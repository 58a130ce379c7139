package io.github.mqttspringboot.client;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A network connection of a client.
 *
 * @param clientId the client identifier
 * @param server the server's URI without user information, {@code null} if not connected
 * @param since when the CONNACK came, {@code null} if not connected
 * @param sessionPresent the Session Present flag of the CONNACK
 * @param limits the limits in force, those of the specification if not connected
 * @since 0.1.0
 */
public record ConnectionInfo(String clientId, @Nullable String server, @Nullable Instant since, boolean sessionPresent,
		Limits limits) {

	/**
	 * The limits in force on a connection (MQTT 5 §3.2.2.3).
	 *
	 * @param receiveMaximum QoS 1 and 2 publishes in flight, 1 to 65,535
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

	}

}
