package io.github.mqttspringboot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.integration.autoconfigure.IntegrationAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.autoconfigure.endpoint.MqttEndpointAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.health.MqttHealthContributorAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.metrics.MqttMetricsAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.observation.MqttObservationAutoConfiguration;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.endpoint.MqttClientDescriptor;
import io.github.mqttspringboot.endpoint.MqttEndpoint;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.integration.MqttClientManager;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose beans have been worked out when it was built.
 */
@CompileWithForkedClassLoader
class AheadOfTimeTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private ScriptedBroker broker;

	private ScriptedBroker north;

	@BeforeEach
	void start() {
		this.broker = ScriptedBroker.start();
		this.north = ScriptedBroker.start();
		this.broker.routing();
		this.north.routing();
	}

	@AfterEach
	void stop() {
		this.broker.close();
		this.north.close();
	}

	@Test
	void theClientsAreThoseOfThePropertiesThatTheApplicationRunsWith() {
		run((context) -> {
			ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
			ManagedMqttClient other = context.getBean("north", ManagedMqttClient.class);
			assertThat(client.name()).isEqualTo("default");
			assertThat(context.getBean("default")).isSameAs(client);
			assertThat(other.name()).isEqualTo("north");
			assertThat(context.getBeansOfType(ManagedMqttClient.class)).hasSize(2);
			connected(client);
			connected(other);
			assertThat(client.connection().server()).hasToString(this.broker.uri());
			assertThat(other.connection().server()).hasToString(this.north.uri());
			assertThat(this.north.received(PacketType.CONNECT).get(0).connectFields().clientId()).isEqualTo("north-id");
		});
	}

	@Test
	void listenersAndTemplatesOfEachClientWork() {
		run((context) -> {
			Meters meters = context.getBean(Meters.class);
			assertThat(meters.template().publish("meters/7/reading", new Reading(7))).succeedsWithin(TIMEOUT);
			assertThat(meters.north().publish("north/8", new Reading(8))).succeedsWithin(TIMEOUT);
			Awaitility.await()
				.untilAsserted(() -> assertThat(meters.received).containsExactlyInAnyOrder("7: Reading[meterId=7]",
						"north: Reading[meterId=8]"));
			assertThat(this.broker.received(When.publish("meters/7/reading"))).hasSize(1);
			assertThat(this.north.received(When.publish("north/8"))).hasSize(1);
		});
	}

	@Test
	void healthMetersEndpointObservationsAndManagersAreThere() {
		run((context) -> {
			connected(context.getBean(ManagedMqttClient.class));
			connected(context.getBean("north", ManagedMqttClient.class));
			CompositeHealthContributor health = context.getBean("mqttHealthContributor",
					CompositeHealthContributor.class);
			assertThat(health.stream().map(HealthContributors.Entry::name)).containsExactlyInAnyOrder("default",
					"north");
			assertThat(context.getBean(MeterRegistry.class).get("mqtt.client.connected").gauges()).hasSize(2)
				.allSatisfy((gauge) -> assertThat(gauge.value()).isEqualTo(1));
			assertThat(context.getBean(MqttEndpoint.class).clients().clients()).containsOnlyKeys("default", "north");
			assertThat(context.getBeansOfType(MqttClientManager.class)).hasSize(2);
			assertThat(context.getBean(Meters.class).template().publish("a", "x")).succeedsWithin(TIMEOUT);
			Awaitility.await()
				.untilAsserted(() -> assertThat(context.getBean(MeterRegistry.class).find("mqtt.publish").timers())
					.singleElement()
					.satisfies((timer) -> assertThat(timer.count()).isEqualTo(1)));
		});
	}

	@Test
	void theApplicationEndsWithItsConnections() {
		run((context) -> {
			connected(context.getBean(ManagedMqttClient.class));
			connected(context.getBean("north", ManagedMqttClient.class));
			context.close();
			this.broker.awaitReceived(When.packet(PacketType.DISCONNECT), 1);
			this.north.awaitReceived(When.packet(PacketType.DISCONNECT), 1);
		});
	}

	@Test
	void whatANativeImageMustKnowIsHinted() throws Exception {
		TestGenerationContext generation = new TestGenerationContext(Application.class);
		process(generation);
		RuntimeHints hints = generation.getRuntimeHints();
		assertThat(RuntimeHintsPredicates.reflection().onType(MqttProperties.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(MqttProperties.class.getMethod("getClients")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(MqttClientProperties.Reconnect.class.getMethod("setFloor", Duration.class)))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(Meters.class.getDeclaredMethod("reading", String.class, Reading.class))).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Reading.class.getMethod("meterId")))
			.accepts(hints);
		assertThat(
				RuntimeHintsPredicates.reflection().onMethodInvocation(MqttClientDescriptor.class.getMethod("state")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(MqttEndpoint.class.getMethod("clients")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(
					Class.forName("org.eclipse.paho.mqttv5.client.logging.JSR47Logger").getConstructor()))
			.accepts(hints);
	}

	private void run(Consumer<GenericApplicationContext> test) {
		TestGenerationContext generation = new TestGenerationContext(Application.class);
		ClassName initializer = process(generation);
		generation.writeGeneratedContent();
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				TestPropertyValues
					.of("mqtt.servers=" + this.broker.uri(), "mqtt.client-id=primary",
							"mqtt.clients.north.servers=" + this.north.uri(), "mqtt.clients.north.client-id=north-id")
					.applyTo(context);
				initializer(compiled.getInstance(ApplicationContextInitializer.class, initializer.canonicalName()))
					.initialize(context);
				context.refresh();
				test.accept(context);
			}
		});
	}

	@SuppressWarnings("unchecked")
	private static ApplicationContextInitializer<GenericApplicationContext> initializer(
			ApplicationContextInitializer<?> initializer) {
		return (ApplicationContextInitializer<GenericApplicationContext>) initializer;
	}

	// Which clients there are is known when the application is built, and nothing else
	private static ClassName process(TestGenerationContext generation) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues
			.of("mqtt.servers=mqtt://build.invalid", "mqtt.clients.north.servers=mqtt://north.build.invalid",
					"management.endpoints.web.exposure.include=mqtt")
			.applyTo(context);
		context.register(Application.class);
		return new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
	}

	private static void connected(ManagedMqttClient client) {
		Awaitility.await().until(() -> client.state() == ClientState.CONNECTED);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ JacksonAutoConfiguration.class, TaskSchedulingAutoConfiguration.class,
			IntegrationAutoConfiguration.class, ObservationAutoConfiguration.class, MqttAutoConfiguration.class,
			MqttListenerAutoConfiguration.class, MqttIntegrationAutoConfiguration.class,
			MqttHealthContributorAutoConfiguration.class, MqttMetricsAutoConfiguration.class,
			MqttObservationAutoConfiguration.class, MqttEndpointAutoConfiguration.class })
	@Import(Meters.class)
	static class Application {

		@Bean
		SimpleMeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

		@Bean
		SmartInitializingSingleton binding(MeterRegistry registry, ObjectProvider<MeterBinder> binders) {
			return () -> binders.orderedStream().forEach((binder) -> binder.bindTo(registry));
		}

		@Bean
		ObservationRegistryCustomizer<ObservationRegistry> timers(MeterRegistry registry) {
			return (observations) -> observations.observationConfig()
				.observationHandler(new DefaultMeterObservationHandler(registry));
		}

	}

	static class Meters {

		private final List<String> received = new CopyOnWriteArrayList<>();

		private final MqttTemplate template;

		private final MqttTemplate north;

		Meters(MqttTemplate template, @Qualifier("north") MqttTemplate north) {
			this.template = template;
			this.north = north;
		}

		MqttTemplate template() {
			return this.template;
		}

		MqttTemplate north() {
			return this.north;
		}

		@MqttListener(topics = "meters/{id}/reading")
		void reading(@DestinationVariable String id, @Payload Reading reading) {
			this.received.add(id + ": " + reading);
		}

		@MqttListener(topics = "north/#", client = "north")
		void reading(Message<Reading> message) {
			this.received.add("north: " + message.getPayload());
		}

	}

	record Reading(int meterId) {

	}

}
