package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.paho.PahoWire;

/**
 * A client that names a handler which blocks after 2 seconds instead of 30, with a keep
 * alive of one second and a Receive Maximum of 20.
 */
public final class ImpatientClient {

	private ImpatientClient() {
	}

	public static DefaultManagedMqttClient create(String server, Consumer<MqttEvent> events) {
		TestClient.Config config = new TestClient.Config();
		config.servers = List.of(URI.create(server));
		config.clientId = "impatient";
		config.keepAlive = Duration.ofSeconds(1);
		config.receiveMaximum = 20;
		config.blockedAfter = Duration.ofSeconds(2);
		return new DefaultManagedMqttClient(config.settings(), new PahoWire(List.of()), config.policy, null, events);
	}

}
