package io.github.mqttspringboot.client;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;

/**
 * The log of a client. Each message says which client it is about, in words and in key
 * values, which structured logging shows as fields. Thread-safe.
 */
final class ClientLog {

	private final Logger logger;

	private final String name;

	private final String clientId;

	private final String prefix;

	private volatile @Nullable String server;

	ClientLog(String name, String clientId) {
		this(LoggerFactory.getLogger(ManagedMqttClient.class), name, clientId);
	}

	ClientLog(Logger logger, String name, String clientId) {
		this.logger = logger;
		this.name = Printable.escape(name);
		this.clientId = Printable.escape(clientId);
		this.prefix = String.format(Locale.ROOT, "MQTT client '%s' (id '%s'): ", this.name, this.clientId);
	}

	/**
	 * Return how a message begins.
	 * @return the client's name and identifier
	 */
	String prefix() {
		return this.prefix;
	}

	/**
	 * Set what the lines that follow have to do with.
	 * @param server the server that the client is connected or connecting to
	 */
	void server(URI server) {
		server(server.toString());
	}

	void server(@Nullable String server) {
		this.server = server;
	}

	boolean isEnabled(Level level) {
		return this.logger.isEnabledForLevel(level);
	}

	void info(String message) {
		write(Level.INFO, Line.of(message, null));
	}

	void warn(String message, @Nullable Throwable cause) {
		write(Level.WARN, Line.of(message, cause));
	}

	void error(String message, @Nullable Throwable cause) {
		write(Level.ERROR, Line.of(message, cause));
	}

	void write(Level level, Line line) {
		if (!isEnabled(level)) {
			return;
		}
		LoggingEventBuilder event = this.logger.atLevel(level);
		for (Map.Entry<String, Object> field : fields(line).entrySet()) {
			event = event.addKeyValue(field.getKey(), field.getValue());
		}
		if (line.cause() != null) {
			event = event.setCause(line.cause());
		}
		event.log(this.prefix + line.text());
	}

	private Map<String, Object> fields(Line line) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("client", this.name);
		fields.put("clientId", this.clientId);
		put(fields, "server", this.server);
		if (line.incident() != null) {
			MqttFailure failure = line.incident().failure();
			fields.put("packet", failure.packet().label());
			put(fields, "code", (failure.localError() == null) ? failure.hex() : null);
			fields.put("reason", failure.reason());
			fields.put("errorClass", line.incident().classification().errorClass().label());
			fields.put("rule", Printable.escape(line.incident().classification().rule()));
			put(fields, "topic", Texts.escape(failure.topic()));
		}
		if (line.folded() > 0) {
			fields.put("folded", line.folded());
		}
		return fields;
	}

	private static void put(Map<String, Object> fields, String key, @Nullable String value) {
		if (value != null) {
			fields.put(key, value);
		}
	}

	/**
	 * What is to be written.
	 *
	 * @param text the message, without the client
	 * @param cause the exception whose trace is shown, {@code null} for none
	 * @param incident what the message is about, {@code null} if it is no failure
	 * @param folded for how many more it stands
	 */
	record Line(String text, @Nullable Throwable cause, @Nullable MqttIncident incident, long folded) {

		static Line of(String text, @Nullable Throwable cause) {
			return new Line(text, cause, null, 0);
		}

		static Line of(String text, @Nullable Throwable cause, MqttIncident incident) {
			return new Line(text, cause, incident, 0);
		}

		/**
		 * Return a line that stands for others.
		 * @param count how many
		 * @param note what is to be said of them
		 * @return the line, without the exception
		 */
		Line standingFor(long count, String note) {
			return new Line(this.text + note, null, this.incident, count);
		}

	}

}
