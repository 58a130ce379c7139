package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

import io.github.mqttspringboot.error.LocalError;

/**
 * Turns a connection into a WebSocket (RFC 6455 §4.1) with the subprotocol {@code mqtt}
 * [MQTT-6.0.0-3].
 */
final class WebSocketUpgrade {

	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private static final String PROTOCOL = "mqtt";

	private static final int SWITCHING_PROTOCOLS = 101;

	private final ServerAddress address;

	private final String headers;

	private final String key;

	/**
	 * Create an upgrade.
	 * @param address the server
	 * @param headers lines of the request to add
	 */
	WebSocketUpgrade(ServerAddress address, String headers) {
		this.address = address;
		this.headers = headers;
		byte[] nonce = new byte[16];
		new SecureRandom().nextBytes(nonce);
		this.key = Base64.getEncoder().encodeToString(nonce);
	}

	/**
	 * Do the handshake. Blocks.
	 * @param source what the server sends; what follows its answer stays in it
	 * @param output the way to the server
	 * @throws IOException if the server does not answer or refuses
	 */
	void perform(ByteSource source, OutputStream output) throws IOException {
		output.write(request().getBytes(StandardCharsets.US_ASCII));
		output.flush();
		try {
			HttpResponse response = HttpResponse.read(source);
			while (response.isInterim()) {
				response = HttpResponse.read(source);
			}
			check(response);
		}
		catch (SocketTimeoutException ex) {
			throw new TransportException(LocalError.CONNECT_TIMEOUT, "did not answer the WebSocket upgrade in time",
					ex);
		}
	}

	private String request() {
		return "GET " + this.address.path() + " HTTP/1.1\r\nHost: " + this.address.hostHeader()
				+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + this.key
				+ "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: " + PROTOCOL + "\r\n" + this.headers
				+ "\r\n";
	}

	private void check(HttpResponse response) throws TransportException {
		if (response.status() != SWITCHING_PROTOCOLS) {
			throw new TransportException(response.status(), "refused the WebSocket upgrade of " + this.address.path()
					+ " with HTTP " + response.describe() + hint(response.status()));
		}
		require(hasToken(response.header("upgrade"), "websocket"), "has no header 'Upgrade: websocket'");
		require(hasToken(response.header("connection"), "upgrade"), "has no header 'Connection: Upgrade'");
		require(accept().equals(response.header("sec-websocket-accept")), "has the wrong Sec-WebSocket-Accept");
		require(PROTOCOL.equals(response.header("sec-websocket-protocol")),
				"does not choose the subprotocol 'mqtt' [MQTT-6.0.0-4]");
		require(response.header("sec-websocket-extensions").isEmpty(), "chooses an extension that was not offered");
	}

	private void require(boolean condition, String what) throws TransportException {
		if (!condition) {
			throw new TransportException(SWITCHING_PROTOCOLS,
					"answered the WebSocket upgrade of " + this.address.path() + " with an HTTP 101 that " + what);
		}
	}

	private static boolean hasToken(String header, String token) {
		return Arrays.stream(header.split(",")).anyMatch((part) -> part.trim().equalsIgnoreCase(token));
	}

	private static String hint(int status) {
		if (status == 401 || status == 403) {
			return ": check the credentials that the HTTP server wants, as a header of the upgrade";
		}
		if (status == 404) {
			return ": check the path of the server's URI";
		}
		return (status >= 300 && status < 400) ? ": redirects are not followed" : "";
	}

	private String accept() {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-1")
				.digest((this.key + GUID).getBytes(StandardCharsets.US_ASCII));
			return Base64.getEncoder().encodeToString(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
