package io.github.mqttspringboot.paho;

import java.io.IOException;

/**
 * The server closed the WebSocket with a close frame (RFC 6455 §5.5.1).
 */
final class WebSocketCloseException extends IOException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param code the close code, -1 if there was none
	 * @param reason the server's words, may be empty
	 */
	WebSocketCloseException(int code, String reason) {
		super("WebSocket close frame " + ((code < 0) ? "without a code" : code + name(code))
				+ ((reason.isEmpty()) ? "" : ": " + reason));
	}

	private static String name(int code) {
		String name = switch (code) {
			case 1000 -> "normal closure";
			case 1001 -> "going away";
			case 1002 -> "protocol error";
			case 1003 -> "unsupported data";
			case 1007 -> "invalid payload";
			case 1008 -> "policy violation";
			case 1009 -> "message too big";
			case 1010 -> "mandatory extension";
			case 1011 -> "internal error";
			case 1012 -> "service restart";
			case 1013 -> "try again later";
			case 1014 -> "bad gateway";
			default -> "";
		};
		return (name.isEmpty()) ? "" : " (" + name + ")";
	}

}
