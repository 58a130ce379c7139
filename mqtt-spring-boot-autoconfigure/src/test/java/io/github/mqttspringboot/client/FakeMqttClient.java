package io.github.mqttspringboot.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * A {@link ManagedMqttClient} without a network, in whatever state a test wants.
 */
public class FakeMqttClient implements ManagedMqttClient {

	private final String name;

	private final ClientStatistics statistics;

	private final List<PublishRequest> published = new ArrayList<>();

	private final List<String> told = new ArrayList<>();

	private volatile ClientState state = ClientState.STOPPED;

	private ConnectionInfo connection = disconnected();

	private ReconnectStatus reconnectStatus = new ReconnectStatus(0, null, null, null, null);

	private List<SubscriptionStatus> subscriptions = List.of();

	private List<MqttIncident> incidents = List.of();

	public FakeMqttClient() {
		this("default");
	}

	public FakeMqttClient(String name) {
		this.name = name;
		this.statistics = new ClientStatistics(new ClientLog(name, "fake-client"));
	}

	/** A message has come for a holder, and waits to be handed to its handlers. */
	public void expect(SubscriptionHolder holder) {
		holder.expect();
	}

	public void handed(SubscriptionHolder holder) {
		holder.handed();
	}

	public FakeMqttClient connected(String server, Instant since, boolean sessionPresent) {
		this.state = ClientState.CONNECTED;
		this.connection = new ConnectionInfo("fake-client", server, since, sessionPresent, limits());
		this.reconnectStatus = new ReconnectStatus(0, null, null, null, null);
		return this;
	}

	public FakeMqttClient without(ClientState state, int attempt, @Nullable Instant lostSince,
			@Nullable Instant nextAttempt, @Nullable MqttIncident lastIncident, @Nullable FatalKind fatalKind) {
		this.state = state;
		this.connection = disconnected();
		this.reconnectStatus = new ReconnectStatus(attempt, lostSince, nextAttempt, lastIncident, fatalKind);
		return this;
	}

	public FakeMqttClient subscriptions(SubscriptionStatus... subscriptions) {
		this.subscriptions = List.of(subscriptions);
		return this;
	}

	public FakeMqttClient incidents(MqttIncident... incidents) {
		this.incidents = List.of(incidents);
		return this;
	}

	public FakeMqttClient countError(MqttFailure failure, ErrorClass errorClass) {
		this.statistics.errors().increment(failure, errorClass);
		return this;
	}

	public FakeMqttClient countReconnect(MqttFailure failure, ErrorClass errorClass) {
		this.statistics.reconnects().increment(failure, errorClass);
		return this;
	}

	public FakeMqttClient countConnection() {
		this.statistics.attempted(ClientStatistics.AttemptOutcome.SUCCESS);
		return this;
	}

	public FakeMqttClient countAttempt(ClientStatistics.AttemptOutcome outcome) {
		this.statistics.attempted(outcome);
		return this;
	}

	public FakeMqttClient countMessage(ClientStatistics.Direction direction, int qos) {
		this.statistics.message(direction, qos);
		return this;
	}

	public FakeMqttClient outbound(int inFlight, int buffered) {
		this.statistics.outbound(inFlight, buffered);
		return this;
	}

	public FakeMqttClient countMessages(int queued, int dropped, Duration unacknowledgedAge) {
		this.statistics.queued(queued);
		for (int i = 0; i < dropped; i++) {
			this.statistics.messageDropped();
		}
		this.statistics.unacknowledgedAge(() -> unacknowledgedAge);
		return this;
	}

	public FakeMqttClient countDroppedEvent() {
		this.statistics.eventDropped();
		return this;
	}

	public List<PublishRequest> published() {
		return this.published;
	}

	/** The calls of {@code start}, {@code stop} and {@code reconnect}, in their order. */
	public List<String> told() {
		return this.told;
	}

	private static ConnectionInfo disconnected() {
		return new ConnectionInfo("fake-client", null, null, false, limits());
	}

	private static ConnectionInfo.Limits limits() {
		return new ConnectionInfo.Limits(20, 1024, 1, true, true, false, false, Duration.ofSeconds(60),
				Duration.ofMinutes(5));
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public ClientState state() {
		return this.state;
	}

	@Override
	public ConnectionInfo connection() {
		return this.connection;
	}

	@Override
	public CompletableFuture<PublishResult> publish(PublishRequest request) {
		this.published.add(request);
		return CompletableFuture.completedFuture(
				new PublishResult(request.topic(), 1, PacketType.PUBACK, 0, ReasonCode.SUCCESS, null, List.of()));
	}

	@Override
	public CompletableFuture<SubscribeResult> subscribe(SubscribeRequest... requests) {
		return CompletableFuture.completedFuture(new SubscribeResult(List.of()));
	}

	@Override
	public CompletableFuture<UnsubscribeResult> unsubscribe(String... filters) {
		return CompletableFuture.completedFuture(new UnsubscribeResult(List.of()));
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
	public ClientStatistics statistics() {
		return this.statistics;
	}

	@Override
	public ReconnectStatus reconnectStatus() {
		return this.reconnectStatus;
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
