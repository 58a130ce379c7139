package io.github.mqttspringboot.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The whole tour, over HTTP, with the client and the broker as they are.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "sample.broker.port=0", "mqtt.reconnect.base-delay=100ms", "mqtt.reconnect.max-delay=1s",
				"mqtt.reconnect.floor=50ms", "mqtt.reconnect.initial-spread=200ms" })
class SampleApplicationTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final String url;

	@Autowired
	private EmbeddedBroker broker;

	SampleApplicationTests(@Value("${local.server.port}") int port) {
		this.url = "http://127.0.0.1:" + port;
	}

	@BeforeEach
	void connected() {
		this.broker.start();
		await().atMost(TIMEOUT).until(() -> state().get("state").stringValue().equals("CONNECTED"));
	}

	@Test
	void connectsToTheEmbeddedBroker() throws Exception {
		JsonNode state = state();
		assertThat(state.get("server").stringValue()).isEqualTo(this.broker.uri().toString());
		assertThat(state.get("clientId").stringValue()).isEqualTo("mqtt-sample");
		assertThat(state.at("/broker/running").booleanValue()).isTrue();
	}

	@Test
	void subscribesAndReceivesItsOwnReadings() throws Exception {
		try (EventStream events = new EventStream(this.http, URI.create(this.url + "/api/events"))) {
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(events.events("message")).anySatisfy(
						(event) -> assertThat(event.data().get("topic").stringValue()).isEqualTo(Readings.TOPIC)));
		}
		assertThat(state().get("subscriptions")).anySatisfy((subscription) -> {
			assertThat(subscription.get("filter").stringValue()).isEqualTo(Readings.FILTER);
			assertThat(subscription.get("state").stringValue()).isEqualTo("ACTIVE");
		});
	}

	@ParameterizedTest
	@CsvSource({ "0, publish", "1, puback", "2, pubcomp" })
	void publishesAndReceivesWhatIsAllowed(int qos, String packet) throws Exception {
		try (EventStream events = new EventStream(this.http, URI.create(this.url + "/api/events"))) {
			Reply reply = post("publish", """
					{"topic": "sample/hello/%d", "payload": "hi <b>there</b>", "qos": %d}""".formatted(qos, qos));
			assertThat(reply.status()).isEqualTo(200);
			assertThat(reply.text("packet")).isEqualTo(packet);
			assertThat(reply.text("code")).isEqualTo("0x00");
			assertThat(reply.text("reason")).isEqualTo("success");
			await().atMost(TIMEOUT).untilAsserted(() -> assertThat(events.events("message")).anySatisfy((event) -> {
				assertThat(event.data().get("topic").stringValue()).isEqualTo("sample/hello/" + qos);
				assertThat(event.data().get("payload").stringValue()).isEqualTo("hi <b>there</b>");
			}));
		}
	}

	@ParameterizedTest
	@CsvSource({ "1, puback", "2, pubrec" })
	void refusedPublishCostsNothingButItself(int qos, String packet) throws Exception {
		JsonNode before = state();
		double errors = errors(packet, "not-authorized");
		String topic = "denied/" + System.nanoTime();
		try (EventStream events = new EventStream(this.http, URI.create(this.url + "/api/events"))) {
			Reply reply = post("publish", """
					{"topic": "%s", "payload": "hi", "qos": %d}""".formatted(topic, qos));
			assertThat(reply.status()).isEqualTo(422);
			assertFailure(reply, packet, "0x87", "not-authorized");
			assertThat(reply.text("detail")).contains(topic);
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(events.events("MqttPublishRejectedEvent"))
					.filteredOn((event) -> event.data().get("topic").stringValue().equals(topic))
					.singleElement()
					.satisfies((event) -> {
						assertThat(event.data().get("packet").stringValue()).isEqualTo(packet);
						assertThat(event.data().get("code").stringValue()).isEqualTo("0x87");
					}));
		}
		assertConnectionKept(before);
		assertThat(state().get("rejections").longValue()).isEqualTo(before.get("rejections").longValue() + 1);
		assertThat(errors(packet, "not-authorized")).isEqualTo(errors + 1);
		assertThat(post("publish", "{\"topic\": \"sample/after\", \"qos\": " + qos + "}").status()).isEqualTo(200);
	}

	@Test
	void refusedSubscribeCostsNothingButItself() throws Exception {
		JsonNode before = state();
		Reply reply = post("subscribe", "{\"filter\": \"denied/#\", \"qos\": 1}");
		assertThat(reply.status()).isEqualTo(422);
		assertFailure(reply, "suback", "0x87", "not-authorized");
		assertConnectionKept(before);
	}

	@Test
	void subscribesAndUnsubscribes() throws Exception {
		JsonNode before = state();
		Reply subscribed = post("subscribe", "{\"filter\": \"rooms/+\", \"qos\": 1}");
		assertThat(subscribed.status()).isEqualTo(200);
		assertThat(subscribed.text("reason")).isEqualTo("granted-qos-1");
		Reply unsubscribed = post("unsubscribe", "{\"filter\": \"rooms/+\"}");
		assertThat(unsubscribed.status()).isEqualTo(200);
		assertThat(unsubscribed.text("reason")).isEqualTo("success");
		Reply again = post("unsubscribe", "{\"filter\": \"rooms/+\"}");
		assertThat(again.status()).isEqualTo(200);
		assertThat(again.text("packet")).isEqualTo("unsuback");
		assertThat(again.text("code")).isEqualTo("0x11");
		assertThat(again.text("reason")).isEqualTo("no-subscription-existed");
		assertConnectionKept(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "#", "a/+/b", "a\\u0000b", "\\ud800" })
	void topicThatIsNoneIsRefusedBeforeItIsSent(String topic) throws Exception {
		JsonNode before = state();
		Reply reply = post("publish", "{\"topic\": \"" + topic + "\", \"qos\": 1}");
		assertThat(reply.status()).isEqualTo(422);
		assertFailure(reply, "local", "-", "invalid-topic");
		assertConnectionKept(before);
	}

	@Test
	void lostConnectionComesBackWithItsSubscriptionsAndWhatWasPublishedMeanwhile() throws Exception {
		JsonNode before = state();
		try (EventStream events = new EventStream(this.http, URI.create(this.url + "/api/events"))) {
			int connected = events.events("MqttConnectedEvent").size();
			assertThat(post("broker", "{\"action\": \"stop\"}").body().get("running").booleanValue()).isFalse();
			await().atMost(TIMEOUT).until(() -> !state().get("state").stringValue().equals("CONNECTED"));
			assertThat(state().get("server").isNull()).isTrue();
			CompletableFuture<Reply> meanwhile = postAsync("publish",
					"{\"topic\": \"sample/meanwhile\", \"payload\": \"late\", \"qos\": 1}");
			assertThat(post("broker", "{\"action\": \"start\"}").body().get("running").booleanValue()).isTrue();
			assertThat(meanwhile.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
			await().atMost(TIMEOUT).untilAsserted(() -> {
				assertThat(events.events("MqttConnectionLostEvent")).isNotEmpty();
				assertThat(events.events("MqttReconnectScheduledEvent")).isNotEmpty();
				assertThat(events.events("MqttConnectedEvent")).hasSizeGreaterThan(connected)
					.last()
					.satisfies((event) -> assertThat(event.data().get("reconnect").booleanValue()).isTrue());
			});
		}
		JsonNode after = state();
		assertThat(after.get("reconnects").longValue()).isEqualTo(before.get("reconnects").longValue() + 1);
		assertThat(after.get("networkConnections").longValue())
			.isEqualTo(before.get("networkConnections").longValue() + 1);
		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(state().get("subscriptions")).allSatisfy(
					(subscription) -> assertThat(subscription.get("state").stringValue()).isIn("ACTIVE", "REJECTED")));
		try (EventStream events = new EventStream(this.http, URI.create(this.url + "/api/events"))) {
			post("publish", "{\"topic\": \"sample/again\", \"qos\": 1}");
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(events.events("message")).anySatisfy(
						(event) -> assertThat(event.data().get("topic").stringValue()).isEqualTo("sample/again")));
		}
	}

	@Test
	void actuatorShowsTheClient() throws Exception {
		assertThat(get("/actuator/health").body().at("/components/mqtt/status").stringValue()).isEqualTo("UP");
		assertThat(get("/actuator/mqtt").status()).isEqualTo(200);
		assertThat(get("/actuator/metrics/mqtt.client.reconnects").status()).isEqualTo(200);
	}

	private void assertConnectionKept(JsonNode before) throws Exception {
		JsonNode after = state();
		assertThat(after.get("state").stringValue()).isEqualTo("CONNECTED");
		assertThat(after.get("networkConnections")).isEqualTo(before.get("networkConnections"));
		assertThat(after.get("reconnects")).isEqualTo(before.get("reconnects"));
	}

	private static void assertFailure(Reply reply, String packet, String code, String reason) {
		assertThat(reply.text("packet")).isEqualTo(packet);
		assertThat(reply.text("code")).isEqualTo(code);
		assertThat(reply.text("reason")).isEqualTo(reason);
		assertThat(reply.text("errorClass")).isEqualTo("RECOVERABLE");
		assertThat(reply.text("rule")).isEqualTo("default");
		assertThat(reply.text("detail")).isNotBlank();
	}

	private double errors(String packet, String reason) throws Exception {
		Reply reply = get("/actuator/metrics/mqtt.client.errors?tag=error.class:recoverable&tag=packet:" + packet
				+ "&tag=reason:" + reason);
		return (reply.status() == 200) ? reply.body().at("/measurements/0/value").doubleValue() : 0;
	}

	private JsonNode state() throws IOException, InterruptedException {
		return get("/api/state").body();
	}

	private Reply get(String path) throws IOException, InterruptedException {
		return reply(this.http.send(HttpRequest.newBuilder(URI.create(this.url + path)).build(),
				HttpResponse.BodyHandlers.ofString()));
	}

	private Reply post(String path, String body) throws Exception {
		return postAsync(path, body).get(60, TimeUnit.SECONDS);
	}

	private CompletableFuture<Reply> postAsync(String path, String body) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.url + "/api/" + path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
		return this.http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(this::reply);
	}

	private Reply reply(HttpResponse<String> response) {
		return new Reply(response.statusCode(),
				response.body().isEmpty() ? this.mapper.nullNode() : this.mapper.readTree(response.body()));
	}

	private record Reply(int status, JsonNode body) {

		String text(String field) {
			return this.body.path(field).asString("");
		}

	}

}
