package io.github.mqttspringboot.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads server-sent events like a browser does.
 */
final class EventStream implements AutoCloseable {

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final List<Event> events = new CopyOnWriteArrayList<>();

	private final InputStream body;

	private volatile boolean ended;

	EventStream(HttpClient http, URI uri) throws IOException, InterruptedException {
		HttpResponse<InputStream> response = http.send(HttpRequest.newBuilder(uri).build(),
				HttpResponse.BodyHandlers.ofInputStream());
		if (response.statusCode() != 200) {
			throw new IOException("HTTP " + response.statusCode());
		}
		this.body = response.body();
		Thread thread = new Thread(this::read, "test-events");
		thread.setDaemon(true);
		thread.start();
	}

	List<Event> events() {
		return this.events;
	}

	List<Event> events(String name) {
		return this.events.stream().filter((event) -> event.name().equals(name)).toList();
	}

	boolean isEnded() {
		return this.ended;
	}

	@Override
	public void close() throws IOException {
		this.body.close();
	}

	private void read() {
		String name = "";
		String id = "";
		try (BufferedReader reader = new BufferedReader(new InputStreamReader(this.body, StandardCharsets.UTF_8))) {
			String line = reader.readLine();
			while (line != null) {
				if (line.startsWith("event:")) {
					name = line.substring("event:".length());
				}
				else if (line.startsWith("id:")) {
					id = line.substring("id:".length());
				}
				else if (line.startsWith("data:")) {
					this.events.add(new Event(id, name, this.mapper.readTree(line.substring("data:".length()))));
				}
				line = reader.readLine();
			}
		}
		catch (IOException ex) {
			// Closed by the test
		}
		this.ended = true;
	}

	record Event(String id, String name, JsonNode data) {

	}

}
