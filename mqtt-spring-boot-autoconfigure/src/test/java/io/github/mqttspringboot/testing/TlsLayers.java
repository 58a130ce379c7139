package io.github.mqttspringboot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import javax.net.ssl.SSLSocket;

/**
 * TLS as a server speaks it, well or badly, with certificates of {@link Certificates}.
 */
public final class TlsLayers {

	private TlsLayers() {
	}

	/**
	 * Speak TLS.
	 * @param certificate the server's certificate
	 * @return the layer
	 */
	public static TransportLayer with(String certificate) {
		return with(certificate, (socket) -> {
		});
	}

	/**
	 * Speak TLS.
	 * @param certificate the server's certificate
	 * @param setup what else to set
	 * @return the layer
	 */
	public static TransportLayer with(String certificate, Consumer<SSLSocket> setup) {
		return (index, socket) -> {
			SSLSocket secured = (SSLSocket) Certificates.get()
				.server(certificate)
				.getSocketFactory()
				.createSocket(socket, null, socket.getPort(), true);
			secured.setUseClientMode(false);
			setup.accept(secured);
			return secured;
		};
	}

	/**
	 * Speak TLS with clients that show a certificate of the authority.
	 * @param protocol the only protocol, for example {@code TLSv1.3}
	 * @return the layer
	 */
	public static TransportLayer askingForACertificate(String protocol) {
		return with(Certificates.SERVER, (socket) -> {
			socket.setEnabledProtocols(new String[] { protocol });
			socket.setNeedClientAuth(true);
		});
	}

	/**
	 * Answer as a web server that was spoken to in TLS does.
	 * @return the layer
	 */
	public static TransportLayer plainText() {
		return (index, socket) -> {
			InputStream input = socket.getInputStream();
			input.read();
			socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			socket.shutdownOutput();
			input.transferTo(OutputStream.nullOutputStream());
			throw new IOException("This is not MQTT");
		};
	}

	/**
	 * Close at the first byte of the handshake.
	 * @return the layer
	 */
	public static TransportLayer closing() {
		return (index, socket) -> {
			socket.getInputStream().read();
			throw new IOException("Closed in the handshake");
		};
	}

}
