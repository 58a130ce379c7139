package io.github.mqttspringboot.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application on its web server, with a client that does nothing.
 */
@ExtendWith(OutputCaptureExtension.class)
class WebServerTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final HttpClient http = HttpClient.newHttpClient();

	private ConfigurableApplicationContext context;

	private String url;

	@BeforeEach
	void run() {
		this.context = new SpringApplicationBuilder(SampleApplication.class, FakeClientConfiguration.class).run(
				"--server.port=0", "--sample.broker.port=0", "--sample.reading.interval=20ms",
				"--logging.level.org.springframework.boot.tomcat.GracefulShutdown=info");
		this.url = "http://127.0.0.1:" + this.context.getEnvironment().getProperty("local.server.port");
	}

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void logsTourWithTheRealPorts(CapturedOutput output) {
		await().atMost(TIMEOUT).until(() -> output.getOut().contains("Where to look"));
		assertThat(output).contains(this.url + "/api/publish -d")
			.contains(this.context.getBean(EmbeddedBroker.class).uri().toString())
			.doesNotContain("a-password-for-the-sample");
	}

	@Test
	void subscribesAndPublishesReadings() {
		FakeClient client = this.context.getBean(FakeClient.class);
		await().atMost(TIMEOUT).until(() -> client.published.size() >= 3 && !client.subscribed.isEmpty());
		PublishRequest reading = client.published.get(0);
		assertThat(reading.topic()).isEqualTo("sample/reading");
		assertThat(new String(reading.payload(), StandardCharsets.UTF_8)).contains("\"number\":1", "\"celsius\":");
		assertThat(client.subscribed.get(0).filter()).isEqualTo("sample/#");
	}

	@Test
	void publishesNoReadingsWithoutConnection() {
		FakeClient client = this.context.getBean(FakeClient.class);
		client.state = ClientState.WAITING;
		Readings readings = this.context.getBean(Readings.class);
		await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(50)).until(() -> {
			int before = client.published.size();
			readings.publish();
			return client.published.size() == before;
		});
	}

	@Test
	void streamsEachEventWithIdAndName() throws Exception {
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, 0x87).topic("denied/\n\nevent: x").build();
		try (EventStream events = new EventStream(this.http, URI.create(this.url + "/api/events"))) {
			this.context.publishEvent(new MqttPublishRejectedEvent(this, "default", failure,
					new Classification(ErrorClass.RECOVERABLE, "default"), "denied/\n\nevent: x\uD800"));
			await().atMost(TIMEOUT).until(() -> !events.events().isEmpty());
			assertThat(events.events()).singleElement().satisfies((event) -> {
				assertThat(event.name()).isEqualTo("MqttPublishRejectedEvent");
				assertThat(event.id()).isNotEmpty();
				assertThat(event.data().get("topic").stringValue()).isEqualTo("denied/\\u000A\\u000Aevent: x\\uD800");
			});
		}
		try (EventStream late = new EventStream(this.http, URI.create(this.url + "/api/events"))) {
			await().atMost(TIMEOUT).until(() -> late.events("MqttPublishRejectedEvent").size() == 1);
		}
	}

	@Test
	void browserThatIsGoneLeavesNoThreadAndNoNoise(CapturedOutput output) throws Exception {
		EventStream events = new EventStream(this.http, URI.create(this.url + "/api/events"));
		EventFeed feed = this.context.getBean(EventFeed.class);
		feed.add("Test", Map.of());
		await().atMost(TIMEOUT).until(() -> !events.events("Test").isEmpty());
		assertThat(senders()).isEqualTo(1);
		events.close();
		await().atMost(TIMEOUT).until(() -> {
			feed.add("Test", Map.of());
			return senders() == 0;
		});
		assertThat(output).doesNotContain("Exception", "WARN");
	}

	@Test
	void openStreamsEndWithTheApplication(CapturedOutput output) throws Exception {
		EventStream events = new EventStream(this.http, URI.create(this.url + "/api/events"));
		this.context.close();
		await().atMost(TIMEOUT).until(events::isEnded);
		assertThat(output).contains("Graceful shutdown complete").doesNotContain("Graceful shutdown aborted");
	}

	@ParameterizedTest
	@CsvSource({ "/, text/html", "/sample.js, text/javascript", "/sample.css, text/css",
			"/favicon.svg, image/svg+xml" })
	void servesThePageWithStrictContentSecurityPolicy(String path, String type) throws Exception {
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(URI.create(this.url + path)).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type"))
			.hasValueSatisfying((value) -> assertThat(value).startsWith(type));
		assertThat(response.headers().firstValue("Content-Security-Policy"))
			.hasValueSatisfying((value) -> assertThat(value).contains("default-src 'none'").doesNotContain("unsafe"));
		assertThat(response.body()).doesNotContain("innerHTML", "insertAdjacentHTML", "https://", "style=\"",
				"onclick");
	}

	@Test
	void staysUpWithTheBrokerStopped() throws Exception {
		HttpResponse<String> stopped = this.http.send(HttpRequest.newBuilder(URI.create(this.url + "/api/broker"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"stop\"}"))
			.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(stopped.statusCode()).isEqualTo(200);
		HttpResponse<String> state = this.http.send(HttpRequest.newBuilder(URI.create(this.url + "/api/state")).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(state.statusCode()).isEqualTo(200);
		assertThat(state.body()).contains("\"running\":false");
		assertThat(this.context.isRunning()).isTrue();
	}

	private static long senders() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("sample-events-"))
			.count();
	}

	@Configuration(proxyBeanMethods = false)
	static class FakeClientConfiguration {

		@Bean
		FakeClient fakeClient() {
			return new FakeClient();
		}

	}

}
