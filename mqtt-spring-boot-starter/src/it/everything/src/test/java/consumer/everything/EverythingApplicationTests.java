package consumer.everything;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

import com.jayway.jsonpath.JsonPath;
import consumer.broker.Broker;
import consumer.broker.ClassPath;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.integration.MqttClientManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * All at once. Started as an application is, not as a test's: that would have neither the
 * scrape nor traces.
 */
class EverythingApplicationTests {

	private static Broker broker;

	private static ConfigurableApplicationContext context;

	private final HttpClient http = HttpClient.newHttpClient();

	private final MqttTemplate mqtt = context.getBean(MqttTemplate.class);

	private final MqttTemplate archive = context.getBean("archiveMqttTemplate", MqttTemplate.class);

	private final Meters meters = context.getBean(Meters.class);

	@BeforeAll
	static void start() {
		broker = Broker.start();
		context = SpringApplication.run(EverythingApplication.class, "--mqtt.servers=" + broker.uri());
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			context.close();
		}
		broker.close();
	}

	@Test
	void runsOnTheVersionThatIsAskedFor() {
		assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.version"));
	}

	@Test
	void classPathHasEverything() {
		assertThat(ClassPath.artifacts()).contains("hibernate-validator", "jackson-databind", "micrometer-core",
				"micrometer-registry-prometheus", "micrometer-tracing-bridge-otel", "spring-boot-actuator",
				"spring-boot-devtools", "spring-boot-docker-compose", "spring-integration-mqtt");
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.devtools.restart.Restarter",
			"org.springframework.boot.docker.compose.core.DockerCompose",
			"org.springframework.boot.testcontainers.service.connection.ServiceConnection",
			"org.testcontainers.containers.GenericContainer", "org.testcontainers.hivemq.HiveMQContainer" })
	void toolsForDevelopersArePresent(String name) {
		assertThat(ClassUtils.isPresent(name, null)).isTrue();
	}

	@Test
	void eachClientHasItsBeans() {
		assertThat(context.getBeansOfType(ManagedMqttClient.class).values()).extracting(ManagedMqttClient::name)
			.containsExactlyInAnyOrder("default", "archive");
		assertThat(context.getBeansOfType(MqttTemplate.class)).hasSize(2);
		assertThat(context.getBeansOfType(MqttClientManager.class)).hasSize(2);
	}

	@Test
	void healthIsUpForEachClient() throws Exception {
		String health = get("/actuator/health/mqtt");
		assertThat(JsonPath.<String>read(health, "$.status")).isEqualTo("UP");
		assertThat(JsonPath.<Map<String, ?>>read(health, "$.components")).containsOnlyKeys("default", "archive");
	}

	@Test
	void readingGoesThroughListenerFlowAndArchiveWithinOneTrace() {
		Tracer tracer = context.getBean(Tracer.class);
		Span span = tracer.nextSpan().start();
		try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
			this.mqtt.publish("meters/7/reading", new Reading(42)).join();
		}
		finally {
			span.end();
		}
		await().untilAsserted(() -> assertThat(this.meters.archived()).contains("7=42.0"));
		assertThat(this.meters.traces()).contains(span.context().traceId());
	}

	@Test
	void rejectionIsCountedForItsClientAndKeepsBothConnections() throws Exception {
		int connections = broker.connections();
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.archive.publish("denied/x", "no").join())
			.withCauseInstanceOf(MqttPublishRejectedException.class);
		// Would wait for the next connection
		assertThat(this.archive.publish("open/x", "yes").join().qos()).isOne();
		List<String> counted = get("/actuator/prometheus").lines()
			.filter((line) -> line.startsWith("mqtt_client_errors_total{") && line.contains("not-authorized"))
			.toList();
		assertThat(counted).singleElement()
			.asString()
			.contains("client=\"archive\"", "packet=\"puback\"")
			.endsWith("1.0");
		assertThat(JsonPath.<String>read(get("/actuator/mqtt/archive"), "$.incidents[0].code")).isEqualTo("0x87");
		assertThat(broker.connections()).isEqualTo(connections);
	}

	@Test
	void endpointTakesActionsWhereItIsLetTo() throws Exception {
		int connections = broker.connections();
		HttpRequest request = HttpRequest.newBuilder(uri("/actuator/mqtt/archive"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"action\": \"reconnect\"}"))
			.build();
		HttpResponse<String> response = this.http.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).isBetween(200, 299);
		ManagedMqttClient client = context.getBean("archiveMqttClient", ManagedMqttClient.class);
		await().untilAsserted(() -> {
			assertThat(broker.connections()).isEqualTo(connections + 1);
			assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
		});
	}

	private String get(String path) throws Exception {
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(uri(path)).build(),
				BodyHandlers.ofString());
		assertThat(response.statusCode()).as(path).isEqualTo(200);
		return response.body();
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
	}

}
