package consumer.minimal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import consumer.broker.Broker;
import consumer.broker.ClassPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.ClassUtils;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.core.MqttTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Without Spring Integration there are client, template and listeners all the same.
 */
@SpringBootTest(properties = { "mqtt.startup-mode=fail-fast", "mqtt.client-id=minimal" })
class MinimalApplicationTests {

	private static final Broker broker = Broker.start();

	@Autowired
	private ApplicationContext context;

	@Autowired
	private ManagedMqttClient client;

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
	void classPathHasBootsStarterAndPahoAndNothingElse() {
		assertThat(ClassPath.artifacts()).containsExactlyInAnyOrder(
				// Ours
				"mqtt-spring-boot-autoconfigure", "mqtt-spring-boot-starter", "org.eclipse.paho.mqttv5.client",
				"spring-messaging",
				// Boot's starter
				"commons-logging", "jakarta.annotation-api", "jspecify", "jul-to-slf4j", "log4j-api", "log4j-to-slf4j",
				"logback-classic", "logback-core", "micrometer-commons", "micrometer-observation", "slf4j-api",
				"snakeyaml", "spring-aop", "spring-beans", "spring-boot", "spring-boot-autoconfigure",
				"spring-boot-starter", "spring-boot-starter-logging", "spring-context", "spring-core",
				"spring-expression");
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.micrometer.core.instrument.MeterRegistry", "io.micrometer.tracing.Tracer",
			"jakarta.validation.Validator", "org.springframework.boot.actuate.endpoint.annotation.Endpoint",
			"org.springframework.boot.health.contributor.HealthIndicator",
			"org.springframework.boot.testcontainers.service.connection.ServiceConnection",
			"org.springframework.integration.mqtt.core.ClientManager", "org.testcontainers.containers.GenericContainer",
			"tools.jackson.databind.json.JsonMapper" })
	void whatIsOptionalIsAbsent(String name) {
		assertThat(ClassUtils.isPresent(name, null)).isFalse();
	}

	@Test
	void noBeanIsThereForWhatIsAbsent() {
		List<String> rooms = Stream.of(this.context.getBeanDefinitionNames())
			.map(this.context::getType)
			.filter((type) -> type != null && type.getName().startsWith("io.github.mqttspringboot."))
			.map((type) -> type.getName().split("\\.")[3])
			.distinct()
			.toList();
		assertThat(rooms).contains("client", "core", "listener")
			.doesNotContain("docker", "endpoint", "health", "integration", "metrics", "observation", "testcontainers");
		assertThat(this.context.containsBean("mqttJsonMessageConverter")).isFalse();
	}

	@Test
	void listenerAnswersARequestOfTheTemplate() {
		assertThat(this.mqtt.request("meters/7/read", "kWh", String.class).join()).isEqualTo("7 has 42 kWh");
	}

	@Test
	void rejectionKeepsTheConnection() {
		List<String> received = new CopyOnWriteArrayList<>();
		this.client
			.subscribe(SubscribeRequest.to("open/#").qos(1).handler((message) -> received.add(message.topic())).build())
			.join();
		for (int qos = 1; qos <= 2; qos++) {
			int level = qos;
			assertThatExceptionOfType(CompletionException.class)
				.isThrownBy(() -> this.mqtt.publish("denied/x", "no", (request) -> request.qos(level)).join())
				.withCauseInstanceOf(MqttPublishRejectedException.class);
		}
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.client.subscribe(SubscribeRequest.to("denied/#").handler((message) -> {
			}).build()).join());
		assertThat(this.mqtt.publish("open/x", "yes").join().qos()).isOne();
		await().untilAsserted(() -> assertThat(received).containsExactly("open/x"));
		assertThat(this.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(broker.connections()).isOne();
	}

	@Test
	void executableJarConnects() throws Exception {
		Path log = Path.of("target", "executable.log");
		try (Broker own = Broker.start()) {
			Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-jar", "target/minimal-1.jar", "--mqtt.servers=" + own.uri(), "--mqtt.startup-mode=fail-fast")
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			try {
				await().atMost(Duration.ofSeconds(60))
					.untilAsserted(() -> assertThat(log).content().contains("Started MinimalApplication"));
				assertThat(own.connections()).isOne();
			}
			finally {
				process.destroy();
			}
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		}
	}

	// As its manifest says that it is nothing but dependencies
	@Test
	void executableJarDoesNotHaveTheStarterItself() throws Exception {
		try (JarFile jar = new JarFile("target/minimal-1.jar")) {
			List<String> libraries = jar.stream()
				.map(JarEntry::getName)
				.filter((name) -> name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar"))
				.map((name) -> name.substring("BOOT-INF/lib/".length()))
				.toList();
			assertThat(libraries).anyMatch((name) -> name.startsWith("mqtt-spring-boot-autoconfigure"))
				.noneMatch((name) -> name.startsWith("mqtt-spring-boot-starter"));
		}
	}

}
