package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.javapoet.ClassName;

import io.github.mqttspringboot.autoconfigure.MqttClientAutoConfigurationTests.EventRecorder;
import io.github.mqttspringboot.autoconfigure.MqttClientAutoConfigurationTests.RefusingWire;
import io.github.mqttspringboot.autoconfigure.endpoint.MqttEndpointAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.metrics.MqttMetricsAutoConfiguration;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.MqttCredentialsProvider;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.endpoint.MqttEndpoint;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@code mqtt.clients.*}.
 */
class MqttClientsAutoConfigurationTests {

	private static final String PRIMARY = "mqtt.servers=mqtt://primary";

	private static final String TELEMETRY = "mqtt.clients.telemetry.servers=mqtt://telemetry";

	private static final String COMMANDS = "mqtt.clients.commands.servers=mqtt://commands";

	private final RefusingWire wire = new RefusingWire();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
		.withBean(Wire.class, () -> this.wire)
		.withPropertyValues("spring.application.name=app");

	private final ApplicationContextRunner idle = this.runner.withPropertyValues("mqtt.auto-startup=false", TELEMETRY,
			"mqtt.clients.telemetry.auto-startup=false");

	@Test
	void eachClientConnectsToItsOwnServersAsItself() {
		this.runner
			.withPropertyValues(PRIMARY, "mqtt.client-id=one", "mqtt.username=someone", TELEMETRY,
					"mqtt.clients.telemetry.username=gauge", COMMANDS, "mqtt.clients.commands.client-id=two")
			.run((context) -> {
				assertThat(request("mqtt://primary:1883").clientId()).isEqualTo("one");
				assertThat(request("mqtt://commands:1883").clientId()).isEqualTo("two");
				assertThat(request("mqtt://commands:1883").credentials()).isNull();
				ConnectRequest telemetry = request("mqtt://telemetry:1883");
				assertThat(telemetry.clientId()).matches("app-[a-z0-9]{8}")
					.isNotEqualTo(GeneratedClientId.of("app", ClientNames.PRIMARY));
				assertThat(telemetry.credentials()).isNotNull();
				assertThat(telemetry.credentials().username()).isEqualTo("gauge");
			});
	}

	@Test
	void thePrimaryClientIsMeantWithoutAQualifier() {
		this.idle.withPropertyValues(PRIMARY).withUserConfiguration(Injected.class).run((context) -> {
			Injected injected = context.getBean(Injected.class);
			assertThat(injected.client.name()).isEqualTo("default");
			assertThat(injected.qualified.name()).isEqualTo("default");
			assertThat(injected.telemetry.name()).isEqualTo("telemetry");
			assertThat(injected.all).extracting(ManagedMqttClient::name)
				.containsExactlyInAnyOrder("default", "telemetry");
			assertThat(injected.template).isSameAs(context.getBean("mqttTemplate"))
				.isSameAs(context.getBean("defaultMqttTemplate"));
			assertThat(injected.telemetryTemplate).isSameAs(context.getBean("telemetryMqttTemplate"));
			assertThat(injected.client).isSameAs(context.getBean("mqttClient"))
				.isSameAs(context.getBean("defaultMqttClient"))
				.isSameAs(context.getBean("default"));
			assertThat(injected.telemetry).isSameAs(context.getBean("telemetryMqttClient"))
				.isSameAs(context.getBean("telemetry"));
		});
	}

	@Test
	void withoutServersOfItsOwnThereIsNoPrimaryClient() {
		this.idle.withPropertyValues("mqtt.client-id=unused").run((context) -> {
			assertThat(context).hasSingleBean(ManagedMqttClient.class)
				.hasSingleBean(MqttTemplate.class)
				.doesNotHaveBean("mqttClient")
				.doesNotHaveBean("default")
				.doesNotHaveBean(MqttConnectionDetails.class)
				.doesNotHaveBean(ErrorClassificationPolicy.class);
			assertThat(context.getBean(ManagedMqttClient.class).name()).isEqualTo("telemetry");
		});
	}

	@Test
	void withoutAPrimaryClientOneOfSeveralMustBeNamed() {
		this.idle.withPropertyValues(COMMANDS, "mqtt.clients.commands.auto-startup=false")
			.run((context) -> assertThatExceptionOfType(NoUniqueBeanDefinitionException.class)
				.isThrownBy(() -> context.getBean(ManagedMqttClient.class)));
	}

	@Test
	void disabledThereIsNone() {
		this.idle.withPropertyValues("mqtt.enabled=false", PRIMARY)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ManagedMqttClient.class)
				.doesNotHaveBean(MqttTemplate.class));
	}

	@Test
	void aClientOfTheApplicationIsMeantWithoutAQualifier() {
		this.idle.withPropertyValues(PRIMARY)
			.withBean("mine", FakeMqttClient.class, FakeMqttClient::new)
			.run((context) -> {
				assertThat(context).doesNotHaveBean("mqttClient");
				FakeMqttClient mine = context.getBean(FakeMqttClient.class);
				assertThat(context.getBean(ManagedMqttClient.class)).isSameAs(mine);
				assertThat(context.getBean(MqttTemplate.class).publish("a", "b")).isCompleted();
				assertThat(mine.published()).hasSize(1);
				assertThat(context.getBean("telemetry", ManagedMqttClient.class).name()).isEqualTo("telemetry");
			});
	}

	@Test
	void beansOfTheApplicationWithTheNamesOfOursReplaceThem() {
		this.idle.withBean("telemetryMqttClient", FakeMqttClient.class, () -> new FakeMqttClient("telemetry"))
			.run((context) -> {
				FakeMqttClient mine = context.getBean(FakeMqttClient.class);
				assertThat(context.getBean("telemetry")).isSameAs(mine);
				assertThat(context.getBean("telemetryMqttTemplate", MqttTemplate.class).publish("a", "b"))
					.isCompleted();
				assertThat(mine.published()).hasSize(1);
			});
	}

	@Test
	void aBeanThatHasTheNameOfAClientKeepsIt() {
		this.idle.withBean("telemetry", String.class, () -> "mine").run((context) -> {
			assertThat(context.getBean("telemetry")).isEqualTo("mine");
			assertThat(context).hasBean("telemetryMqttClient");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "keep-alive|65536s|mqtt.clients.telemetry.keep-alive|0s to 65535s",
			"servers|telemetry|mqtt.clients.telemetry.servers|mqtt.clients.telemetry.password",
			"ssl.bundle|nonsense|mqtt.clients.telemetry.ssl.bundle|SslBundles",
			"persistence.type|file|mqtt.clients.telemetry.persistence.directory|mqtt.clients.telemetry.persistence.type",
			"poison.suspect-window|0s|mqtt.clients.telemetry.poison.suspect-window|positive duration",
			"poison.max-strikes|0|mqtt.clients.telemetry.poison.max-strikes|1 to",
			"reconnect.max-delay|1ms|mqtt.clients.telemetry.reconnect.max-delay|mqtt.clients.telemetry.reconnect.floor",
			"reconnect.base-delay|0|mqtt.clients.telemetry.reconnect.base-delay|mqtt.clients.telemetry.reconnect.floor",
			"error-policy.puback.not-authorized|success|mqtt.clients.telemetry.error-policy.puback.not-authorized|recoverable" })
	void anInvalidValueNamesTheFullProperty(String property, String value, String named, String text) {
		this.idle
			.withPropertyValues(
					"mqtt.clients.telemetry.reconnect.floor=2ms".replace("2ms",
							property.endsWith("base-delay") ? "0" : "2ms"),
					"mqtt.clients.telemetry." + property + "=" + value)
			.run((context) -> assertThat(invalid(context)).satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo(named);
				assertThat(ex.getReason() + " " + ex.getAction()).contains(text);
			}));
	}

	@Test
	void aClientIdThatTwoClientsHaveNamesBothProperties() {
		this.idle.withPropertyValues(PRIMARY, "mqtt.client-id=twin", "mqtt.clients.telemetry.client-id=twin")
			.run((context) -> assertThat(invalid(context)).satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("mqtt.clients.telemetry.client-id");
				assertThat(ex.getValue()).isEqualTo("twin");
				assertThat(ex.getReason()).contains("mqtt.client-id");
			}));
		assertThat(this.wire.requests).isEmpty();
	}

	@Test
	void theClientIdOfAnAbsentPrimaryClientIsNotTaken() {
		this.idle.withPropertyValues("mqtt.client-id=twin", "mqtt.clients.telemetry.client-id=twin")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "default, default", "Telemetry, Telemetry", "[a b], a b", "[a.b], a.b", "1st, 1st", "a--b, a--b" })
	void aNameThatCannotBeOneIsExplained(String key, String name) {
		this.runner.withPropertyValues("mqtt.clients." + key + ".servers=mqtt://a")
			.run((context) -> assertThat(invalid(context)).satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("mqtt.clients");
				assertThat(ex.getValue()).isEqualTo(name);
			}));
	}

	@Test
	void namesThatEnvironmentVariablesCannotTellApartAreRefused() {
		this.runner.withPropertyValues("mqtt.clients.a-bc.client-id=x", "mqtt.clients.ab-c.client-id=y")
			.run((context) -> assertThat(invalid(context).getReason()).contains("cannot be told from"));
	}

	@Test
	void anEnvironmentVariableIsForTheClientWithHyphens() {
		this.idle.withPropertyValues("mqtt.clients.north-gateway.auto-startup=false")
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("MQTT_CLIENTS_NORTHGATEWAY_SERVERS", "mqtt://north", "MQTT_CLIENTS_TELEMETRY_CLIENTID",
								"t"))))
			.run((context) -> {
				assertThat(context.getBeansOfType(ManagedMqttClient.class).values()).extracting(ManagedMqttClient::name)
					.containsExactlyInAnyOrder("north-gateway", "telemetry");
				context.getBean("north-gateway", ManagedMqttClient.class).start();
				request("mqtt://north:1883");
				context.getBean("telemetry", ManagedMqttClient.class).start();
				assertThat(request("mqtt://telemetry:1883").clientId()).isEqualTo("t");
			});
	}

	@Test
	void connectionDetailsAreForThePrimaryClientUnlessQualified() {
		this.runner.withPropertyValues(PRIMARY, TELEMETRY, COMMANDS)
			.withUserConfiguration(DetailsOfTwo.class)
			.run((context) -> {
				request("mqtt://details:1883");
				assertThat(request("mqtt://telemetry-details:1883").credentials()).isNotNull();
				request("mqtt://commands:1883");
				assertThat(this.wire.requests)
					.noneMatch((request) -> List.of("primary", "telemetry").contains(request.server().getHost()));
			});
	}

	@Test
	void qualifiedConnectionDetailsLeaveThePropertiesToThePrimaryClient() {
		this.runner.withPropertyValues(PRIMARY, TELEMETRY)
			.withUserConfiguration(DetailsOfTelemetry.class)
			.run((context) -> {
				request("mqtt://telemetry-details:1883");
				request("mqtt://primary:1883");
			});
	}

	@Test
	void theCredentialsProviderIsToldTheNameOfTheClient() {
		this.runner.withPropertyValues(PRIMARY, TELEMETRY)
			.withBean(MqttCredentialsProvider.class, () -> (name) -> MqttCredentials.of(name, "token"))
			.run((context) -> {
				assertThat(request("mqtt://primary:1883").credentials().username()).isEqualTo("default");
				assertThat(request("mqtt://telemetry:1883").credentials().username()).isEqualTo("telemetry");
			});
	}

	@Test
	void eachClientHasItsOwnErrorPolicy() {
		String rule = "mqtt.clients.telemetry.error-policy.local.connection-refused";
		this.runner.withPropertyValues(PRIMARY, TELEMETRY, rule + "=fatal")
			.withBean(EventRecorder.class)
			.run((context) -> {
				ManagedMqttClient telemetry = context.getBean("telemetry", ManagedMqttClient.class);
				Awaitility.await().until(() -> telemetry.state() == ClientState.FAILED);
				assertThat(telemetry.incidents()).extracting(MqttIncident::classification)
					.containsExactly(new Classification(ErrorClass.FATAL, rule));
				ManagedMqttClient primary = context.getBean(ManagedMqttClient.class);
				Awaitility.await().until(() -> !primary.incidents().isEmpty());
				assertThat(primary.incidents()).extracting(MqttIncident::classification)
					.containsOnly(new Classification(ErrorClass.RECONNECT, "default"));
				Awaitility.await()
					.untilAsserted(() -> assertThat(context.getBean(EventRecorder.class).events)
						.filteredOn(MqttClientFailedEvent.class::isInstance)
						.extracting(MqttEvent::getClientName)
						.containsExactly("telemetry"));
			});
	}

	@Test
	void aPolicyOfTheApplicationIsForAllClients() {
		Classification mine = new Classification(ErrorClass.FATAL, "mine");
		this.runner
			.withPropertyValues(PRIMARY, TELEMETRY,
					"mqtt.clients.telemetry.error-policy.local.connection-refused=throttled")
			.withBean(ErrorClassificationPolicy.class, () -> (failure) -> mine)
			.run((context) -> context.getBeansOfType(ManagedMqttClient.class).values().forEach((client) -> {
				Awaitility.await().until(() -> client.state() == ClientState.FAILED);
				assertThat(client.incidents()).extracting(MqttIncident::classification).containsExactly(mine);
			}));
	}

	@Test
	void theEndpointAndTheMetersShowEachClient() {
		this.idle
			.withConfiguration(
					AutoConfigurations.of(MqttEndpointAutoConfiguration.class, MqttMetricsAutoConfiguration.class))
			.withPropertyValues(PRIMARY, "management.endpoints.web.exposure.include=mqtt")
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				assertThat(context.getBean(MqttEndpoint.class).clients().clients()).containsOnlyKeys("default",
						"telemetry");
				MeterRegistry registry = new SimpleMeterRegistry();
				context.getBean(MeterBinder.class).bindTo(registry);
				for (String client : List.of("default", "telemetry")) {
					assertThat(registry.get("mqtt.client.connected").tag("client", client).gauge().value()).isZero();
				}
			});
	}

	@Test
	void aheadOfTimeProcessingKnowsTheClients() {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("test", "App")), files);
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(PRIMARY, TELEMETRY).applyTo(context);
			context.register(MqttAutoConfiguration.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
		}
		assertThat(files.getGeneratedFiles(GeneratedFiles.Kind.SOURCE).values())
			.anySatisfy((source) -> assertThat(source.getInputStream()).asString(StandardCharsets.UTF_8)
				.contains("telemetryMqttClient", "getBean(\"mqttClientFactory\"", "AutowireCandidateQualifier"));
	}

	private ConnectRequest request(String server) {
		return Awaitility.await(server)
			.until(() -> this.wire.requests.stream()
				.filter((request) -> request.server().equals(URI.create(server)))
				.findFirst(), Optional::isPresent)
			.orElseThrow();
	}

	private static InvalidMqttPropertyException invalid(AssertableApplicationContext context) {
		Throwable failure = context.getStartupFailure();
		while (failure != null && !(failure instanceof InvalidMqttPropertyException)) {
			failure = failure.getCause();
		}
		assertThat(failure).isNotNull();
		return (InvalidMqttPropertyException) failure;
	}

	static class Injected {

		private final ManagedMqttClient client;

		private final ManagedMqttClient qualified;

		private final ManagedMqttClient telemetry;

		private final List<ManagedMqttClient> all;

		private final MqttTemplate template;

		private final MqttTemplate telemetryTemplate;

		Injected(ManagedMqttClient client, @Qualifier("default") ManagedMqttClient qualified,
				@Qualifier("telemetry") ManagedMqttClient telemetry, List<ManagedMqttClient> all, MqttTemplate template,
				@Qualifier("telemetry") MqttTemplate telemetryTemplate) {
			this.client = client;
			this.qualified = qualified;
			this.telemetry = telemetry;
			this.all = all;
			this.template = template;
			this.telemetryTemplate = telemetryTemplate;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DetailsOfTwo extends DetailsOfTelemetry {

		@Bean
		MqttConnectionDetails details() {
			return () -> List.of(URI.create("mqtt://details"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DetailsOfTelemetry {

		@Bean
		@Qualifier("telemetry")
		MqttConnectionDetails telemetryDetails() {
			return new MqttConnectionDetails() {

				@Override
				public List<URI> getServers() {
					return List.of(URI.create("mqtt://telemetry-details"));
				}

				@Override
				public String getUsername() {
					return "gauge";
				}

			};
		}

	}

}
