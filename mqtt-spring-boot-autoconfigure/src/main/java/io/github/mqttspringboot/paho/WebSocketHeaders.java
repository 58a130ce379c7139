package io.github.mqttspringboot.paho;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Headers that a customizer adds to the WebSocket upgrade. Values can be secret and are
 * not repeated in messages.
 */
final class WebSocketHeaders {

	private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private static final Set<String> RESERVED = Set.of("host", "upgrade", "connection", "content-length",
			"transfer-encoding");

	private WebSocketHeaders() {
	}

	/**
	 * Write headers.
	 * @param headers the headers
	 * @return the lines of the request
	 * @throws IllegalArgumentException if there is one that must not be
	 */
	static String lines(Map<String, String> headers) {
		StringBuilder lines = new StringBuilder();
		headers.forEach((name, value) -> {
			String lower = name.toLowerCase(Locale.ROOT);
			if (!NAME.matcher(name).matches() || RESERVED.contains(lower) || lower.startsWith("sec-websocket-")) {
				throw new IllegalArgumentException("An MqttConnectionOptionsCustomizer has set the WebSocket header '"
						+ name + "', which is no valid name or one that only the client may set");
			}
			if (value.chars().anyMatch((character) -> character < ' ' && character != '\t' || character >= 0x7F)) {
				throw new IllegalArgumentException("An MqttConnectionOptionsCustomizer has set the WebSocket header '"
						+ name + "' to a value with characters other than printable ASCII");
			}
			lines.append(name).append(": ").append(value.trim()).append("\r\n");
		});
		return lines.toString();
	}

}
