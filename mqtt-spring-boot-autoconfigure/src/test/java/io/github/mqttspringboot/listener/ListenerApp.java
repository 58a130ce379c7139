package io.github.mqttspringboot.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.event.MqttEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with listeners.
 */
final class ListenerApp implements AutoCloseable {

	final ConfigurableApplicationContext context;

	private ListenerApp(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start an application and wait until its listeners are subscribed.
	 * @param uri the broker
	 * @param listeners the class of its listeners
	 * @param properties further properties
	 * @return the application
	 */
	static ListenerApp start(String uri, Class<?> listeners, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.main.banner-mode=off", "mqtt.servers=" + uri));
		all.addAll(List.of(properties));
		ListenerApp app = new ListenerApp(
				new SpringApplicationBuilder(Application.class, listeners).web(WebApplicationType.NONE)
					.properties(all.toArray(String[]::new))
					.run());
		app.awaitActive();
		return app;
	}

	ManagedMqttClient client() {
		return this.context.getBean(ManagedMqttClient.class);
	}

	MqttListenerEndpointRegistry registry() {
		return this.context.getBean(MqttListenerEndpointRegistry.class);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	CompletableFuture<PublishResult> publish(String topic, Object payload, int qos) {
		return this.context.getBean(MqttTemplate.class).publish(topic, payload, (builder) -> builder.qos(qos));
	}

	/**
	 * Collect what comes by a topic filter.
	 * @param filter the topic filter
	 * @return the payloads
	 */
	List<String> received(String filter) {
		List<String> payloads = new CopyOnWriteArrayList<>();
		client().subscribe(
				SubscribeRequest.to(filter).handler((message) -> payloads.add(new String(message.payload()))).build())
			.join();
		return payloads;
	}

	void awaitActive() {
		Awaitility.await().untilAsserted(() -> {
			assertThat(client().state()).isEqualTo(ClientState.CONNECTED);
			assertThat(client().subscriptions())
				.allMatch((subscription) -> subscription.state() == SubscriptionStatus.State.ACTIVE);
		});
	}

	<T extends MqttEvent> List<T> events(Class<T> type) {
		return this.context.getBean(Application.class).events.stream()
			.filter(type::isInstance)
			.map(type::cast)
			.toList();
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
