package io.github.mqttspringboot.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.endpoint.MqttEndpoint;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.testing.SecretScanner;

/**
 * All that an application shows to people and programs.
 */
final class Sight {

	private static final JsonMapper json = new JsonMapper();

	private Sight() {
	}

	/**
	 * Scan what an application shows, but for its log and its files.
	 * @param app the application
	 * @param scanner what looks
	 */
	static void scan(App app, SecretScanner scanner) {
		ours(app, scanner);
		scanner.text("/actuator/env", json(app.bean(EnvironmentEndpoint.class).environment(null)));
		scanner.text("/actuator/configprops",
				json(app.bean(ConfigurationPropertiesReportEndpoint.class).configurationProperties()));
	}

	/**
	 * Scan what the starter itself shows, and not Spring Boot.
	 * @param app the application
	 * @param scanner what looks
	 */
	static void ours(App app, SecretScanner scanner) {
		scanner.walk("event", app.events(MqttEvent.class));
		scanner.text("/actuator/mqtt", json(app.bean(MqttEndpoint.class).clients()));
		scanner.text("/actuator/health", json(app.bean(HealthEndpoint.class).health()));
		app.bean(MeterRegistry.class).getMeters().forEach((meter) -> {
			scanner.text("meter", meter.getId().toString());
			scanner.text("meter", meter.getId().getTags().toString());
		});
		app.beans().forEach((bean) -> scanner.text("bean", bean.toString()));
		Thread.getAllStackTraces().keySet().forEach((thread) -> scanner.text("thread", thread.getName()));
	}

	/**
	 * Scan files.
	 * @param directory where they are
	 * @param scanner what looks
	 * @return the files
	 */
	static List<Path> files(Path directory, SecretScanner scanner) {
		try (Stream<Path> found = Files.walk(directory)) {
			List<Path> files = found.filter(Files::isRegularFile).toList();
			for (Path file : files) {
				scanner.text("file", file.toString());
				scanner.text("file " + file, Files.readString(file, StandardCharsets.ISO_8859_1));
			}
			return files;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String json(Object value) {
		return json.writeValueAsString(value);
	}

}
