package io.github.mqttspringboot.paho;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;

/**
 * Why a transport above TCP did not come up. The message continues a sentence that begins
 * with the server.
 */
final class TransportException extends IOException {

	private static final long serialVersionUID = 1L;

	static final int NO_STATUS = -1;

	private final LocalError error;

	private final int httpStatus;

	/**
	 * Create an exception.
	 * @param error what went wrong
	 * @param message what the server did
	 * @param cause the exception behind it, {@code null} for none
	 */
	TransportException(LocalError error, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.error = error;
		this.httpStatus = NO_STATUS;
	}

	/**
	 * Create an exception for a refused WebSocket upgrade.
	 * @param httpStatus the HTTP status, {@link #NO_STATUS} if there was none
	 * @param message what the server did
	 */
	TransportException(int httpStatus, String message) {
		super(message);
		this.error = LocalError.WEBSOCKET_HANDSHAKE_REFUSED;
		this.httpStatus = httpStatus;
	}

	LocalError error() {
		return this.error;
	}

	int httpStatus() {
		return this.httpStatus;
	}

}
