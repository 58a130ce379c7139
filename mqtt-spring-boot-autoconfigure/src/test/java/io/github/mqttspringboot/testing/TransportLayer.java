package io.github.mqttspringboot.testing;

import java.io.IOException;
import java.net.Socket;

/**
 * What lies between the network and the MQTT packets of a {@link ScriptedBroker}.
 */
@FunctionalInterface
public interface TransportLayer {

	/**
	 * Lay it over a connection.
	 * @param index the place of the connection in the order of accepted ones, from 0
	 * @param socket the connection
	 * @return what MQTT is read from and written to
	 * @throws IOException to end the connection without a violation
	 */
	Socket over(int index, Socket socket) throws IOException;

	/**
	 * Use this layer for the first connection only.
	 * @param next the layer of all others
	 * @return the layer
	 */
	default TransportLayer once(TransportLayer next) {
		return until(1, next);
	}

	/**
	 * Use this layer for the first connections only.
	 * @param count how many they are
	 * @param next the layer of all others
	 * @return the layer
	 */
	default TransportLayer until(int count, TransportLayer next) {
		return (index, socket) -> ((index < count) ? this : next).over(index, socket);
	}

}
