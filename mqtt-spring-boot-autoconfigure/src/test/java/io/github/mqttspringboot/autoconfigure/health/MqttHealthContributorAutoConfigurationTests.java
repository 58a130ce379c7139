package io.github.mqttspringboot.autoconfigure.health;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.health.MqttHealthIndicator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttHealthContributorAutoConfiguration}.
 */
class MqttHealthContributorAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class,
				MqttHealthContributorAutoConfiguration.class, HealthContributorAutoConfiguration.class))
		.withBean("first", FakeMqttClient.class, MqttHealthContributorAutoConfigurationTests::lostAMinuteAgo);

	@Test
	void aClientHasAnIndicator() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(MqttHealthIndicator.class)
			.getBean("mqttHealthContributor", MqttHealthIndicator.class)
			.satisfies((indicator) -> assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN)));
	}

	@Test
	void theGraceIsThatOfTheProperty() {
		this.contextRunner.withPropertyValues("mqtt.health.down-after=1h")
			.run((context) -> assertThat(context.getBean(MqttHealthIndicator.class).health().getStatus())
				.isEqualTo(Status.UP));
	}

	@Test
	void severalClientsHaveAnIndicatorEach() {
		this.contextRunner.withBean("second", FakeMqttClient.class, () -> new FakeMqttClient("second"))
			.run((context) -> assertThat(context.getBean("mqttHealthContributor", CompositeHealthContributor.class)
				.stream()
				.map((entry) -> entry.name())).containsExactlyInAnyOrder("default", "second"));
	}

	@Test
	void clientsOfOneNameAreToldByTheirBeans() {
		this.contextRunner.withBean("second", FakeMqttClient.class, FakeMqttClient::new)
			.run((context) -> assertThat(context.getBean("mqttHealthContributor", CompositeHealthContributor.class)
				.stream()
				.map((entry) -> entry.name())).containsExactlyInAnyOrder("default", "second"));
	}

	@Test
	void theGraceOfAFurtherClientIsThatOfItsProperty() {
		this.contextRunner
			.withPropertyValues("mqtt.clients.telemetry.auto-startup=false", "mqtt.clients.lost.health.down-after=1h",
					"mqtt.clients.lost.auto-startup=false")
			.withBean("lostMqttClient", FakeMqttClient.class, () -> lostAMinuteAgo("lost"))
			.run((context) -> {
				CompositeHealthContributor health = context.getBean("mqttHealthContributor",
						CompositeHealthContributor.class);
				assertThat(status(health, "telemetry")).isEqualTo(Status.UNKNOWN);
				assertThat(status(health, "default")).isEqualTo(Status.DOWN);
				assertThat(status(health, "lost")).isEqualTo(Status.UP);
			});
	}

	private static Status status(CompositeHealthContributor health, String client) {
		MqttHealthIndicator indicator = (MqttHealthIndicator) health.getContributor(client);
		assertThat(indicator).as(client).isNotNull();
		return indicator.health().getStatus();
	}

	@Test
	void itIsPartOfReadinessOnlyIfTheUserSaysSo() {
		ApplicationContextRunner runner = this.contextRunner
			.withConfiguration(AutoConfigurations.of(HealthEndpointAutoConfiguration.class,
					HealthContributorRegistryAutoConfiguration.class,
					AvailabilityHealthContributorAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class,
					ApplicationAvailabilityAutoConfiguration.class))
			.withBean("second", FakeMqttClient.class,
					() -> new FakeMqttClient("second").connected("mqtt://broker:1883", Instant.EPOCH, false))
			.withPropertyValues("management.endpoint.health.probes.enabled=true");
		runner.run((context) -> {
			available(context);
			assertThat(status(context)).isEqualTo(Status.DOWN);
			assertThat(status(context, "readiness")).isEqualTo(Status.UP);
			assertThat(status(context, "liveness")).isEqualTo(Status.UP);
		});
		runner.withPropertyValues("management.endpoint.health.group.readiness.include=readinessState,mqtt")
			.run((context) -> {
				available(context);
				assertThat(status(context, "readiness")).isEqualTo(Status.DOWN);
				assertThat(status(context, "readiness", "mqtt", "default")).isEqualTo(Status.DOWN);
				assertThat(status(context, "readiness", "mqtt", "second")).isEqualTo(Status.UP);
				assertThat(status(context, "liveness")).isEqualTo(Status.UP);
			});
	}

	private static void available(ApplicationContext context) {
		AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
		AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
	}

	private static Status status(ApplicationContext context, String... path) {
		HealthDescriptor health = context.getBean(HealthEndpoint.class).healthForPath(path);
		assertThat(health).as(String.join("/", path)).isNotNull();
		return health.getStatus();
	}

	@Test
	void itCanBeTurnedOff() {
		this.contextRunner.withPropertyValues("management.health.mqtt.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MqttHealthIndicator.class));
	}

	@Test
	void itBacksOffWithoutHealth() {
		new ApplicationContextRunner().withUserConfiguration(ImportConfiguration.class)
			.withBean(FakeMqttClient.class, FakeMqttClient::new)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mqttHealthContributor"));
	}

	@Test
	void itBacksOffWhenDisabled() {
		new ApplicationContextRunner().withPropertyValues("mqtt.enabled=false")
			.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class,
					MqttHealthContributorAutoConfiguration.class, HealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MqttHealthIndicator.class));
	}

	@Test
	void aClientOfTheApplicationHasAnIndicatorWhenOursIsDisabled() {
		this.contextRunner.withPropertyValues("mqtt.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(MqttHealthIndicator.class));
	}

	private static FakeMqttClient lostAMinuteAgo() {
		return lostAMinuteAgo("default");
	}

	private static FakeMqttClient lostAMinuteAgo(String name) {
		return new FakeMqttClient(name).without(ClientState.WAITING, 1, Instant.now().minusSeconds(60), null, null,
				null);
	}

	// imported by name, as an application does: only then are annotations read without
	// the classes that they name
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, MqttHealthContributorAutoConfiguration.class })
	static class ImportConfiguration {

	}

}
