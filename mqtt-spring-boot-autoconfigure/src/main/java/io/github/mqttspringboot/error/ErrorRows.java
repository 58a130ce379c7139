package io.github.mqttspringboot.error;

import java.util.EnumMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import static io.github.mqttspringboot.error.ErrorClass.FATAL;
import static io.github.mqttspringboot.error.ErrorClass.RECONNECT;
import static io.github.mqttspringboot.error.ErrorClass.RECOVERABLE;
import static io.github.mqttspringboot.error.ErrorClass.REDIRECT;
import static io.github.mqttspringboot.error.ErrorClass.SUCCESS;
import static io.github.mqttspringboot.error.ErrorClass.THROTTLED;
import static io.github.mqttspringboot.error.FatalKind.AUTH;
import static io.github.mqttspringboot.error.FatalKind.BANNED;
import static io.github.mqttspringboot.error.FatalKind.CONFIG;
import static io.github.mqttspringboot.error.FatalKind.IDENTITY;
import static io.github.mqttspringboot.error.FatalKind.PROTOCOL;
import static io.github.mqttspringboot.error.FatalKind.TLS_TRUST;
import static io.github.mqttspringboot.error.PacketType.CONNACK;
import static io.github.mqttspringboot.error.PacketType.DISCONNECT;
import static io.github.mqttspringboot.error.PacketType.PUBACK;
import static io.github.mqttspringboot.error.PacketType.PUBCOMP;
import static io.github.mqttspringboot.error.PacketType.PUBREC;
import static io.github.mqttspringboot.error.PacketType.PUBREL;
import static io.github.mqttspringboot.error.PacketType.SUBACK;
import static io.github.mqttspringboot.error.PacketType.UNSUBACK;

/**
 * The rows of the default table, one line each, by packet.
 */
final class ErrorRows {

	private final Map<PacketType, Map<ReasonCode, ErrorRow>> packets = new EnumMap<>(PacketType.class);

	private final Map<LocalError, ErrorRow> local = new EnumMap<>(LocalError.class);

	ErrorRows() {
		connack();
		puback();
		pubrec();
		pubrel();
		pubcomp();
		suback();
		unsuback();
		disconnect();
		auth();
		local();
	}

	@Nullable ErrorRow find(PacketType packet, ReasonCode code) {
		return this.packets.getOrDefault(packet, Map.of()).get(code);
	}

	@Nullable ErrorRow find(LocalError error) {
		return this.local.get(error);
	}

	private void connack() {
		row(CONNACK, ReasonCode.SUCCESS, SUCCESS);
		row(CONNACK, ReasonCode.UNSPECIFIED_ERROR, RECONNECT);
		fatal(CONNACK, ReasonCode.MALFORMED_PACKET, PROTOCOL);
		fatal(CONNACK, ReasonCode.PROTOCOL_ERROR, PROTOCOL);
		row(CONNACK, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, RECONNECT);
		fatal(CONNACK, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, CONFIG);
		fatal(CONNACK, ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, CONFIG);
		fatal(CONNACK, ReasonCode.BAD_USER_NAME_OR_PASSWORD, AUTH);
		fatal(CONNACK, ReasonCode.NOT_AUTHORIZED, AUTH);
		row(CONNACK, ReasonCode.SERVER_UNAVAILABLE, RECONNECT);
		row(CONNACK, ReasonCode.SERVER_BUSY, THROTTLED);
		fatal(CONNACK, ReasonCode.BANNED, BANNED);
		fatal(CONNACK, ReasonCode.BAD_AUTHENTICATION_METHOD, CONFIG);
		fatal(CONNACK, ReasonCode.TOPIC_NAME_INVALID, CONFIG);
		fatal(CONNACK, ReasonCode.PACKET_TOO_LARGE, CONFIG);
		row(CONNACK, ReasonCode.QUOTA_EXCEEDED, THROTTLED);
		fatal(CONNACK, ReasonCode.PAYLOAD_FORMAT_INVALID, CONFIG);
		fatal(CONNACK, ReasonCode.RETAIN_NOT_SUPPORTED, CONFIG);
		fatal(CONNACK, ReasonCode.QOS_NOT_SUPPORTED, CONFIG);
		row(CONNACK, ReasonCode.USE_ANOTHER_SERVER, REDIRECT);
		row(CONNACK, ReasonCode.SERVER_MOVED, REDIRECT);
		row(CONNACK, ReasonCode.CONNECTION_RATE_EXCEEDED, THROTTLED);
	}

	private void puback() {
		row(PUBACK, ReasonCode.SUCCESS, SUCCESS);
		row(PUBACK, ReasonCode.NO_MATCHING_SUBSCRIBERS, SUCCESS);
		row(PUBACK, ReasonCode.UNSPECIFIED_ERROR, RECOVERABLE);
		row(PUBACK, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, RECOVERABLE);
		row(PUBACK, ReasonCode.NOT_AUTHORIZED, RECOVERABLE);
		row(PUBACK, ReasonCode.TOPIC_NAME_INVALID, RECOVERABLE);
		row(PUBACK, ReasonCode.PACKET_IDENTIFIER_IN_USE, RECOVERABLE);
		row(PUBACK, ReasonCode.QUOTA_EXCEEDED, RECOVERABLE);
		row(PUBACK, ReasonCode.PAYLOAD_FORMAT_INVALID, RECOVERABLE);
	}

	private void pubrec() {
		row(PUBREC, ReasonCode.SUCCESS, SUCCESS);
		row(PUBREC, ReasonCode.NO_MATCHING_SUBSCRIBERS, SUCCESS);
		row(PUBREC, ReasonCode.UNSPECIFIED_ERROR, RECOVERABLE);
		row(PUBREC, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, RECOVERABLE);
		row(PUBREC, ReasonCode.NOT_AUTHORIZED, RECOVERABLE);
		row(PUBREC, ReasonCode.TOPIC_NAME_INVALID, RECOVERABLE);
		row(PUBREC, ReasonCode.PACKET_IDENTIFIER_IN_USE, RECOVERABLE);
		row(PUBREC, ReasonCode.QUOTA_EXCEEDED, RECOVERABLE);
		row(PUBREC, ReasonCode.PAYLOAD_FORMAT_INVALID, RECOVERABLE);
	}

	private void pubrel() {
		row(PUBREL, ReasonCode.SUCCESS, SUCCESS);
		row(PUBREL, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, RECOVERABLE);
	}

	private void pubcomp() {
		row(PUBCOMP, ReasonCode.SUCCESS, SUCCESS);
		row(PUBCOMP, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, SUCCESS);
	}

	private void suback() {
		row(SUBACK, ReasonCode.GRANTED_QOS_0, SUCCESS);
		row(SUBACK, ReasonCode.GRANTED_QOS_1, SUCCESS);
		row(SUBACK, ReasonCode.GRANTED_QOS_2, SUCCESS);
		row(SUBACK, ReasonCode.UNSPECIFIED_ERROR, RECOVERABLE);
		row(SUBACK, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, RECOVERABLE);
		row(SUBACK, ReasonCode.NOT_AUTHORIZED, RECOVERABLE);
		row(SUBACK, ReasonCode.TOPIC_FILTER_INVALID, RECOVERABLE);
		row(SUBACK, ReasonCode.PACKET_IDENTIFIER_IN_USE, RECOVERABLE);
		row(SUBACK, ReasonCode.QUOTA_EXCEEDED, RECOVERABLE);
		row(SUBACK, ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, RECOVERABLE);
		row(SUBACK, ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED, RECOVERABLE);
		row(SUBACK, ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, RECOVERABLE);
	}

	private void unsuback() {
		row(UNSUBACK, ReasonCode.SUCCESS, SUCCESS);
		row(UNSUBACK, ReasonCode.NO_SUBSCRIPTION_EXISTED, RECOVERABLE);
		row(UNSUBACK, ReasonCode.UNSPECIFIED_ERROR, RECOVERABLE);
		row(UNSUBACK, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, RECOVERABLE);
		row(UNSUBACK, ReasonCode.NOT_AUTHORIZED, RECOVERABLE);
		row(UNSUBACK, ReasonCode.TOPIC_FILTER_INVALID, RECOVERABLE);
		row(UNSUBACK, ReasonCode.PACKET_IDENTIFIER_IN_USE, RECOVERABLE);
	}

	private void disconnect() {
		row(DISCONNECT, ReasonCode.NORMAL_DISCONNECTION, RECONNECT);
		row(DISCONNECT, ReasonCode.DISCONNECT_WITH_WILL_MESSAGE, RECONNECT);
		suspect(DISCONNECT, ReasonCode.UNSPECIFIED_ERROR, RECONNECT);
		suspect(DISCONNECT, ReasonCode.MALFORMED_PACKET, RECONNECT);
		suspect(DISCONNECT, ReasonCode.PROTOCOL_ERROR, RECONNECT);
		suspect(DISCONNECT, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, RECONNECT);
		suspect(DISCONNECT, ReasonCode.NOT_AUTHORIZED, RECONNECT);
		row(DISCONNECT, ReasonCode.SERVER_BUSY, THROTTLED);
		row(DISCONNECT, ReasonCode.SERVER_SHUTTING_DOWN, RECONNECT);
		fatal(DISCONNECT, ReasonCode.BAD_AUTHENTICATION_METHOD, CONFIG);
		row(DISCONNECT, ReasonCode.KEEP_ALIVE_TIMEOUT, RECONNECT);
		fatal(DISCONNECT, ReasonCode.SESSION_TAKEN_OVER, IDENTITY);
		suspect(DISCONNECT, ReasonCode.TOPIC_FILTER_INVALID, RECONNECT);
		suspect(DISCONNECT, ReasonCode.TOPIC_NAME_INVALID, RECONNECT);
		suspect(DISCONNECT, ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, RECONNECT);
		suspect(DISCONNECT, ReasonCode.TOPIC_ALIAS_INVALID, RECONNECT);
		suspect(DISCONNECT, ReasonCode.PACKET_TOO_LARGE, RECONNECT);
		row(DISCONNECT, ReasonCode.MESSAGE_RATE_TOO_HIGH, THROTTLED);
		suspect(DISCONNECT, ReasonCode.QUOTA_EXCEEDED, THROTTLED);
		row(DISCONNECT, ReasonCode.ADMINISTRATIVE_ACTION, THROTTLED);
		suspect(DISCONNECT, ReasonCode.PAYLOAD_FORMAT_INVALID, RECONNECT);
		suspect(DISCONNECT, ReasonCode.RETAIN_NOT_SUPPORTED, RECONNECT);
		suspect(DISCONNECT, ReasonCode.QOS_NOT_SUPPORTED, RECONNECT);
		row(DISCONNECT, ReasonCode.USE_ANOTHER_SERVER, REDIRECT);
		row(DISCONNECT, ReasonCode.SERVER_MOVED, REDIRECT);
		suspect(DISCONNECT, ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, RECONNECT);
		row(DISCONNECT, ReasonCode.CONNECTION_RATE_EXCEEDED, THROTTLED);
		row(DISCONNECT, ReasonCode.MAXIMUM_CONNECT_TIME, RECONNECT);
		suspect(DISCONNECT, ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED, RECONNECT);
		suspect(DISCONNECT, ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, RECONNECT);
	}

	private void auth() {
		fatal(PacketType.AUTH, ReasonCode.SUCCESS, PROTOCOL);
		fatal(PacketType.AUTH, ReasonCode.CONTINUE_AUTHENTICATION, PROTOCOL);
		fatal(PacketType.AUTH, ReasonCode.RE_AUTHENTICATE, PROTOCOL);
	}

	private void local() {
		row(LocalError.PACKET_TOO_LARGE, RECOVERABLE);
		row(LocalError.EMPTY_SUBSCRIPTION, RECOVERABLE);
		row(LocalError.INVALID_TOPIC, RECOVERABLE);
		row(LocalError.QOS_NOT_SUPPORTED, RECOVERABLE);
		row(LocalError.RETAIN_NOT_SUPPORTED, RECOVERABLE);
		row(LocalError.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, RECOVERABLE);
		row(LocalError.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, RECOVERABLE);
		row(LocalError.SUBSCRIPTION_CONFLICT, RECOVERABLE);
		row(LocalError.IN_FLIGHT_WINDOW_FULL, RECOVERABLE);
		row(LocalError.PACKET_IDENTIFIERS_EXHAUSTED, RECOVERABLE);
		row(LocalError.NOT_CONNECTED, RECOVERABLE);
		suspect(LocalError.INBOUND_TOPIC_ALIAS_INVALID, RECONNECT);
		row(LocalError.PERSISTENCE_FAILED, RECOVERABLE);
		fatal(LocalError.PERSISTENCE_UNAVAILABLE, CONFIG);
		row(LocalError.INBOUND_MALFORMED, RECONNECT);
		suspect(LocalError.INBOUND_TOO_LARGE, RECONNECT);
		fatal(LocalError.TLS_SERVER_NOT_TRUSTED, TLS_TRUST);
		fatal(LocalError.TLS_CLIENT_CERTIFICATE_REFUSED, AUTH);
		fatal(LocalError.TLS_INCOMPATIBLE, CONFIG);
		row(LocalError.TLS_HANDSHAKE_INTERRUPTED, RECONNECT);
		row(LocalError.UNKNOWN_HOST, RECONNECT);
		row(LocalError.CONNECTION_REFUSED, RECONNECT);
		row(LocalError.CONNECT_TIMEOUT, RECONNECT);
		row(LocalError.CONNACK_TIMEOUT, RECONNECT);
		row(LocalError.PING_TIMEOUT, RECONNECT);
		suspect(LocalError.CONNECTION_CLOSED, RECONNECT);
		row(LocalError.LISTENER_FAILED, RECOVERABLE);
		row(LocalError.UNSOLICITED_ACK, RECOVERABLE);
		row(LocalError.ACK_COUNT_MISMATCH, RECOVERABLE);
		// Only a name: unknown codes are failures of their packet, see unknownCode
		row(LocalError.UNKNOWN_REASON_CODE, RECOVERABLE);
		row(LocalError.ACK_TIMEOUT, RECOVERABLE);
		row(LocalError.SESSION_LOST, RECOVERABLE);
		row(LocalError.INTERNAL_ERROR, RECONNECT);
		row(LocalError.CLOSED_BEFORE_CONNACK, RECONNECT);
		fatal(LocalError.MQTT_3_1_1_ONLY, CONFIG);
		// Without or with another HTTP status than those of refusedUpgrade
		row(LocalError.WEBSOCKET_HANDSHAKE_REFUSED, RECONNECT);
		row(LocalError.CREDENTIALS_UNAVAILABLE, RECONNECT);
		suspect(LocalError.INBOUND_PROTOCOL_ERROR, RECONNECT);
		row(LocalError.INBOUND_RECEIVE_MAXIMUM_EXCEEDED, RECONNECT);
		row(LocalError.UNEXPECTED_SESSION_PRESENT, RECONNECT);
	}

	private void row(PacketType packet, ReasonCode code, ErrorClass errorClass) {
		add(packet, code, new ErrorRow(errorClass, null, false));
	}

	private void suspect(PacketType packet, ReasonCode code, ErrorClass errorClass) {
		add(packet, code, new ErrorRow(errorClass, null, true));
	}

	private void fatal(PacketType packet, ReasonCode code, FatalKind kind) {
		add(packet, code, new ErrorRow(FATAL, kind, false));
	}

	private void row(LocalError error, ErrorClass errorClass) {
		add(error, new ErrorRow(errorClass, null, false));
	}

	private void suspect(LocalError error, ErrorClass errorClass) {
		add(error, new ErrorRow(errorClass, null, true));
	}

	private void fatal(LocalError error, FatalKind kind) {
		add(error, new ErrorRow(FATAL, kind, false));
	}

	private void add(PacketType packet, ReasonCode code, ErrorRow row) {
		this.packets.computeIfAbsent(packet, (key) -> new EnumMap<>(ReasonCode.class)).put(code, row);
	}

	private void add(LocalError error, ErrorRow row) {
		this.local.put(error, row);
	}

}
