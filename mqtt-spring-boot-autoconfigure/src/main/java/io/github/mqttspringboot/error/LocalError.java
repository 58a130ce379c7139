package io.github.mqttspringboot.error;

import java.util.Locale;

/**
 * Failures that the client finds itself, without a packet that reports them.
 *
 * @since 0.1.0
 */
public enum LocalError {

	/** The packet exceeds the server's Maximum Packet Size. */
	PACKET_TOO_LARGE,

	/** A SUBSCRIBE or UNSUBSCRIBE without a topic filter. */
	EMPTY_SUBSCRIPTION,

	/** A topic name or topic filter that breaks the grammar (MQTT 5 §4.7). */
	INVALID_TOPIC,

	/** A QoS above the server's Maximum QoS. */
	QOS_NOT_SUPPORTED,

	/** Retain, where the server has no retained messages. */
	RETAIN_NOT_SUPPORTED,

	/** A wildcard, where the server has no wildcard subscriptions. */
	WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED,

	/**
	 * A shared subscription where the server has none, or with No Local [MQTT-3.8.3-4].
	 */
	SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,

	/** A topic filter that somebody else has subscribed with other options. */
	SUBSCRIPTION_CONFLICT,

	/** No permit of the in-flight window before the publish timeout. */
	IN_FLIGHT_WINDOW_FULL,

	/** No free packet identifier before the publish timeout. */
	PACKET_IDENTIFIERS_EXHAUSTED,

	/** No network connection, and the operation could not wait for one. */
	NOT_CONNECTED,

	/** A topic alias from the server, which was offered none. */
	INBOUND_TOPIC_ALIAS_INVALID,

	/** The journal could not be written. */
	PERSISTENCE_FAILED,

	/** The journal could not be opened. */
	PERSISTENCE_UNAVAILABLE,

	/** A malformed packet from the server. */
	INBOUND_MALFORMED,

	/** A packet from the server above the client's Maximum Packet Size. */
	INBOUND_TOO_LARGE,

	/** The server's certificate is not trusted, has expired or names another host. */
	TLS_SERVER_NOT_TRUSTED,

	/** The server refused the client's certificate. */
	TLS_CLIENT_CERTIFICATE_REFUSED,

	/** The peer speaks no TLS, or no common protocol or cipher. */
	TLS_INCOMPATIBLE,

	/** The connection ended during the TLS handshake, or what came made no sense. */
	TLS_HANDSHAKE_INTERRUPTED,

	/** The server's host name could not be resolved. */
	UNKNOWN_HOST,

	/** The server refused the transport connection. */
	CONNECTION_REFUSED,

	/** The transport connection was not established in time. */
	CONNECT_TIMEOUT,

	/** No CONNACK in time. */
	CONNACK_TIMEOUT,

	/** No PINGRESP in time. */
	PING_TIMEOUT,

	/** The network connection ended without a DISCONNECT. */
	CONNECTION_CLOSED,

	/** A listener of the application failed. */
	LISTENER_FAILED,

	/** An acknowledgement for a packet identifier that is not in use. */
	UNSOLICITED_ACK,

	/** A SUBACK or UNSUBACK with the wrong number of reason codes. */
	ACK_COUNT_MISMATCH,

	/** A reason code that MQTT 5 does not know for the packet. */
	UNKNOWN_REASON_CODE,

	/** No acknowledgement in time; the outcome is unknown. */
	ACK_TIMEOUT,

	/** The server has lost the session. */
	SESSION_LOST,

	/** An error in the client itself. */
	INTERNAL_ERROR,

	/** The connection ended between CONNECT and CONNACK. */
	CLOSED_BEFORE_CONNACK,

	/** The server speaks only MQTT 3.1.1. */
	MQTT_3_1_1_ONLY,

	/** The server refused the WebSocket upgrade. */
	WEBSOCKET_HANDSHAKE_REFUSED,

	/** The credentials provider failed or took too long. */
	CREDENTIALS_UNAVAILABLE,

	/** A well-formed packet from the server that breaks the protocol. */
	INBOUND_PROTOCOL_ERROR,

	/** More unacknowledged messages from the server than the client's Receive Maximum. */
	INBOUND_RECEIVE_MAXIMUM_EXCEEDED,

	/** Session Present where the client holds no session [MQTT-3.2.2-4]. */
	UNEXPECTED_SESSION_PRESENT;

	private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/**
	 * Return the name as used in metric tags and property names.
	 * @return the kebab case name, for example {@code connection-refused}
	 */
	public String label() {
		return this.label;
	}

}
