package io.github.mqttspringboot.autoconfigure.observation;

import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.SendTo;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.MqttListenerAutoConfiguration;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttClientCustomizer;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.core.MqttTemplateCustomizer;
import io.github.mqttspringboot.listener.RecordingClient;
import io.github.mqttspringboot.observation.DefaultMqttProcessObservationConvention;
import io.github.mqttspringboot.observation.DefaultMqttPublishObservationConvention;
import io.github.mqttspringboot.observation.MqttProcessObservationConvention;
import io.github.mqttspringboot.observation.MqttPublishObservationConvention;
import io.github.mqttspringboot.observation.RecordedObservations;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttObservationAutoConfiguration}.
 */
class MqttObservationAutoConfigurationTests {

	private final RecordingClient client = new RecordingClient();

	private final RecordedObservations observations = new RecordedObservations();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttListenerAutoConfiguration.class,
				MqttObservationAutoConfiguration.class))
		.withBean("mqttClient", RecordingClient.class, () -> this.client)
		.withUserConfiguration(Echo.class);

	private final ApplicationContextRunner observed = this.contextRunner.withBean(ObservationRegistry.class,
			() -> this.observations.registry);

	@Test
	void templatesListenersAndRepliesAreObserved() {
		this.observed.run((context) -> {
			exchange(context.getBean(MqttTemplate.class));
			Awaitility.await()
				.untilAsserted(() -> assertThat(this.observations.stopped).extracting(Observation.Context::getName)
					.containsExactly("mqtt.publish", "mqtt.publish", "mqtt.process"));
		});
	}

	@Test
	void nothingIsObservedIfItIsSwitchedOff() {
		this.observed.withPropertyValues("mqtt.observation.enabled=false").run((context) -> {
			exchange(context.getBean(MqttTemplate.class));
			assertThat(this.observations.started).isEmpty();
		});
	}

	@Test
	void aClientCanBeLeftOut() {
		RecordingClient other = new RecordingClient("other");
		this.observed.withBean("otherMqttClient", RecordingClient.class, () -> other, (definition) -> {
			definition.setPrimary(false);
			definition.setFallback(true);
		})
			.withPropertyValues("mqtt.clients.other.observation.enabled=false", "mqtt.servers=mqtt://unused")
			.run((context) -> {
				context.getBean("otherMqttTemplate", MqttTemplate.class).publish("a", "x");
				assertThat(other.allPublished()).hasSize(1);
				assertThat(this.observations.started).isEmpty();
				context.getBean(MqttTemplate.class).publish("a", "x");
				assertThat(this.observations.started).hasSize(1);
			});
	}

	@Test
	void conventionsOfTheApplicationAreUsed() {
		this.observed
			.withBean(MqttPublishObservationConvention.class, () -> new DefaultMqttPublishObservationConvention() {

				@Override
				public String getName() {
					return "my.publish";
				}

			})
			.withBean(MqttProcessObservationConvention.class, () -> new DefaultMqttProcessObservationConvention() {

				@Override
				public String getName() {
					return "my.process";
				}

			})
			.run((context) -> {
				exchange(context.getBean(MqttTemplate.class));
				Awaitility.await()
					.untilAsserted(() -> assertThat(this.observations.stopped).extracting(Observation.Context::getName)
						.containsExactly("my.publish", "my.publish", "my.process"));
			});
	}

	@Test
	void aCustomizerOfTheApplicationHasTheLastWord() {
		this.observed.withBean(MqttTemplateCustomizer.class, () -> (template) -> template.setPublishInterceptor(null))
			.run((context) -> {
				context.getBean(MqttTemplate.class).publish("a", "x");
				assertThat(this.observations.started).isEmpty();
			});
	}

	@Test
	void aMeterRegistryMayPublishByMqtt() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttListenerAutoConfiguration.class,
					MqttObservationAutoConfiguration.class, ObservationAutoConfiguration.class,
					MetricsAutoConfiguration.class))
			.withPropertyValues("mqtt.auto-startup=false", "mqtt.publish.when-disconnected=fail")
			.withUserConfiguration(MeteredByMqtt.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(ManagedMqttClient.class).publish(PublishRequest.to("a").build()))
					.failsWithin(Duration.ofSeconds(10));
				assertThat(context.getBean(MqttTemplate.class).publish("a", "x")).failsWithin(Duration.ofSeconds(10));
				Awaitility.await()
					.untilAsserted(() -> assertThat(context.getBean(MeterRegistry.class).find("mqtt.publish").timers())
						.extracting((timer) -> timer.getId().getTag("error.type"), Timer::count)
						.containsExactly(Tuple.tuple("not-connected", 2L)));
			});
	}

	@Test
	void aClientThatIsLeftOutIsNotObservedAtAll() {
		ownClients("mqtt.observation.enabled=false").run((context) -> {
			context.getBean(ManagedMqttClient.class).publish(PublishRequest.to("a").build());
			context.getBean("other", ManagedMqttClient.class).publish(PublishRequest.to("b").build());
			assertThat(this.observations.started).hasSize(1);
			assertThat(this.observations.started.get(0).getLowCardinalityKeyValue("client").getValue())
				.isEqualTo("other");
		});
	}

	@Test
	void aCustomizerOfTheApplicationTakesTheInterceptorOut() {
		ownClients().withBean(MqttClientCustomizer.class, () -> (client) -> client.setInterceptor(null))
			.run((context) -> {
				context.getBean(ManagedMqttClient.class).publish(PublishRequest.to("a").build());
				assertThat(this.observations.started).isEmpty();
			});
	}

	private ApplicationContextRunner ownClients(String... properties) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(MqttAutoConfiguration.class, MqttObservationAutoConfiguration.class))
			.withBean(ObservationRegistry.class, () -> this.observations.registry)
			.withPropertyValues("mqtt.servers=mqtt://127.0.0.1:1", "mqtt.auto-startup=false",
					"mqtt.clients.other.auto-startup=false")
			.withPropertyValues(properties);
	}

	@Test
	void itBacksOffWithoutARegistry() {
		this.contextRunner.run((context) -> {
			assertThat(context).doesNotHaveBean("mqttObservationTemplateCustomizer");
			exchange(context.getBean(MqttTemplate.class));
		});
	}

	@Test
	void itBacksOffWhereMqttIsDisabled() {
		this.observed.withPropertyValues("mqtt.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mqttObservationTemplateCustomizer"));
	}

	@Test
	void templatesListenersAndRepliesWorkWithoutMicrometer() {
		new ApplicationContextRunner().withUserConfiguration(ImportConfiguration.class, Echo.class)
			.withBean("mqttClient", RecordingClient.class, () -> this.client)
			.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean("mqttObservationTemplateCustomizer");
				exchange(context.getBean(MqttTemplate.class));
			});
	}

	private void exchange(MqttTemplate template) {
		assertThat(template.publish("a", "x")).isCompleted();
		assertThat(this.client.deliver("echo", "x", 1)).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.client.allPublished()).extracting("topic").containsExactly("a", "answers");
	}

	// imported by name, as an application does: only then are annotations read without
	// the classes that they name
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, MqttListenerAutoConfiguration.class,
			MqttObservationAutoConfiguration.class })
	static class ImportConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class MeteredByMqtt {

		@Bean
		MeterRegistry meterRegistry(MqttTemplate template, ManagedMqttClient client) {
			assertThat(template.getClient()).isSameAs(client);
			return new SimpleMeterRegistry();
		}

	}

	static class Echo {

		@MqttListener(topics = "echo")
		@SendTo("answers")
		String echo(String text) {
			return text;
		}

	}

}
