package io.github.mqttspringboot.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The Actuator's endpoint over HTTP, with the client and the broker as they are.
 */
class ActuatorEndpointTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper mapper = JsonMapper.builder().build();

	private ConfigurableApplicationContext context;

	private ManagedMqttClient client;

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void tellsOfARejectionARestartAndATakeover() throws Exception {
		run("--management.endpoint.mqtt.access=unrestricted");
		assertThat(post("/api/publish", "{\"topic\": \"denied/x\", \"payload\": \"hi\", \"qos\": 2}").statusCode())
			.isEqualTo(422);
		assertThat(post("/api/broker", "{\"action\": \"restart\"}").statusCode()).isEqualTo(200);
		await().atMost(TIMEOUT).until(() -> this.client.statistics().connections() == 2);
		try (Socket thief = connect("mqtt-sample")) {
			await().atMost(TIMEOUT).until(() -> this.client.state() == ClientState.FAILED);
			assertThat(thief.isConnected()).isTrue();
			JsonNode answer = json(get("/actuator/mqtt"));
			List<String> incidents = answer.at("/clients/default/incidents")
				.valueStream()
				.map((incident) -> incident.get("description").stringValue())
				.toList();
			assertThat(incidents.get(0)).startsWith("DISCONNECT 0x8E Session taken over");
			assertThat(incidents).anySatisfy((incident) -> assertThat(incident)
				.isEqualTo("PUBREC 0x87 Not authorized for denied/x: connection kept, publish failed (rule: default)"));
			assertThat(answer.at("/clients/default/reconnects/reconnect").intValue()).isEqualTo(1);
		}
		assertThat(json(post("/actuator/mqtt/default", "{\"action\": \"start\"}")).at("/clientId").stringValue())
			.isEqualTo("mqtt-sample");
		await().atMost(TIMEOUT).until(() -> this.client.state() == ClientState.CONNECTED);
		assertThat(json(get("/actuator/mqtt/default")).at("/reconnects/fatal").intValue()).isEqualTo(1);
	}

	@Test
	void answersWhatCannotBeDone() throws Exception {
		run("--management.endpoint.mqtt.access=unrestricted");
		assertThat(get("/actuator/mqtt/other").statusCode()).isEqualTo(404);
		assertThat(post("/actuator/mqtt/other", "{\"action\": \"stop\"}").statusCode()).isEqualTo(404);
		for (String body : List.of("{\"action\": \"restart\"}", "{}")) {
			HttpResponse<String> bad = post("/actuator/mqtt/default", body);
			assertThat(bad.statusCode()).as(body).isEqualTo(400);
			assertThat(json(bad).get("error").stringValue()).as(body)
				.endsWith(": it is one of 'reconnect', 'stop', 'start'");
		}
		assertThat(this.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void canOnlyBeReadUnlessAllowed() throws Exception {
		run();
		assertThat(get("/actuator/mqtt/default").statusCode()).isEqualTo(200);
		assertThat(post("/actuator/mqtt/default", "{\"action\": \"stop\"}").statusCode()).isEqualTo(405);
		assertThat(this.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	private void run(String... arguments) {
		this.context = new SpringApplicationBuilder(SampleApplication.class)
			.properties("mqtt.reconnect.base-delay=100ms", "mqtt.reconnect.floor=50ms",
					"mqtt.reconnect.initial-spread=200ms")
			.run(Stream.concat(Stream.of("--server.port=0", "--sample.broker.port=0"), Arrays.stream(arguments))
				.toArray(String[]::new));
		this.client = this.context.getBean(ManagedMqttClient.class);
		await().atMost(TIMEOUT).until(() -> this.client.state() == ClientState.CONNECTED);
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> post(String path, String body) throws Exception {
		return this.http.send(HttpRequest.newBuilder(uri(path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.context.getEnvironment().getProperty("local.server.port") + path);
	}

	private JsonNode json(HttpResponse<String> response) {
		return this.mapper.readTree(response.body());
	}

	/** Connect as somebody else who has the same client identifier. */
	private Socket connect(String clientId) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		text(body, "MQTT");
		body.writeBytes(new byte[] { 5, (byte) 0xC2, 0, 60, 0 });
		text(body, clientId);
		text(body, "sample");
		text(body, "a-password-for-the-sample");
		Socket socket = new Socket(InetAddress.getByName("127.0.0.1"),
				this.context.getBean(EmbeddedBroker.class).uri().getPort());
		socket.getOutputStream().write(new byte[] { 0x10, (byte) body.size() });
		socket.getOutputStream().write(body.toByteArray());
		return socket;
	}

	private static void text(ByteArrayOutputStream output, String text) {
		output.writeBytes(new byte[] { 0, (byte) text.length() });
		output.writeBytes(text.getBytes(StandardCharsets.UTF_8));
	}

}
