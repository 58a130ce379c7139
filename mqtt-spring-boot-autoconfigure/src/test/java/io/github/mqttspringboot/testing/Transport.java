package io.github.mqttspringboot.testing;

/**
 * What MQTT can be carried by.
 */
public enum Transport {

	TCP("mqtt", false, false),

	TLS("mqtts", true, false),

	WEBSOCKET("ws", false, true),

	SECURE_WEBSOCKET("wss", true, true);

	private final String scheme;

	private final boolean secure;

	private final boolean webSocket;

	Transport(String scheme, boolean secure, boolean webSocket) {
		this.scheme = scheme;
		this.secure = secure;
		this.webSocket = webSocket;
	}

	public boolean isSecure() {
		return this.secure;
	}

	boolean isWebSocket() {
		return this.webSocket;
	}

	String uri(int port) {
		return this.scheme + "://127.0.0.1:" + port;
	}

}
