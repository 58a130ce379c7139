package io.github.mqttspringboot.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.client.FakeMqttClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttMetricsAutoConfiguration}.
 */
class MqttMetricsAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttMetricsAutoConfiguration.class))
		.withBean("first", FakeMqttClient.class, () -> new FakeMqttClient("default"))
		.withBean("second", FakeMqttClient.class, () -> new FakeMqttClient("second"));

	private final ApplicationContextRunner metricsRunner = this.contextRunner
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	@Test
	void theMetersOfEachClientAreRegistered() {
		this.metricsRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			for (String client : new String[] { "default", "second" }) {
				assertThat(registry.get("mqtt.client.connected").tag("client", client).gauge().value()).isZero();
				assertThat(registry.get("mqtt.client.errors").tag("client", client).functionCounters()).hasSize(5);
				assertThat(registry.get("mqtt.client.reconnects").tag("client", client).functionCounters()).hasSize(5);
			}
		});
	}

	@Test
	void eachOfSeveralRegistriesHasTheMetersAndLosesThemWithTheirClient() {
		this.metricsRunner.withBean("one", SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("two", SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				assertThat(context.getBean(MeterRegistry.class)).isInstanceOf(CompositeMeterRegistry.class);
				for (String name : new String[] { "one", "two" }) {
					MeterRegistry registry = context.getBean(name, MeterRegistry.class);
					assertThat(registry.get("mqtt.client.connected").gauges()).as(name).hasSize(2);
				}
				((DefaultListableBeanFactory) context.getBeanFactory()).destroySingleton("second");
				for (String name : new String[] { "one", "two" }) {
					MeterRegistry registry = context.getBean(name, MeterRegistry.class);
					assertThat(registry.get("mqtt.client.errors").functionCounters()).as(name)
						.hasSize(5)
						.allMatch((counter) -> "default".equals(counter.getId().getTag("client")));
				}
			});
	}

	@Test
	void aFilterOfTheApplicationDecidesWhatIsKept() {
		this.metricsRunner
			.withBean("filter", MeterFilter.class, () -> MeterFilter.denyNameStartsWith("mqtt.client.errors"))
			.withBean("tags", MeterFilter.class, () -> MeterFilter.renameTag("mqtt.client", "client", "mqtt"))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.find("mqtt.client.errors").meters()).isEmpty();
				assertThat(registry.get("mqtt.client.reconnects").tag("mqtt", "second").functionCounters()).hasSize(5);
				((DefaultListableBeanFactory) context.getBeanFactory()).destroySingleton("second");
				assertThat(registry.find("mqtt.client.reconnects").tag("mqtt", "second").meters()).isEmpty();
			});
	}

	@Test
	void aClientMayNeedTheRegistry() {
		this.metricsRunner.withUserConfiguration(NeedyConfiguration.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(MeterRegistry.class)
				.satisfies((registry) -> assertThat(
						registry.get("mqtt.client.connected").tag("client", "needy").gauge().value())
					.isZero()));
	}

	@Test
	void theMetersOfAClientGoWithIt() {
		this.metricsRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			((DefaultListableBeanFactory) context.getBeanFactory()).destroySingleton("second");
			assertThat(registry.find("mqtt.client.connected").tag("client", "second").gauge()).isNull();
			assertThat(registry.find("mqtt.client.connected").tag("client", "default").gauge()).isNotNull();
		});
	}

	@Test
	void theMetersGoWithTheContextWhereTheRegistryStays() {
		MeterRegistry registry = new SimpleMeterRegistry();
		try (ConfigurableApplicationContext parent = new GenericApplicationContext()) {
			((GenericApplicationContext) parent).registerBean("registry", MeterRegistry.class, () -> registry);
			parent.refresh();
			this.contextRunner.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class))
				.withParent(parent)
				.withBean("binding", Binding.class)
				.run((context) -> assertThat(registry.find("mqtt.client.connected").gauges()).hasSize(2));
			assertThat(registry.getMeters()).isEmpty();
		}
	}

	@Test
	void itBacksOffWithoutARegistry() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mqttMetrics"));
	}

	@Test
	void itBacksOffWithoutMicrometer() {
		new ApplicationContextRunner().withUserConfiguration(ImportConfiguration.class)
			.withBean(FakeMqttClient.class, FakeMqttClient::new)
			.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mqttMetrics"));
	}

	@Test
	void itBacksOffWhenDisabled() {
		new ApplicationContextRunner().withPropertyValues("mqtt.enabled=false")
			.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttMetricsAutoConfiguration.class,
					MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
					SimpleMetricsExportAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mqttMetrics"));
	}

	@Test
	void aBinderOfTheUserWins() {
		this.metricsRunner.withBean("mqttMetrics", MeterBinder.class, () -> (registry) -> {
		})
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).find("mqtt.client.connected").gauge())
				.isNull());
	}

	@Configuration(proxyBeanMethods = false)
	static class NeedyConfiguration {

		@Bean
		FakeMqttClient needyClient(MeterRegistry registry) {
			registry.counter("needed").increment();
			return new FakeMqttClient("needy");
		}

	}

	/** Binds to a registry of the parent, which Boot leaves to the application. */
	static class Binding {

		Binding(MeterBinder mqttMetrics, MeterRegistry registry) {
			mqttMetrics.bindTo(registry);
		}

	}

	// imported by name, as an application does: only then are annotations read without
	// the classes that they name
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, MqttMetricsAutoConfiguration.class })
	static class ImportConfiguration {

	}

}
