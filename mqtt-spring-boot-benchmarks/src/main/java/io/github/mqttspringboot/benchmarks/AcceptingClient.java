package io.github.mqttspringboot.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ConnectionInfo;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * A client without a network that accepts every message at once, and allocates nothing.
 */
final class AcceptingClient implements ManagedMqttClient {

	private final CompletableFuture<PublishResult> accepted = CompletableFuture
		.completedFuture(new PublishResult("accepted", 1, PacketType.PUBACK, 0, ReasonCode.SUCCESS, null, List.of()));

	private final ConnectionInfo connection = new ConnectionInfo("bench", "mqtt://127.0.0.1:1883", null, false,
			new ConnectionInfo.Limits(65_535, 268_435_455, 2, true, true, true, true, Duration.ZERO, Duration.ZERO));

	@Override
	public String name() {
		return "default";
	}

	@Override
	public ClientState state() {
		return ClientState.CONNECTED;
	}

	@Override
	public ConnectionInfo connection() {
		return this.connection;
	}

	@Override
	public CompletableFuture<PublishResult> publish(PublishRequest request) {
		return this.accepted;
	}

	@Override
	public CompletableFuture<SubscribeResult> subscribe(SubscribeRequest... requests) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletableFuture<UnsubscribeResult> unsubscribe(String... filters) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<SubscriptionStatus> subscriptions() {
		return List.of();
	}

	@Override
	public List<MqttIncident> incidents() {
		return List.of();
	}

	@Override
	public void start() {
	}

	@Override
	public void stop() {
	}

	@Override
	public void reconnect() {
	}

}
