package io.github.mqttspringboot.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.event.MqttEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Spring Boot application as a user would have it, and what its user sees.
 */
final class App implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private App(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static App start(String... properties) {
		return start(Application.class, properties);
	}

	/**
	 * Start the application.
	 * @param beans what else it consists of
	 * @param properties its properties
	 * @return the application
	 */
	static App start(Class<?> beans, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.main.banner-mode=off",
				"management.endpoints.web.exposure.include=*", "mqtt.client-id=acceptance"));
		all.addAll(List.of(properties));
		return new App(new SpringApplicationBuilder(Application.class, beans).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run());
	}

	static App connected(String... properties) {
		App app = start(properties);
		app.awaitState(ClientState.CONNECTED);
		return app;
	}

	ManagedMqttClient client() {
		return this.context.getBean(ManagedMqttClient.class);
	}

	ManagedMqttClient client(String name) {
		return this.context.getBean(name, ManagedMqttClient.class);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	<T> T bean(String name, Class<T> type) {
		return this.context.getBean(name, type);
	}

	List<?> beans() {
		return Stream.of(this.context.getBeanDefinitionNames()).map(this.context::getBean).toList();
	}

	boolean isRunning() {
		return this.context.isRunning();
	}

	void awaitState(ClientState state) {
		Awaitility.await().untilAsserted(() -> assertThat(client().state()).isEqualTo(state));
	}

	CompletableFuture<PublishResult> publish(String topic, int qos) {
		return client().publish(PublishRequest.to(topic).payload("x").qos(qos).build());
	}

	<T extends MqttEvent> List<T> events(Class<T> type) {
		return this.context.getBean(Application.class).events.stream()
			.filter(type::isInstance)
			.map(type::cast)
			.toList();
	}

	<T extends MqttEvent> List<T> awaitEvents(Class<T> type, int count) {
		Awaitility.await().untilAsserted(() -> assertThat(events(type)).hasSize(count));
		return events(type);
	}

	double count(String meter, String... tags) {
		MeterRegistry registry = this.context.getBean(MeterRegistry.class);
		double count = 0;
		for (FunctionCounter counter : registry.find(meter).tags(tags).functionCounters()) {
			count += counter.count();
		}
		for (Counter counter : registry.find(meter).tags(tags).counters()) {
			count += counter.count();
		}
		return count;
	}

	double gauge(String meter) {
		return this.context.getBean(MeterRegistry.class).get(meter).gauge().value();
	}

	Health health() {
		return this.context.getBean("mqttHealthContributor", HealthIndicator.class).health();
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** The application. */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final List<MqttEvent> events = new CopyOnWriteArrayList<>();

		@EventListener
		void on(MqttEvent event) {
			this.events.add(event);
		}

	}

}
