package io.github.mqttspringboot.integration;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.MqttNotConnectedException;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.MqttOperationTimeoutException;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * A failure of the client in the form that callers of Paho expect: with the reason code
 * of the packet or, where no packet brought it, Paho's number for it.
 */
final class ClientOperationException extends MqttException {

	private static final long serialVersionUID = 1L;

	private final String text;

	ClientOperationException(int reasonCode, String text, @Nullable Throwable cause) {
		super(reasonCode, cause);
		this.text = text;
	}

	static ClientOperationException of(Throwable thrown) {
		Throwable cause = unwrap(thrown);
		if (cause instanceof ClientOperationException ex) {
			return ex;
		}
		int code = MqttException.REASON_CODE_CLIENT_EXCEPTION;
		if (cause instanceof MqttOperationTimeoutException) {
			code = MqttClientException.REASON_CODE_CLIENT_TIMEOUT;
		}
		else if (cause instanceof MqttNotConnectedException) {
			code = MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED;
		}
		else if (cause instanceof MqttOperationException ex) {
			code = code(ex.getFailure(), code);
		}
		String message = cause.getMessage();
		return new ClientOperationException(code, (message != null) ? message : cause.toString(), cause);
	}

	static ClientOperationException connectionLost(String text, MqttFailure failure) {
		return new ClientOperationException(code(failure, MqttClientException.REASON_CODE_CONNECTION_LOST),
				text + ": " + failure, failure.cause());
	}

	private static int code(MqttFailure failure, int fallback) {
		LocalError error = failure.localError();
		if (error == null) {
			return failure.code();
		}
		return switch (error) {
			case PACKET_TOO_LARGE -> MqttClientException.REASON_CODE_OUTGOING_PACKET_TOO_LARGE;
			case NOT_CONNECTED -> MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED;
			case ACK_TIMEOUT -> MqttClientException.REASON_CODE_CLIENT_TIMEOUT;
			case IN_FLIGHT_WINDOW_FULL -> MqttClientException.REASON_CODE_MAX_INFLIGHT;
			case PACKET_IDENTIFIERS_EXHAUSTED -> MqttClientException.REASON_CODE_NO_MESSAGE_IDS_AVAILABLE;
			default -> fallback;
		};
	}

	private static Throwable unwrap(Throwable thrown) {
		Throwable cause = thrown.getCause();
		return ((thrown instanceof CompletionException || thrown instanceof ExecutionException) && cause != null)
				? cause : thrown;
	}

	@Override
	public String getMessage() {
		return this.text;
	}

	@Override
	public String toString() {
		return this.text + " (" + getReasonCode() + ")";
	}

}
