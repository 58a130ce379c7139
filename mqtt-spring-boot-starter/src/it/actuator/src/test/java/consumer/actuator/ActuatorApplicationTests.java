package consumer.actuator;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletionException;

import com.jayway.jsonpath.JsonPath;
import consumer.broker.Broker;
import consumer.broker.ClassPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.ClassUtils;

import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.core.MqttTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Health, metrics and the endpoint are there with the Actuator alone.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "mqtt.startup-mode=fail-fast", "mqtt.client-id=actuator", "server.address=127.0.0.1" })
class ActuatorApplicationTests {

	private static final Broker broker = Broker.start();

	private final HttpClient http = HttpClient.newHttpClient();

	@Autowired
	private Environment environment;

	@Autowired
	private MqttTemplate mqtt;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("mqtt.servers", broker::uri);
	}

	@AfterAll
	static void stopBroker() {
		broker.close();
	}

	@Test
	void runsOnTheVersionThatIsAskedFor() {
		assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.version"));
	}

	@Test
	void classPathHasTheActuatorButNoSpringIntegration() {
		assertThat(ClassPath.artifacts()).contains("micrometer-core", "spring-boot-actuator", "spring-boot-health")
			.noneMatch((name) -> name.startsWith("spring-integration"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.micrometer.tracing.Tracer", "jakarta.validation.Validator",
			"org.springframework.integration.mqtt.core.ClientManager",
			"org.testcontainers.containers.GenericContainer" })
	void whatIsNotAskedForIsAbsent(String name) {
		assertThat(ClassUtils.isPresent(name, null)).isFalse();
	}

	@Test
	void healthIsUp() throws Exception {
		HttpResponse<String> response = get("/actuator/health");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<String>read(response.body(), "$.components.mqtt.status")).isEqualTo("UP");
	}

	@Test
	void metricsAndEndpointShowARejectionThatKeptTheConnection() throws Exception {
		double before = errors();
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.mqtt.publish("denied/x", "no", (request) -> request.qos(2)).join())
			.withCauseInstanceOf(MqttPublishRejectedException.class);
		// Would wait for the next connection
		assertThat(this.mqtt.publish("open/x", "yes").join().qos()).isOne();
		assertThat(errors()).isEqualTo(before + 1);
		String client = get("/actuator/mqtt/default").body();
		assertThat(JsonPath.<String>read(client, "$.state")).isEqualTo("CONNECTED");
		assertThat(JsonPath.<String>read(client, "$.clientId")).isEqualTo("actuator");
		assertThat(JsonPath.<Integer>read(client, "$.connections")).isOne();
		assertThat(JsonPath.<String>read(client, "$.incidents[0].code")).isEqualTo("0x87");
		assertThat(JsonPath.<String>read(client, "$.incidents[0].rule")).isEqualTo("default");
		assertThat(broker.connections()).isOne();
	}

	@Test
	void endpointIsReadOnly() throws Exception {
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(uri("/actuator/mqtt/default"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"action\": \"stop\"}"))
			.build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(405);
	}

	private double errors() throws Exception {
		return JsonPath.<Double>read(get("/actuator/metrics/mqtt.client.errors?tag=error.class:recoverable").body(),
				"$.measurements[0].value");
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.environment.getProperty("local.server.port") + path);
	}

}
