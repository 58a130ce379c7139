package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.awaitility.Awaitility;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.paho.PahoWire;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client on the real wire that reconnects within milliseconds.
 */
final class LiveClient implements AutoCloseable {

	final List<MqttEvent> events = new CopyOnWriteArrayList<>();

	final DefaultManagedMqttClient client;

	LiveClient(String server) {
		this(server, (config) -> {
		});
	}

	LiveClient(String server, Consumer<TestClient.Config> customizer) {
		this(server, customizer, new PahoWire(List.of()));
	}

	LiveClient(String server, Consumer<TestClient.Config> customizer, Wire wire) {
		TestClient.Config config = new TestClient.Config();
		config.servers = List.of(URI.create(server));
		config.reconnect = new Reconnect(Duration.ofMillis(50), 1, Duration.ofMillis(50), Duration.ofMillis(10),
				Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofSeconds(30), 0,
				Duration.ZERO);
		customizer.accept(config);
		this.client = new DefaultManagedMqttClient(config.settings(), wire, config.policy, config.credentials,
				this.events::add, config.poisonMessages);
	}

	LiveClient connect() {
		this.client.start();
		awaitState(ClientState.CONNECTED);
		return this;
	}

	void awaitState(ClientState state) {
		Awaitility.await().untilAsserted(() -> assertThat(this.client.state()).isEqualTo(state));
	}

	void awaitConnections(int count) {
		Awaitility.await().untilAsserted(() -> assertThat(this.client.statistics().connections()).isEqualTo(count));
		awaitState(ClientState.CONNECTED);
	}

	CompletableFuture<PublishResult> publish(String topic, int qos) {
		return this.client.publish(PublishRequest.to(topic).payload("x").qos(qos).build());
	}

	<T extends MqttEvent> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	@Override
	public void close() {
		this.client.destroy();
	}

}
