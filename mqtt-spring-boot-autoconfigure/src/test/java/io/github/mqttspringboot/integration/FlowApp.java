package io.github.mqttspringboot.integration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.context.IntegrationFlowContext;
import org.springframework.integration.mqtt.event.MqttConnectionFailedEvent;
import org.springframework.integration.mqtt.event.MqttIntegrationEvent;
import org.springframework.integration.mqtt.inbound.Mqttv5PahoMessageDrivenChannelAdapter;
import org.springframework.integration.mqtt.outbound.Mqttv5PahoMessageHandler;
import org.springframework.integration.mqtt.support.MqttHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.event.MqttEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with Spring Integration's adapters as they are on the shared connection,
 * and what its user sees.
 */
final class FlowApp implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private FlowApp(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static FlowApp start(String uri, String... properties) {
		return start(uri, new Class<?>[] { Application.class }, properties);
	}

	static FlowApp start(String uri, Class<?>[] sources, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.main.banner-mode=off", "mqtt.servers=" + uri,
				"mqtt.client-id=flows", "mqtt.startup-mode=wait", "mqtt.reconnect.initial-spread=100ms",
				"mqtt.reconnect.base-delay=100ms", "mqtt.reconnect.max-delay=1s"));
		all.addAll(List.of(properties));
		return new FlowApp(new SpringApplicationBuilder(sources).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run());
	}

	ManagedMqttClient client() {
		return this.context.getBean(ManagedMqttClient.class);
	}

	MqttClientManager manager() {
		return this.context.getBean(MqttClientManager.class);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/** An adapter whose flow collects what comes. */
	Inbound inbound(String... filters) {
		return inbound(new Mqttv5PahoMessageDrivenChannelAdapter(manager(), filters), (message) -> {
		});
	}

	Inbound inbound(Mqttv5PahoMessageDrivenChannelAdapter adapter, FlowEnd end) {
		Inbound inbound = new Inbound(adapter);
		inbound.registration = this.context.getBean(IntegrationFlowContext.class)
			.registration(IntegrationFlow.from(adapter).handle((message) -> {
				inbound.received.add(message);
				end.accept(message);
			}).get())
			.register();
		return inbound;
	}

	Mqttv5PahoMessageHandler outbound(boolean async) {
		Mqttv5PahoMessageHandler handler = new Mqttv5PahoMessageHandler(manager());
		handler.setAsync(async);
		handler.setAsyncEvents(async);
		this.context.getAutowireCapableBeanFactory().initializeBean(handler, "outbound-" + async);
		handler.start();
		return handler;
	}

	static Message<String> message(String topic, int qos) {
		return MessageBuilder.withPayload("x")
			.copyHeaders(Map.of(MqttHeaders.TOPIC, topic, MqttHeaders.QOS, qos))
			.build();
	}

	<T> List<T> events(Class<T> type) {
		return this.context.getBean(Application.class).events.stream()
			.filter(type::isInstance)
			.map(type::cast)
			.toList();
	}

	<T> List<T> awaitEvents(Class<T> type, int count) {
		Awaitility.await().untilAsserted(() -> assertThat(events(type)).hasSizeGreaterThanOrEqualTo(count));
		return events(type);
	}

	List<Integer> failureCodes() {
		return events(MqttConnectionFailedEvent.class).stream().map(FlowApp::code).toList();
	}

	static @Nullable Integer code(MqttIntegrationEvent event) {
		return (event.getCause() instanceof MqttException ex) ? ex.getReasonCode() : null;
	}

	void awaitState(ClientState state) {
		Awaitility.await().untilAsserted(() -> assertThat(client().state()).isEqualTo(state));
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** What a flow ends with. */
	interface FlowEnd {

		void accept(Message<?> message);

	}

	/** An inbound adapter and what came through it. */
	static final class Inbound {

		private final Mqttv5PahoMessageDrivenChannelAdapter adapter;

		private final List<Message<?>> received = new CopyOnWriteArrayList<>();

		private IntegrationFlowContext.@Nullable IntegrationFlowRegistration registration;

		Inbound(Mqttv5PahoMessageDrivenChannelAdapter adapter) {
			this.adapter = adapter;
		}

		Mqttv5PahoMessageDrivenChannelAdapter adapter() {
			return this.adapter;
		}

		List<Message<?>> received() {
			return this.received;
		}

		List<Object> topics() {
			return this.received.stream()
				.map((message) -> message.getHeaders().get(MqttHeaders.RECEIVED_TOPIC))
				.toList();
		}

		void remove() {
			if (this.registration != null) {
				this.registration.destroy();
			}
		}

	}

	/** The application. */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final List<Object> events = new CopyOnWriteArrayList<>();

		@EventListener
		void on(MqttEvent event) {
			this.events.add(event);
		}

		@EventListener
		void on(MqttIntegrationEvent event) {
			this.events.add(event);
		}

	}

}
