package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * What a person can change so that a failure does not come again.
 */
final class Advice {

	private Advice() {
	}

	/**
	 * Return the advice as the end of a message.
	 * @param failure the failure
	 * @param settings the settings of the client, whose properties it names
	 * @return a sentence after a full stop, or nothing
	 */
	static String suffix(MqttFailure failure, ClientSettings settings) {
		return suffix(failure, settings, false);
	}

	/**
	 * Return the advice as the end of a message.
	 * @param failure the failure
	 * @param settings the settings of the client, whose properties it names
	 * @param credentialsProvider whether the application supplies the credentials
	 * @return a sentence after a full stop, or nothing
	 */
	static String suffix(MqttFailure failure, ClientSettings settings, boolean credentialsProvider) {
		String supplied = (credentialsProvider) ? ofSuppliedCredentials(failure) : null;
		String advice = (supplied != null) ? supplied : of(failure);
		if (advice == null) {
			return "";
		}
		// The texts name the properties of the primary client, and nothing else does
		return ". " + advice.replace("'mqtt.", "'" + settings.property(""));
	}

	static @Nullable String of(MqttFailure failure) {
		if (failure.localError() != null) {
			return of(failure.localError());
		}
		if (failure.packet() == PacketType.AUTH) {
			return "Turn enhanced authentication off for this client at the server";
		}
		if (failure.reasonCode() == null) {
			return "MQTT 5 knows no such reason code in " + failure.packet() + "; ask the operator of the server";
		}
		return (failure.packet() == PacketType.CONNACK || failure.packet() == PacketType.DISCONNECT)
				? ofConnection(failure.reasonCode()) : ofOperation(failure.packet(), failure.reasonCode());
	}

	private static @Nullable String ofSuppliedCredentials(MqttFailure failure) {
		if (failure.packet() != PacketType.CONNACK && failure.packet() != PacketType.DISCONNECT) {
			return null;
		}
		if (failure.reasonCode() == ReasonCode.BAD_USER_NAME_OR_PASSWORD) {
			return "Check what the MqttCredentialsProvider supplies";
		}
		return (failure.reasonCode() == ReasonCode.NOT_AUTHORIZED)
				? "Check what the MqttCredentialsProvider supplies, and the server's permissions" : null;
	}

	private static @Nullable String of(LocalError error) {
		return switch (error) {
			case UNKNOWN_HOST, CONNECTION_REFUSED, CONNECT_TIMEOUT ->
				"Check 'mqtt.servers' and that the server is running";
			case CONNACK_TIMEOUT, CLOSED_BEFORE_CONNACK ->
				"Check that 'mqtt.servers' names an MQTT 5 listener; 'mqtt.connect-timeout' bounds the wait";
			case EMPTY_SUBSCRIPTION -> "Name at least one topic filter";
			case INVALID_TOPIC -> "Correct the topic (MQTT 5 §4.7)";
			case QOS_NOT_SUPPORTED ->
				"Publish with a lower QoS ('mqtt.publish.qos' is the default), or use a server that" + " supports it";
			case RETAIN_NOT_SUPPORTED ->
				"Publish without RETAIN ('mqtt.publish.retain' is the default), or use a server that supports it";
			case WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, SHARED_SUBSCRIPTIONS_NOT_SUPPORTED ->
				"Subscribe to single topics without sharing, or use a server that supports it";
			case SUBSCRIPTION_CONFLICT ->
				"Subscribe with the same options, to a filter that differs, or on a client of its own";
			case ACK_TIMEOUT ->
				"See the log of the server; 'mqtt.publish.timeout' and 'mqtt.subscribe.timeout' bound the wait";
			case NOT_CONNECTED -> "See why the client is not connected in its last incident";
			case WEBSOCKET_HANDSHAKE_REFUSED -> "Check the path in 'mqtt.servers' and what is in front of the server";
			case MQTT_3_1_1_ONLY -> "Use a server that speaks MQTT 5";
			case PACKET_TOO_LARGE -> "Send less, or raise the server's limit";
			case IN_FLIGHT_WINDOW_FULL, PACKET_IDENTIFIERS_EXHAUSTED ->
				"The server acknowledges slower than messages are published; see 'mqtt.publish.max-in-flight'";
			case INBOUND_RECEIVE_MAXIMUM_EXCEEDED ->
				"The server breaks the protocol. Mosquitto before 2.0.13 and ActiveMQ Artemis do so with a backlog, and"
						+ " 'mqtt.receive-maximum' at its highest, 65535, helps";
			case INBOUND_MALFORMED, INBOUND_PROTOCOL_ERROR -> "The server breaks the protocol";
			case INBOUND_TOO_LARGE -> "See 'mqtt.maximum-packet-size'";
			case TLS_SERVER_NOT_TRUSTED ->
				"Check the trust store of the SSL bundle that 'mqtt.ssl.bundle' names, and the hosts in 'mqtt.servers'";
			case TLS_CLIENT_CERTIFICATE_REFUSED -> "Check the key store of the SSL bundle that 'mqtt.ssl.bundle' names";
			case TLS_INCOMPATIBLE ->
				"Check that 'mqtt.servers' names a TLS port, and the options of the SSL bundle that 'mqtt.ssl.bundle' names";
			case PERSISTENCE_FAILED -> "Make room on the disk of 'mqtt.persistence.directory'";
			case PERSISTENCE_UNAVAILABLE ->
				"Set 'mqtt.persistence.directory' to a directory that the application may write to and shares with no"
						+ " other, or 'mqtt.persistence.type' to memory";
			case PING_TIMEOUT -> "The link is dead or the server hangs; see 'mqtt.keep-alive'";
			default -> null;
		};
	}

	private static @Nullable String ofConnection(ReasonCode code) {
		return switch (code) {
			case BAD_USER_NAME_OR_PASSWORD -> "Check 'mqtt.username' and 'mqtt.password'";
			case NOT_AUTHORIZED -> "Check 'mqtt.username', 'mqtt.password' and the server's permissions";
			case CLIENT_IDENTIFIER_NOT_VALID -> "Check 'mqtt.client-id'";
			case UNSUPPORTED_PROTOCOL_VERSION -> "Use a server that speaks MQTT 5";
			case MALFORMED_PACKET, PROTOCOL_ERROR -> "The log of the server says what it takes exception to";
			case BAD_AUTHENTICATION_METHOD -> "Turn enhanced authentication off for this client at the server";
			case TOPIC_NAME_INVALID, PAYLOAD_FORMAT_INVALID, RETAIN_NOT_SUPPORTED, QOS_NOT_SUPPORTED ->
				"Check what is published, and 'mqtt.will'";
			case PACKET_TOO_LARGE -> "Send less, or raise the server's limit";
			case USE_ANOTHER_SERVER, SERVER_MOVED -> "Check 'mqtt.servers'";
			case SESSION_TAKEN_OVER -> "Another client uses the same id: give each its own 'mqtt.client-id'";
			case BANNED -> "Ask the operator of the server";
			default -> null;
		};
	}

	private static @Nullable String ofOperation(PacketType packet, ReasonCode code) {
		return switch (code) {
			case NOT_AUTHORIZED -> "Check the server's permissions for this topic";
			case NO_SUBSCRIPTION_EXISTED ->
				"'mqtt.error-policy." + packet.label() + "." + code.label() + ": success' makes it no failure";
			default -> null;
		};
	}

}
