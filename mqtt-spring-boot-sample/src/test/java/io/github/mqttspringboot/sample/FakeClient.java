package io.github.mqttspringboot.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

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

/**
 * A client that records what it is asked for and answers what it is told to.
 */
class FakeClient implements ManagedMqttClient {

	final List<PublishRequest> published = new CopyOnWriteArrayList<>();

	final List<SubscribeRequest> subscribed = new CopyOnWriteArrayList<>();

	final List<String> unsubscribed = new CopyOnWriteArrayList<>();

	final List<String> told = new CopyOnWriteArrayList<>();

	CompletableFuture<PublishResult> publishOutcome = new CompletableFuture<>();

	CompletableFuture<SubscribeResult> subscribeOutcome = new CompletableFuture<>();

	CompletableFuture<UnsubscribeResult> unsubscribeOutcome = new CompletableFuture<>();

	ClientState state = ClientState.CONNECTED;

	@Nullable String server = "mqtt://127.0.0.1:18830";

	List<SubscriptionStatus> subscriptions = List.of();

	List<MqttIncident> incidents = List.of();

	@Override
	public String name() {
		return "default";
	}

	@Override
	public ClientState state() {
		return this.state;
	}

	@Override
	public ConnectionInfo connection() {
		return new ConnectionInfo("fake", this.server,
				(this.server != null) ? Instant.parse("2026-01-02T03:04:05Z") : null, false, new ConnectionInfo.Limits(
						65_535, 268_435_460, 2, true, true, true, true, Duration.ofMinutes(1), Duration.ofMinutes(5)));
	}

	@Override
	public CompletableFuture<PublishResult> publish(PublishRequest request) {
		this.published.add(request);
		return this.publishOutcome;
	}

	@Override
	public CompletableFuture<SubscribeResult> subscribe(SubscribeRequest... requests) {
		this.subscribed.addAll(List.of(requests));
		return this.subscribeOutcome;
	}

	@Override
	public CompletableFuture<UnsubscribeResult> unsubscribe(String... filters) {
		this.unsubscribed.addAll(List.of(filters));
		return this.unsubscribeOutcome;
	}

	@Override
	public List<SubscriptionStatus> subscriptions() {
		return this.subscriptions;
	}

	@Override
	public List<MqttIncident> incidents() {
		return this.incidents;
	}

	@Override
	public void start() {
		this.told.add("start");
	}

	@Override
	public void stop() {
		this.told.add("stop");
	}

	@Override
	public void reconnect() {
		this.told.add("reconnect");
	}

}
