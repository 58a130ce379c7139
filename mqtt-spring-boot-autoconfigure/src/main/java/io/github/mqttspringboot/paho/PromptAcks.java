package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;

import org.jspecify.annotations.Nullable;

/**
 * Lets the system acknowledge at once what it has received, where it can (Linux). A
 * server that leaves Nagle's algorithm on, as Mosquitto does by default, holds back its
 * small packets until then, and the system would wait up to 40 ms for data of ours to
 * carry the acknowledgement. Where data of ours follows anyway, it is better to wait:
 * what the server holds back meanwhile comes in one piece.
 */
final class PromptAcks {

	private final Socket socket;

	private @Nullable SocketOption<Boolean> option;

	/**
	 * Look for what the socket can do.
	 * @param socket the socket
	 */
	PromptAcks(Socket socket) {
		this.socket = socket;
		this.option = find(socket);
	}

	// By name: not every JVM has the module that the option is in
	@SuppressWarnings("unchecked")
	private static @Nullable SocketOption<Boolean> find(Socket socket) {
		for (SocketOption<?> candidate : socket.supportedOptions()) {
			if (candidate.name().equals("TCP_QUICKACK") && candidate.type() == Boolean.class) {
				return (SocketOption<Boolean>) candidate;
			}
		}
		return null;
	}

	/**
	 * Acknowledge. To be repeated: the system takes it as a hint and soon forgets it.
	 */
	void acknowledge() {
		SocketOption<Boolean> current = this.option;
		if (current == null) {
			return;
		}
		try {
			this.socket.setOption(current, true);
		}
		catch (IOException | RuntimeException ex) {
			// Only a hint. If the socket is closed, the read says so
			this.option = null;
		}
	}

}
