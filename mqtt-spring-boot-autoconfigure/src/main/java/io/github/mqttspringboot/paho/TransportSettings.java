package io.github.mqttspringboot.paho;

import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

import javax.net.SocketFactory;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;

import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.wire.ConnectRequest;

/**
 * What the layers of one transport are made with.
 *
 * @param sockets where the raw sockets come from
 * @param tlsSockets what layers TLS on top of them, {@code null} without TLS
 * @param tlsParameters the protocols and ciphers, {@code null} for those of the factory
 * @param verifyHost whether the certificate must carry the host's name
 * @param hostVerifier what decides on the host's name if that is off, {@code null} for
 * nobody
 * @param headerLines what the WebSocket upgrade carries besides
 */
record TransportSettings(SocketFactory sockets, @Nullable SSLSocketFactory tlsSockets,
		@Nullable SSLParameters tlsParameters, boolean verifyHost, @Nullable HostnameVerifier hostVerifier,
		String headerLines) {

	/**
	 * Take what is to be known from Paho's options: a customizer may have set the socket
	 * factory (of raw sockets or, for a server with TLS, an {@link SSLSocketFactory}),
	 * the host name verification and the headers.
	 * @param request what to connect with
	 * @param address the server
	 * @param options the options
	 * @return the settings
	 * @throws NoSuchAlgorithmException if the JDK has no default TLS context
	 * @throws IllegalArgumentException if the options do not fit the server
	 */
	static TransportSettings of(ConnectRequest request, ServerAddress address, MqttConnectionOptions options)
			throws NoSuchAlgorithmException {
		SocketFactory custom = options.getSocketFactory();
		if (custom instanceof SSLSocketFactory && !address.scheme().isTls()) {
			throw new IllegalArgumentException(
					"An MqttConnectionOptionsCustomizer has set a TLS socket factory, but the server " + address
							+ " is not to be reached by TLS: use the scheme mqtts or wss");
		}
		if (options.getSSLProperties() != null && !options.getSSLProperties().isEmpty()) {
			throw new IllegalArgumentException("An MqttConnectionOptionsCustomizer has set SSL properties of Paho, "
					+ "which have no effect: use the client's SSL bundle or set an SSLSocketFactory");
		}
		String headers = headerLines(address, options);
		SocketFactory sockets = (custom != null && !(custom instanceof SSLSocketFactory)) ? custom
				: SocketFactory.getDefault();
		if (!address.scheme().isTls()) {
			return new TransportSettings(sockets, null, null, false, null, headers);
		}
		if (custom instanceof SSLSocketFactory tlsSockets) {
			return new TransportSettings(sockets, tlsSockets, null, options.isHttpsHostnameVerificationEnabled(),
					options.getSSLHostnameVerifier(), headers);
		}
		SSLContext context = (request.sslContext() != null) ? request.sslContext() : SSLContext.getDefault();
		return new TransportSettings(sockets, context.getSocketFactory(), context.getDefaultSSLParameters(),
				options.isHttpsHostnameVerificationEnabled(), options.getSSLHostnameVerifier(), headers);
	}

	private static String headerLines(ServerAddress address, MqttConnectionOptions options) {
		Map<String, String> headers = options.getCustomWebSocketHeaders();
		return (headers != null && address.scheme().isWebSocket()) ? WebSocketHeaders.lines(headers) : "";
	}

	/**
	 * Return what layers TLS on top of a {@link Socket}.
	 * @return the factory
	 */
	SSLSocketFactory requiredTlsSockets() {
		if (this.tlsSockets == null) {
			throw new IllegalStateException("There is no TLS");
		}
		return this.tlsSockets;
	}

}
