package io.github.mqttspringboot.endpoint;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;

/**
 * Tells what the MQTT clients do, and why connections were lost and operations refused.
 * Payloads and credentials are never shown; what came from the network has its control
 * characters escaped.
 *
 * @since 0.1.0
 */
@Endpoint(id = "mqtt", defaultAccess = Access.READ_ONLY)
public class MqttEndpoint {

	private static final Set<ClientState> IDLE = Set.of(ClientState.STOPPED, ClientState.FAILED);

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final List<ManagedMqttClient> clients;

	/**
	 * Create the endpoint.
	 * @param clients the clients
	 */
	public MqttEndpoint(Collection<? extends ManagedMqttClient> clients) {
		// A mock has no name, and nothing to describe
		this.clients = clients.stream()
			.map(ManagedMqttClient.class::cast)
			.filter((client) -> client.name() != null)
			.sorted(Comparator.comparing(ManagedMqttClient::name))
			.toList();
	}

	/**
	 * Describe all clients.
	 * @return the clients by name
	 */
	@ReadOperation
	public MqttClientsDescriptor clients() {
		Map<String, MqttClientDescriptor> descriptors = new LinkedHashMap<>();
		this.clients.forEach((client) -> descriptors.put(client.name(), MqttClientDescriptor.of(client)));
		return new MqttClientsDescriptor(descriptors);
	}

	/**
	 * Describe one client.
	 * @param client the name of the client
	 * @return the client, {@code null} if there is none of that name
	 */
	@ReadOperation
	public @Nullable MqttClientDescriptor client(@Selector String client) {
		return find(client).map(MqttClientDescriptor::of).orElse(null);
	}

	/**
	 * Tell one client what to do. Refused unless {@code management.endpoint.mqtt.access}
	 * is {@code unrestricted}. Returns when the client has begun to do it, or has not
	 * within half a second, after a stop when it has stopped.
	 * @param client the name of the client
	 * @param action {@code reconnect}, {@code stop} or {@code start}
	 * @return the client afterwards, {@code null} if there is none of that name
	 * @throws InvalidEndpointRequestException if there is no such action
	 */
	@WriteOperation
	public @Nullable MqttClientDescriptor act(@Selector String client, @Nullable String action) {
		ManagedMqttClient found = find(client).orElse(null);
		if (found == null) {
			return null;
		}
		MqttClientAction told = MqttClientAction.of(action);
		told.accept(found);
		if (told != MqttClientAction.STOP) {
			awaitBeginning(found);
		}
		return MqttClientDescriptor.of(found);
	}

	// It begins on a thread of its own, and who asked is to see that it has
	private static void awaitBeginning(ManagedMqttClient client) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (IDLE.contains(client.state()) && System.nanoTime() < deadline) {
			try {
				Thread.sleep(5);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

	private Optional<ManagedMqttClient> find(String name) {
		return this.clients.stream().filter((candidate) -> candidate.name().equals(name)).findFirst();
	}

}
