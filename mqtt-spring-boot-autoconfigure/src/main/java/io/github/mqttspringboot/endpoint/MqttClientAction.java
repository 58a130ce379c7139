package io.github.mqttspringboot.endpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.error.Printable;

/**
 * What an operator can tell a client.
 */
enum MqttClientAction implements Consumer<ManagedMqttClient> {

	/** End the connection, if there is one, and connect at once. */
	RECONNECT(ManagedMqttClient::reconnect),

	/** Disconnect and stop reconnecting. */
	STOP(ManagedMqttClient::stop),

	/** Connect, if stopped or failed. */
	START(ManagedMqttClient::start);

	private final Consumer<ManagedMqttClient> action;

	MqttClientAction(Consumer<ManagedMqttClient> action) {
		this.action = action;
	}

	/**
	 * Return the action of a name.
	 * @param name the name, in any case
	 * @return the action
	 * @throws InvalidEndpointRequestException if there is none
	 */
	static MqttClientAction of(@Nullable String name) {
		for (MqttClientAction action : values()) {
			if (action.name().equalsIgnoreCase(name)) {
				return action;
			}
		}
		List<String> names = Arrays.stream(values())
			.map((action) -> "'" + action.name().toLowerCase(Locale.ROOT) + "'")
			.toList();
		String problem = (name != null) ? "'" + Printable.escape(name) + "' is no 'action' of an MQTT client"
				: "The 'action' is missing";
		String sentence = problem + ": it is one of " + String.join(", ", names);
		throw new InvalidEndpointRequestException(sentence, sentence);
	}

	@Override
	public void accept(ManagedMqttClient client) {
		this.action.accept(client);
	}

}
