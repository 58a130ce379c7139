package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.PacketException;

/**
 * Says in words why a connection ended. Names the server and never its user information.
 */
final class Failures {

	private final String server;

	/**
	 * Create the failures of one connection.
	 * @param server the server
	 */
	Failures(URI server) {
		this.server = ServerAddress.name(server);
	}

	/**
	 * Translate what prevented the transport connection.
	 * @param error the exception, Paho's or the socket's
	 * @return the failure
	 */
	MqttFailure transport(Throwable error) {
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			if (cause instanceof TransportException layer) {
				return layer(layer);
			}
		}
		Throwable cause = rootCause(error);
		if (cause instanceof UnknownHostException) {
			return local(LocalError.UNKNOWN_HOST, "The host name of " + this.server + " could not be resolved", cause);
		}
		if (cause instanceof SocketTimeoutException || isTimeout(cause)) {
			return local(LocalError.CONNECT_TIMEOUT, this.server + " did not accept the connection in time", cause);
		}
		if (cause instanceof IOException) {
			return local(LocalError.CONNECTION_REFUSED, "Could not connect to " + this.server + ": " + message(cause),
					cause);
		}
		return internal("The connection to " + this.server + " could not be opened", error);
	}

	/**
	 * Describe the end of the stream without a DISCONNECT.
	 * @param accepted whether a CONNACK had been seen
	 * @param cause the exception, {@code null} for a regular end
	 * @param insidePacket whether the stream ended inside a packet
	 * @return the failure
	 */
	MqttFailure ended(boolean accepted, @Nullable Exception cause, boolean insidePacket) {
		String how = this.server + " closed the connection" + ((cause != null) ? " (" + message(cause) + ")" : "");
		TransportException layer = (!accepted && cause instanceof IOException error) ? TlsFaults.afterHandshake(error)
				: null;
		if (layer != null) {
			return layer(layer);
		}
		if (!accepted) {
			return local(LocalError.CLOSED_BEFORE_CONNACK, how + " instead of answering CONNECT", cause);
		}
		return local(LocalError.CONNECTION_CLOSED,
				how + " without DISCONNECT" + ((insidePacket) ? ", inside a packet" : ""), cause);
	}

	/**
	 * Describe an end that this client has made.
	 * @param accepted whether a CONNACK had been seen
	 * @param how what this client did
	 * @return the failure
	 */
	MqttFailure endedByUs(boolean accepted, String how) {
		return local((accepted) ? LocalError.CONNECTION_CLOSED : LocalError.CLOSED_BEFORE_CONNACK,
				"This client " + how + " " + this.server, null);
	}

	/**
	 * Describe a packet that must end the connection.
	 * @param error what is wrong, in a message that begins with the packet's name
	 * @return the failure
	 */
	MqttFailure inbound(PacketException error) {
		String what = switch (error.error()) {
			case MQTT_3_1_1_ONLY -> ": ";
			case INBOUND_TOO_LARGE -> " sent a packet that is too large. ";
			case INBOUND_TOPIC_ALIAS_INVALID -> " sent an invalid topic alias. ";
			case INBOUND_MALFORMED -> " sent a malformed packet. ";
			default -> " broke the protocol. ";
		};
		return local(error.error(), this.server + what + error.getMessage(), null);
	}

	/**
	 * Describe a CONNACK that refuses the connection.
	 * @param connAck the packet
	 * @return the failure
	 */
	MqttFailure refused(ConnAck connAck) {
		return packet(PacketType.CONNACK, connAck.code(), this.server + " refused the connection",
				connAck.reasonString(), connAck.userProperties(), connAck.serverReference());
	}

	/**
	 * Describe the server's DISCONNECT.
	 * @param disconnect the packet
	 * @return the failure
	 */
	MqttFailure disconnected(Disconnect disconnect) {
		return packet(PacketType.DISCONNECT, disconnect.code(), this.server + " ended the connection",
				disconnect.reasonString(), disconnect.userProperties(), disconnect.serverReference());
	}

	/**
	 * Describe an AUTH, which no server may send to this client [MQTT-4.12.0-6].
	 * @param code the reason code
	 * @return the failure
	 */
	MqttFailure auth(int code) {
		return packet(PacketType.AUTH, code,
				this.server + " asked for enhanced authentication, which this client does not offer [MQTT-4.12.0-6]",
				null, List.of(), null);
	}

	/**
	 * Describe an error of this client.
	 * @param what what happened
	 * @param cause the exception
	 * @return the failure
	 */
	MqttFailure internal(String what, Throwable cause) {
		return local(LocalError.INTERNAL_ERROR, what + ": " + message(cause), cause);
	}

	private MqttFailure layer(TransportException error) {
		return MqttFailure.local(error.error())
			.detail(this.server + " " + error.getMessage())
			.httpStatus(error.httpStatus())
			.cause((error.getCause() != null) ? error.getCause() : error)
			.build();
	}

	private MqttFailure packet(PacketType type, int code, String detail, @Nullable String reasonString,
			List<UserProperty> userProperties, @Nullable String serverReference) {
		return MqttFailure.of(type, code)
			.detail(detail)
			.reasonString(reasonString)
			.userProperties(userProperties)
			.serverReference(serverReference)
			.build();
	}

	private MqttFailure local(LocalError error, String detail, @Nullable Throwable cause) {
		return MqttFailure.local(error).detail(detail).cause(cause).build();
	}

	private static boolean isTimeout(Throwable cause) {
		return cause instanceof ConnectException && message(cause).toLowerCase(Locale.ROOT).contains("timed out");
	}

	private static Throwable rootCause(Throwable error) {
		Throwable cause = error;
		while (cause.getCause() != null && cause.getCause() != cause) {
			cause = cause.getCause();
		}
		return cause;
	}

	private static String message(Throwable cause) {
		return (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
	}

}
