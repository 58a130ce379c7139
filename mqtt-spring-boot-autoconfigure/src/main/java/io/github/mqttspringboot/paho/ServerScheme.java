package io.github.mqttspringboot.paho;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How a server is reached, by the scheme of its URI.
 */
enum ServerScheme {

	/** MQTT over TCP. */
	MQTT(1883, false, false),

	/** MQTT over TLS. */
	MQTTS(8883, true, false),

	/** MQTT over WebSocket. */
	WS(80, false, true),

	/** MQTT over WebSocket over TLS. */
	WSS(443, true, true);

	private final int defaultPort;

	private final boolean tls;

	private final boolean webSocket;

	ServerScheme(int defaultPort, boolean tls, boolean webSocket) {
		this.defaultPort = defaultPort;
		this.tls = tls;
		this.webSocket = webSocket;
	}

	/**
	 * Find a scheme.
	 * @param name the scheme of a URI in any case, {@code null} if it has none
	 * @return the scheme, {@code null} if it is unknown
	 */
	static @Nullable ServerScheme find(@Nullable String name) {
		return switch ((name != null) ? name.toLowerCase(Locale.ROOT) : "") {
			case "mqtt", "tcp" -> MQTT;
			case "mqtts", "ssl", "tls" -> MQTTS;
			case "ws" -> WS;
			case "wss" -> WSS;
			default -> null;
		};
	}

	int defaultPort() {
		return this.defaultPort;
	}

	boolean isTls() {
		return this.tls;
	}

	boolean isWebSocket() {
		return this.webSocket;
	}

}
