package io.github.mqttspringboot.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

import io.github.mqttspringboot.client.ClientSettings.StartupMode;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ways in which properties are written.
 */
class MqttPropertiesBindingTests {

	private static final MqttFailure NOT_AUTHORIZED = MqttFailure.of(PacketType.CONNACK, ReasonCode.NOT_AUTHORIZED)
		.build();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
		.withPropertyValues("mqtt.auto-startup=false");

	@ParameterizedTest
	@ValueSource(strings = { "mqtt.error-policy.connack.not-authorized=throttled",
			"mqtt.errorPolicy.CONNACK.notAuthorized=THROTTLED", "mqtt.error_policy.connack.not_authorized=Throttled",
			"MQTT.ERRORPOLICY.CONNACK.NOT_AUTHORIZED=throttled" })
	void namesOfAnErrorPolicyAreRelaxed(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(classify(context, NOT_AUTHORIZED))
				.isEqualTo(new Classification(ErrorClass.THROTTLED, "mqtt.error-policy.connack.not-authorized")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "MQTT_ERROR_POLICY_CONNACK_NOT_AUTHORIZED", "MQTT_ERRORPOLICY_CONNACK_NOT_AUTHORIZED",
			"MQTT_ERRORPOLICY_CONNACK_NOTAUTHORIZED" })
	void anErrorPolicyCanBeInTheEnvironment(String variable) {
		environment(Map.of(variable, "throttled")).run((context) -> assertThat(classify(context, NOT_AUTHORIZED))
			.isEqualTo(new Classification(ErrorClass.THROTTLED, "mqtt.error-policy.connack.not-authorized")));
	}

	@Test
	void theEnvironmentOverridesTheErrorPolicyOfAFile() {
		environment(Map.of("MQTT_ERROR_POLICY_CONNACK_NOT_AUTHORIZED", "reconnect",
				"MQTT_ERROR_POLICY_LOCAL_CONNECTION_REFUSED", "fatal"))
			.withPropertyValues("mqtt.error-policy.connack.NOT_AUTHORIZED=throttled",
					"mqtt.error-policy.connack.banned=throttled")
			.run((context) -> {
				assertThat(classify(context, NOT_AUTHORIZED).errorClass()).isEqualTo(ErrorClass.RECONNECT);
				assertThat(classify(context, MqttFailure.local(LocalError.CONNECTION_REFUSED).build()).errorClass())
					.isEqualTo(ErrorClass.FATAL);
				assertThat(
						classify(context, MqttFailure.of(PacketType.CONNACK, ReasonCode.BANNED).build()).errorClass())
					.isEqualTo(ErrorClass.THROTTLED);
			});
	}

	@Test
	void aFurtherClientCanBeInTheEnvironment() {
		environment(Map.of("MQTT_CLIENTS_EU_SERVERS", "mqtt://a,mqtt://b", "MQTT_CLIENTS_EU_KEEP_ALIVE", "5",
				"MQTT_CLIENTS_EU_ERROR_POLICY_CONNACK_NOT_AUTHORIZED", "throttled"))
			.run((context) -> {
				MqttClientProperties client = properties(context).getClients().get("eu");
				assertThat(client.getServers()).containsExactly("mqtt://a", "mqtt://b");
				assertThat(client.getKeepAlive()).isEqualTo(Duration.ofSeconds(5));
				assertThat(context.getBean(MqttClientFactory.class).table("eu").classify(NOT_AUTHORIZED))
					.isEqualTo(new Classification(ErrorClass.THROTTLED,
							"mqtt.clients.eu.error-policy.connack.not-authorized"));
			});
	}

	@ParameterizedTest
	@CsvSource({ "MQTT_ERROR_POLICY_CONNACK_NOT_AUTHORISED, throttled, It names no packet",
			"MQTT_ERROR_POLICY_CONACK_BANNED, throttled, It names no packet",
			"MQTT_ERROR_POLICY_CONNACK_NOT_AUTHORIZED, success, can only be one of" })
	void aMistakeInTheEnvironmentFailsTheStartAndIsFound(String variable, String value, String reason) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", Map.of(variable, value)));
		environment(Map.of(variable, value)).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(new InvalidMqttPropertyFailureAnalyzer(environment).analyze(context.getStartupFailure())
				.getDescription()).contains(reason, "Origin: \"" + variable + "\" from property source");
		});
	}

	@Test
	void valuesAreRelaxed() {
		this.runner
			.withPropertyValues("mqtt.startup-mode=failFast", "mqtt.publish.when-disconnected=FAIL",
					"mqtt.connect-timeout=1500", "mqtt.keep-alive=90", "mqtt.session-expiry=PT1H",
					"mqtt.will.message-expiry=7", "mqtt.maximum-packet-size=2048",
					"mqtt.clients.eu.maximum-packet-size=2KB", "mqtt.servers=mqtt://a", "mqtt.will.topic=a")
			.run((context) -> {
				MqttProperties properties = properties(context);
				assertThat(properties.getStartupMode()).isEqualTo(StartupMode.FAIL_FAST);
				assertThat(properties.getPublish().getWhenDisconnected()).isEqualTo(WhenDisconnected.FAIL);
				assertThat(properties.getConnectTimeout()).isEqualTo(Duration.ofMillis(1500));
				assertThat(properties.getKeepAlive()).isEqualTo(Duration.ofSeconds(90));
				assertThat(properties.getSessionExpiry()).isEqualTo(Duration.ofHours(1));
				assertThat(properties.getWill().getMessageExpiry()).isEqualTo(Duration.ofSeconds(7));
				assertThat(properties.getMaximumPacketSize()).isEqualTo(DataSize.ofKilobytes(2));
				assertThat(properties.getClients().get("eu").getMaximumPacketSize()).isEqualTo(DataSize.ofKilobytes(2));
			});
	}

	@Test
	void serversAreAListOrATextWithCommas() {
		this.runner.withPropertyValues("mqtt.servers=mqtt://a, mqtt://b")
			.run((context) -> assertThat(properties(context).getServers()).containsExactly("mqtt://a", "mqtt://b"));
		this.runner.withPropertyValues("mqtt.servers[0]=mqtt://a", "mqtt.servers[1]=mqtt://b")
			.run((context) -> assertThat(properties(context).getServers()).containsExactly("mqtt://a", "mqtt://b"));
		environment(Map.of("MQTT_SERVERS_0", "mqtt://a", "MQTT_SERVERS_1", "mqtt://b"))
			.run((context) -> assertThat(properties(context).getServers()).containsExactly("mqtt://a", "mqtt://b"));
	}

	@Test
	void aClientWithAHyphenIsOverriddenInTheEnvironmentWithout() {
		environment(Map.of("MQTT_CLIENTS_NORTHGATEWAY_CLIENTID", "mine"))
			.withPropertyValues("mqtt.clients.north-gateway.servers=mqtt://a")
			.run((context) -> {
				assertThat(context.getBeansOfType(ManagedMqttClient.class)).containsOnlyKeys("north-gatewayMqttClient");
				assertThat(context.getBean(ManagedMqttClient.class).connection().clientId()).isEqualTo("mine");
			});
	}

	@Test
	void aHyphenOfAClientInTheEnvironmentFailsTheStart() {
		environment(Map.of("MQTT_CLIENTS_NORTH_GATEWAY_SERVERS", "mqtt://a"))
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("It has no property of a client, but [gateway]. Use the names of properties"));
		environment(Map.of("MQTT_CLIENTS_EU_KEEP_ALIVE", "5"))
			.run((context) -> assertThat(properties(context).getClients().get("eu").getKeepAlive())
				.isEqualTo(Duration.ofSeconds(5)));
	}

	@Test
	void profilesAndPlaceholdersAreResolved(@TempDir Path directory) throws Exception {
		Files.writeString(directory.resolve("application.yml"), """
				mqtt:
				  servers: mqtt://${host:fallback}
				  auto-startup: false
				  user-properties:
				    "[a.B]": ${mqtt.client-id}
				  client-id: one
				---
				spring.config.activate.on-profile: site
				host: site-broker
				mqtt.client-id: two
				""");
		assertThat(start(directory)).isEqualTo(Map.of("servers", "[mqtt://fallback]", "id", "{a.B=one}"));
		assertThat(start(directory, "--spring.profiles.active=site"))
			.isEqualTo(Map.of("servers", "[mqtt://site-broker]", "id", "{a.B=two}"));
	}

	private static Map<String, String> start(Path directory, String... arguments) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("spring.config.location", directory.toUri().toString()));
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			MqttProperties properties = context.getBean(MqttProperties.class);
			return Map.of("servers", properties.getServers().toString(), "id",
					properties.getUserProperties().toString());
		}
	}

	private ApplicationContextRunner environment(Map<String, Object> variables) {
		Map<String, Object> copy = new LinkedHashMap<>(variables);
		return this.runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", copy)));
	}

	private static MqttProperties properties(ApplicationContext context) {
		return context.getBean(MqttProperties.class);
	}

	private static Classification classify(ApplicationContext context, MqttFailure failure) {
		return context.getBean(ErrorClassificationPolicy.class).classify(failure);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MqttAutoConfiguration.class)
	static class Application {

	}

}
