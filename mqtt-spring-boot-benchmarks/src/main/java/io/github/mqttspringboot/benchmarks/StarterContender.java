package io.github.mqttspringboot.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.event.MqttConnectedEvent;

/**
 * The client of this project as the auto-configuration makes it, with default settings.
 */
final class StarterContender implements Contender {

	@Override
	public String name() {
		return "mqtt-spring-boot";
	}

	@Override
	public Client create(int port) {
		CountDownLatch connected = new CountDownLatch(1);
		ApplicationListener<MqttConnectedEvent> listener = (event) -> connected.countDown();
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.logStartupInfo(false)
			.listeners(listener)
			.properties("spring.main.banner-mode=off", "mqtt.auto-startup=false",
					"mqtt.servers=mqtt://127.0.0.1:" + port)
			.run();
		return new StarterClient(context, context.getBean(ManagedMqttClient.class), connected);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	private record StarterClient(ConfigurableApplicationContext context, ManagedMqttClient client,
			CountDownLatch connected) implements Client {

		@Override
		public void connect() throws InterruptedException {
			this.client.start();
			if (!this.connected.await(10, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Not connected: " + this.client.incidents());
			}
		}

		@Override
		public void subscribe(String filter, int qos, Consumer<byte[]> handler) {
			this.client
				.subscribe(SubscribeRequest.to(filter)
					.qos(qos)
					.handler((message) -> handler.accept(message.payload()))
					.build())
				.join();
		}

		@Override
		public void publish(String topic, byte[] payload, int qos, Consumer<@Nullable Throwable> done) {
			this.client.publish(PublishRequest.to(topic).payload(payload).qos(qos).build())
				.whenComplete((result, error) -> done.accept(error));
		}

		@Override
		public void close() {
			this.context.close();
		}

	}

}
