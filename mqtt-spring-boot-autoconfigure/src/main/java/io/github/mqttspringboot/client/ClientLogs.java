package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

import io.github.mqttspringboot.client.ClientLog.Line;

/**
 * Lines about a client that others write. They begin as its own do, and have the same key
 * values.
 *
 * @since 0.1.0
 */
public final class ClientLogs {

	private ClientLogs() {
	}

	/**
	 * Write a line.
	 * @param logger the logger
	 * @param level the level
	 * @param client the client that it is about
	 * @param text what happened, with control characters escaped
	 * @param cause the exception whose trace is shown, {@code null} for none
	 */
	public static void write(Logger logger, Level level, ManagedMqttClient client, String text,
			@Nullable Throwable cause) {
		ConnectionInfo connection = client.connection();
		ClientLog log = new ClientLog(logger, client.name(), connection.clientId());
		log.server(connection.server());
		log.write(level, Line.of(text, cause));
	}

}
