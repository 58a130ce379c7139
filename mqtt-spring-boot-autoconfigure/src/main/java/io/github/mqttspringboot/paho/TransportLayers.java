package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

import org.jspecify.annotations.Nullable;

/**
 * What is put on top of a connected socket: TLS, WebSocket, both or nothing.
 *
 * @param socket the socket or TLS socket
 * @param input the server's MQTT bytes
 * @param output the way for MQTT bytes to the server
 * @param webSocket the frames, {@code null} without WebSocket
 */
record TransportLayers(Socket socket, InputStream input, OutputStream output, @Nullable WebSocketOutput webSocket) {

	/**
	 * Put the layers on top of a socket. Blocks.
	 * @param raw the connected socket
	 * @param address the server
	 * @param settings how
	 * @param answerWaiting told that flushing the output has something to send
	 * @return the layers
	 * @throws IOException if one does not come up
	 */
	static TransportLayers build(RawSocket raw, ServerAddress address, TransportSettings settings,
			Runnable answerWaiting) throws IOException {
		Socket socket = (address.scheme().isTls()) ? new TlsLayer(address, settings).secure(raw) : raw;
		TransportLayers layers = (address.scheme().isWebSocket()) ? webSocket(socket, address, settings, answerWaiting)
				: new TransportLayers(socket, socket.getInputStream(), socket.getOutputStream(), null);
		raw.established();
		return layers;
	}

	private static TransportLayers webSocket(Socket socket, ServerAddress address, TransportSettings settings,
			Runnable answerWaiting) throws IOException {
		ByteSource source = new ByteSource(socket.getInputStream());
		try {
			new WebSocketUpgrade(address, settings.headerLines()).perform(source, socket.getOutputStream());
		}
		catch (IOException ex) {
			TransportException refused = TlsFaults.afterHandshake(ex);
			throw (refused != null) ? refused : ex;
		}
		WebSocketOutput output = new WebSocketOutput(socket.getOutputStream(), answerWaiting);
		return new TransportLayers(socket, new WebSocketInput(source, output), output, output);
	}

	/**
	 * Tell the server that nothing more will be sent.
	 * @throws IOException if it cannot be told
	 */
	void closeOutput() throws IOException {
		if (this.webSocket != null) {
			this.webSocket.close();
		}
		this.socket.shutdownOutput();
	}

	/**
	 * Return whether the server waits for this side to close, too.
	 * @return whether it does
	 */
	boolean isPeerClosing() {
		return this.webSocket != null && this.webSocket.isPeerClosing();
	}

}
