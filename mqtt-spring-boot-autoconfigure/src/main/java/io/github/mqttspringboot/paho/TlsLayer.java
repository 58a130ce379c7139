package io.github.mqttspringboot.paho;

import java.io.IOException;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

import io.github.mqttspringboot.error.LocalError;

/**
 * Puts TLS on top of a socket, with a certificate checked against the host of the
 * server's URI.
 */
final class TlsLayer {

	private final ServerAddress address;

	private final TransportSettings settings;

	/**
	 * Create a layer.
	 * @param address the server
	 * @param settings how
	 */
	TlsLayer(ServerAddress address, TransportSettings settings) {
		this.address = address;
		this.settings = settings;
	}

	/**
	 * Do the handshake. Blocks.
	 * @param raw the connected socket
	 * @return the socket to use
	 * @throws IOException if the handshake fails
	 */
	SSLSocket secure(RawSocket raw) throws IOException {
		try {
			SSLSocket socket = (SSLSocket) this.settings.requiredTlsSockets()
				.createSocket(raw, this.address.certificateName(), this.address.port(), true);
			socket.setSSLParameters(parameters(socket.getSSLParameters()));
			socket.startHandshake();
			verify(socket);
			raw.push();
			return socket;
		}
		catch (IOException ex) {
			throw TlsFaults.handshake(ex, raw.flights());
		}
	}

	private SSLParameters parameters(SSLParameters parameters) {
		SSLParameters wanted = this.settings.tlsParameters();
		if (wanted != null) {
			parameters.setProtocols(wanted.getProtocols());
			parameters.setCipherSuites(wanted.getCipherSuites());
		}
		if (this.settings.verifyHost()) {
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
		}
		return parameters;
	}

	private void verify(SSLSocket socket) throws IOException {
		HostnameVerifier verifier = this.settings.hostVerifier();
		if (this.settings.verifyHost() || verifier == null) {
			return;
		}
		if (!verifier.verify(this.address.certificateName(), socket.getSession())) {
			throw new TransportException(LocalError.TLS_SERVER_NOT_TRUSTED,
					"is not trusted: the HostnameVerifier refuses its certificate",
					new SSLPeerUnverifiedException(this.address.certificateName()));
		}
	}

}
