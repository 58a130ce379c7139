package io.github.mqttspringboot.matrix;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Which scenario proves a row.
 */
final class Scenarios {

	/** Rows that need more than what all of their packet need. */
	private static final Map<String, Scenario> BY_ROW = byRow();

	/** What rows with a scenario still lack, because it is not built yet. */
	private static final Map<String, String> MISSING = Map.of();

	private Scenarios() {
	}

	private static Map<String, Scenario> byRow() {
		Map<String, Scenario> scenarios = new HashMap<>();
		scenarios.put("CONNACK 0x86", ConnectionScenarios::connackProbed);
		scenarios.put("CONNACK 0x87", ConnectionScenarios::connackProbed);
		scenarios.put("CONNACK 0x8A", ConnectionScenarios::connackProbed);
		scenarios.put("CONNACK 0x9C", ConnectionScenarios::connackFollowed);
		scenarios.put("CONNACK 0x9D", ConnectionScenarios::connackFollowed);
		scenarios.put("DISCONNECT 0x9C", ConnectionScenarios::disconnectFollowed);
		scenarios.put("DISCONNECT 0x9D", ConnectionScenarios::disconnectFollowed);
		scenarios.put("UNEXPECTED_SESSION_PRESENT", SessionScenarios::unexpectedSessionPresent);
		scenarios.put("CONNACK 0x88", ConnectionScenarios::connackAtOneOfTwo);
		scenarios.put("DISCONNECT 0x87", ConnectionScenarios::disconnectForCredentials);
		scenarios.put("DISCONNECT 0x8B", ConnectionScenarios::disconnectAtOneOfTwo);
		scenarios.put("PACKET_TOO_LARGE", PreflightScenarios::packetTooLarge);
		scenarios.put("EMPTY_SUBSCRIPTION", PreflightScenarios::emptySubscription);
		scenarios.put("INVALID_TOPIC", PreflightScenarios::invalidTopic);
		scenarios.put("QOS_NOT_SUPPORTED", PreflightScenarios::qosNotSupported);
		scenarios.put("RETAIN_NOT_SUPPORTED", PreflightScenarios::retainNotSupported);
		scenarios.put("WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED", PreflightScenarios::wildcardSubscriptionsNotSupported);
		scenarios.put("SHARED_SUBSCRIPTIONS_NOT_SUPPORTED", PreflightScenarios::sharedSubscriptionsNotSupported);
		scenarios.put("SUBSCRIPTION_CONFLICT", PreflightScenarios::subscriptionConflict);
		scenarios.put("IN_FLIGHT_WINDOW_FULL", LocalScenarios::inFlightWindowFull);
		scenarios.put("PACKET_IDENTIFIERS_EXHAUSTED", LocalScenarios::packetIdentifiersExhausted);
		scenarios.put("PERSISTENCE_FAILED", PersistenceScenarios::failed);
		scenarios.put("PERSISTENCE_UNAVAILABLE", PersistenceScenarios::unavailable);
		scenarios.put("NOT_CONNECTED", LocalScenarios::notConnected);
		scenarios.put("INBOUND_TOPIC_ALIAS_INVALID", LocalScenarios::inboundTopicAliasInvalid);
		scenarios.put("INBOUND_MALFORMED", LocalScenarios::inboundMalformed);
		scenarios.put("INBOUND_TOO_LARGE", LocalScenarios::inboundTooLarge);
		scenarios.put("UNKNOWN_HOST", LocalScenarios::unknownHost);
		scenarios.put("CONNECTION_REFUSED", LocalScenarios::connectionRefused);
		scenarios.put("CONNECT_TIMEOUT", LocalScenarios::connectTimeout);
		scenarios.put("CONNACK_TIMEOUT", LocalScenarios::connackTimeout);
		scenarios.put("PING_TIMEOUT", LocalScenarios::pingTimeout);
		scenarios.put("CONNECTION_CLOSED", LocalScenarios::connectionClosed);
		scenarios.put("LISTENER_FAILED", LocalScenarios::listenerFailed);
		scenarios.put("UNSOLICITED_ACK", LocalScenarios::unsolicitedAck);
		scenarios.put("ACK_COUNT_MISMATCH", LocalScenarios::ackCountMismatch);
		scenarios.put("UNKNOWN_REASON_CODE", UnknownCodeScenarios::everyPacket);
		scenarios.put("ACK_TIMEOUT", LocalScenarios::ackTimeout);
		scenarios.put("SESSION_LOST", SessionScenarios::sessionLost);
		scenarios.put("INTERNAL_ERROR", LocalScenarios::internalError);
		scenarios.put("CLOSED_BEFORE_CONNACK", LocalScenarios::closedBeforeConnack);
		scenarios.put("MQTT_3_1_1_ONLY", LocalScenarios::mqtt311Only);
		scenarios.put("CREDENTIALS_UNAVAILABLE", LocalScenarios::credentialsUnavailable);
		scenarios.put("INBOUND_PROTOCOL_ERROR", LocalScenarios::inboundProtocolError);
		scenarios.put("INBOUND_RECEIVE_MAXIMUM_EXCEEDED", LocalScenarios::inboundReceiveMaximumExceeded);
		scenarios.put("SUBACK 0x97", AcknowledgementScenarios::subackOverQuota);
		scenarios.put("WEBSOCKET_HANDSHAKE_REFUSED", WebSocketScenarios::everyStatus);
		scenarios.put("TLS_SERVER_NOT_TRUSTED", TlsScenarios::unknownAuthority);
		scenarios.put("TLS_CLIENT_CERTIFICATE_REFUSED", TlsScenarios::noClientCertificate);
		scenarios.put("TLS_INCOMPATIBLE", TlsScenarios::noTls);
		scenarios.put("TLS_HANDSHAKE_INTERRUPTED", TlsScenarios::interrupted);
		return Map.copyOf(scenarios);
	}

	static @Nullable Scenario find(MatrixRow row) {
		Scenario own = BY_ROW.get(row.key());
		return (own != null || row.isLocal()) ? own : byPacket(row);
	}

	private static @Nullable Scenario byPacket(MatrixRow row) {
		boolean refusal = row.value() >= 0x80;
		return switch (row.packet()) {
			case "CONNACK" -> refusal ? ConnectionScenarios::connackRefused : ConnectionScenarios::connackAccepted;
			case "PUBACK" -> AcknowledgementScenarios::puback;
			case "PUBREC" -> AcknowledgementScenarios::pubrec;
			case "PUBREL" -> AcknowledgementScenarios::pubrel;
			case "PUBCOMP" -> AcknowledgementScenarios::pubcomp;
			case "SUBACK" ->
				(row.value() > 2) ? AcknowledgementScenarios::subackRefused : AcknowledgementScenarios::subackGranted;
			case "UNSUBACK" -> AcknowledgementScenarios::unsuback;
			case "DISCONNECT" -> ConnectionScenarios::disconnect;
			case "AUTH" -> ConnectionScenarios::auth;
			default -> null;
		};
	}

	static @Nullable String missing(MatrixRow row) {
		return MISSING.get(row.key());
	}

}
