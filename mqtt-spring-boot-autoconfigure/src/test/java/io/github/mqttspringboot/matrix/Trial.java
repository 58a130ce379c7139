package io.github.mqttspringboot.matrix;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.client.FailingDisk;
import io.github.mqttspringboot.client.MessageHandler;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.health.MqttHealthIndicator;
import io.github.mqttspringboot.metrics.MqttMetrics;
import io.github.mqttspringboot.paho.PahoWire;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.Rule;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.ServerConnection;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One client on the real wire against one scripted broker, with all that its user would
 * see: events, meters, health, history. The broker grants a Receive Maximum of 1, so that
 * one lost permit stops everything, and keeps the session.
 * <p>
 * A scenario says what it expects to be told; {@link #finish()} checks that the client is
 * of full use and has told this and nothing else.
 */
final class Trial implements AutoCloseable {

	static final String REASON = "because of the script";

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final String INBOUND = "in/#";

	final String name = "trial-" + COUNT.incrementAndGet();

	final ScriptedBroker broker = ScriptedBroker.start();

	final Setup setup = new Setup();

	final Tally expectedErrors = new Tally();

	final Tally expectedReconnects = new Tally();

	final Tally expectedEvents = new Tally();

	final List<MqttEvent> events = new CopyOnWriteArrayList<>();

	final List<ReceivedMessage> inbox = new CopyOnWriteArrayList<>();

	final MatrixRow row;

	final Ruling ruling;

	/** Connections that the broker accepts. */
	int expectedConnections;

	/** Connections that the broker sees and does not accept. */
	int expectedRefusals;

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private @Nullable DefaultManagedMqttClient client;

	private boolean subscribed;

	Trial(MatrixRow row, Ruling ruling) {
		this.row = row;
		this.ruling = ruling;
		this.setup.servers(this.broker.uri());
		this.broker.acceptWith(accept());
	}

	/** The CONNACK of a friendly broker. */
	static Reply accept() {
		return Reply.connack(0).receiveMaximum(1);
	}

	// The client

	DefaultManagedMqttClient client() {
		if (this.client == null) {
			// Rules that scenarios have made so far come first
			this.broker.on(When.connect().and((packet) -> !packet.connectFields().cleanStart()))
				.answer(accept().sessionPresent(true));
			FailingDisk disk = this.setup.disk;
			this.client = (disk != null)
					? disk.client(this.setup.settings(this.name), new PahoWire(this.setup.customizers),
							this.ruling.policy(), this.events::add)
					: new DefaultManagedMqttClient(this.setup.settings(this.name), new PahoWire(this.setup.customizers),
							this.ruling.policy(), this.setup.credentials, this.events::add);
			new MqttMetrics(this.client).bindTo(this.meters);
		}
		return this.client;
	}

	/** Connect and take inbound messages. */
	void connect() {
		connectWithoutSubscription();
		subscribeInbound();
	}

	void connectWithoutSubscription() {
		client().start();
		connected();
	}

	/** Connect again, which is nobody's failure. */
	void reconnectOnRequest() {
		client().reconnect();
		connected();
	}

	/** A connection is up, or will be. */
	void connected() {
		this.expectedConnections++;
		this.expectedEvents.add(MqttConnectedEvent.class);
		awaitEvents(MqttConnectedEvent.class, this.expectedConnections);
		awaitState(ClientState.CONNECTED);
	}

	void awaitState(ClientState state) {
		eventually(() -> assertThat(client().state()).isEqualTo(state));
	}

	private void subscribeInbound() {
		this.subscribed = true;
		subscribe(INBOUND, MessageHandler.of(this.inbox::add));
	}

	CompletableFuture<PublishResult> publish(String topic, int qos) {
		return client().publish(PublishRequest.to(topic).payload("x").qos(qos).build());
	}

	CompletableFuture<SubscribeResult> trySubscribe(String... filters) {
		return client().subscribe(List.of(filters)
			.stream()
			.map((filter) -> SubscribeRequest.to(filter).qos(1).build())
			.toArray(SubscribeRequest[]::new));
	}

	void subscribe(String filter, MessageHandler handler) {
		get(client().subscribe(SubscribeRequest.to(filter).qos(2).messageHandler(handler).build()));
	}

	// What is told

	<T extends MqttEvent> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	<T extends MqttEvent> List<T> awaitEvents(Class<T> type, int count) {
		eventually(() -> assertThat(events(type)).hasSize(count));
		return events(type);
	}

	Health health() {
		return new MqttHealthIndicator(client(), Duration.ofSeconds(30)).health();
	}

	/** The counters of a meter that are not 0. */
	Tally meter(String meter) {
		Tally tally = new Tally();
		for (FunctionCounter counter : this.meters.find(meter).tags("client", this.name).functionCounters()) {
			tally.add(String.join("/", counter.getId().getTag("error.class"), counter.getId().getTag("packet"),
					counter.getId().getTag("reason")), (int) counter.count());
		}
		return tally;
	}

	// What is expected

	/** The tags of the row's counter. */
	String key() {
		return this.ruling.label() + "/" + this.row.tags();
	}

	/** The row's failure fails one operation. */
	void expectRejection(Class<? extends MqttEvent> event) {
		expectRejections(event, 1);
	}

	void expectRejections(Class<? extends MqttEvent> event, int count) {
		this.expectedErrors.add(key(), count);
		this.expectedEvents.add(event.getSimpleName(), count);
		awaitEvents(event, count).forEach((told) -> checkEvent(told));
	}

	/** An operation fails in the wake of the row's failure, for a reason of its own. */
	void expectCollateral(String key, Class<? extends MqttEvent> event) {
		this.expectedErrors.add(key);
		this.expectedEvents.add(event);
	}

	/** The row's failure ends a connection: wait for what its class then demands. */
	void expectConnectionLost() {
		this.expectedErrors.add(key());
		this.expectedEvents.add(MqttConnectionLostEvent.class);
		aftermath();
		checkEvent(awaitEvents(MqttConnectionLostEvent.class, 1).get(0));
		this.expectedReconnects.add(key());
	}

	/** The row's failure prevents a connection: wait for what its class then demands. */
	void expectConnectionRefused() {
		this.expectedRefusals++;
		expectConnectionPrevented();
	}

	/** As refused, but the broker did not see it. */
	void expectConnectionPrevented() {
		this.expectedErrors.add(key());
		aftermath();
	}

	/** As prevented; another server is tried within the attempt if the class allows. */
	void expectNextServer() {
		if (this.ruling.errorClass() == ErrorClass.RECONNECT) {
			this.expectedErrors.add(key());
			connected();
		}
		else {
			expectConnectionPrevented();
		}
	}

	private void aftermath() {
		if (this.ruling.errorClass() != ErrorClass.FATAL) {
			this.expectedEvents.add(MqttReconnectScheduledEvent.class);
			MqttReconnectScheduledEvent scheduled = awaitEvents(MqttReconnectScheduledEvent.class, 1).get(0);
			checkEvent(scheduled);
			boolean elsewhere = this.ruling.errorClass() == ErrorClass.REDIRECT
					&& (this.setup.servers.size() > 1 || this.setup.redirect.enabled());
			boolean throttled = this.ruling.errorClass() != ErrorClass.RECONNECT && !elsewhere;
			assertThat(scheduled.getDelay()).isBetween(throttled ? Setup.THROTTLED_FLOOR : Setup.RECONNECT_FLOOR,
					throttled ? Setup.THROTTLED_MAX : Setup.RECONNECT_MAX);
			connected();
			return;
		}
		failed(1);
		// Were there an attempt of its own, one link too many would show at the end
		client().start();
		connected();
	}

	/** The client has failed because of the row, and says so. */
	void failed(int times) {
		this.expectedEvents.add(MqttClientFailedEvent.class);
		checkEvent(awaitEvents(MqttClientFailedEvent.class, times).get(times - 1));
		assertThat(client().state()).isEqualTo(ClientState.FAILED);
		assertThat(health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(health().getDetails()).containsEntry("kind", String.valueOf(this.ruling.kind()));
		assertThat(String.valueOf(health().getDetails().get("lastIncident"))).contains(this.row.failure().title());
	}

	void checkEvent(MqttEvent event) {
		check(event.getFailure(), event.getClassification());
		assertThat(event.getClientName()).isEqualTo(this.name);
		assertThat(event.getSource()).isSameAs(client());
	}

	void check(@Nullable MqttFailure failure, @Nullable Classification classification) {
		MqttFailure expected = this.row.failure();
		assertThat(failure).isNotNull();
		assertThat(failure.title()).isEqualTo(expected.title());
		assertThat(failure.packet()).isEqualTo(expected.packet());
		assertThat(failure.code()).isEqualTo(expected.code());
		assertThat(failure.reasonCode()).isEqualTo(expected.reasonCode());
		assertThat(failure.localError()).isEqualTo(expected.localError());
		if (!this.row.isLocal() && !this.row.packet().equals("AUTH")) {
			assertThat(failure.reasonString()).isEqualTo(REASON);
			assertThat(failure.userProperties()).containsExactly(new UserProperty("hint", "ask the operator"));
		}
		assertThat(classification).isEqualTo(new Classification(this.ruling.errorClass(), this.ruling.rule()));
	}

	/** An operation has failed because of the row. */
	<X extends MqttOperationException> X failed(CompletableFuture<?> future, Class<X> type) {
		X exception = failure(future, type);
		check(exception.getFailure(), exception.getClassification());
		assertThat(exception.getMessage()).contains("'" + this.name + "'").contains(this.row.failure().title());
		return exception;
	}

	static <X extends Throwable> X failure(CompletableFuture<?> future, Class<X> type) {
		try {
			Object result = get(future);
			throw new AssertionError("Did not fail but answered " + result);
		}
		catch (CompletionException ex) {
			assertThat(ex.getCause()).isInstanceOf(type);
			return type.cast(ex.getCause());
		}
	}

	static <T> T get(CompletableFuture<T> future) {
		return future.orTimeout(Setup.PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
	}

	static Reply told(Reply reply) {
		return reply.reason(REASON).userProperty("hint", "ask the operator");
	}

	static void eventually(ThrowingRunnable assertion) {
		Awaitility.await()
			.atMost(Setup.PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(3))
			.untilAsserted(assertion);
	}

	// The end

	/** The client is as good as new and has told what was expected. */
	void finish() {
		theNextOperationsWork();
		eventually(() -> assertThat(Tally.ofEvents(this.events)).isEqualTo(this.expectedEvents));
		assertThat(meter("mqtt.client.errors")).as("errors").isEqualTo(this.expectedErrors);
		assertThat(meter("mqtt.client.reconnects")).as("reconnects").isEqualTo(this.expectedReconnects);
		assertThat(client().statistics().connections()).isEqualTo(this.expectedConnections);
		assertThat(this.broker.connectionCount()).as("network connections")
			.isEqualTo(this.expectedConnections + this.expectedRefusals);
		theHistoryIsComplete();
		theChangesOfTheStateAreComplete();
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(this.broker.violations()).isEmpty();
		eventually(() -> assertThat(this.broker.openConnectionCount()).isEqualTo(1));
	}

	private void theHistoryIsComplete() {
		List<MqttIncident> incidents = client().incidents();
		assertThat(incidents).hasSize(this.expectedErrors.total());
		Tally told = new Tally();
		for (MqttIncident incident : incidents) {
			MqttFailure failure = incident.failure();
			told.add(incident.classification().errorClass().label() + "/" + failure.packet().label() + "/"
					+ failure.reason());
			assertThat(incident.action()).isNotBlank();
			assertThat(incident.isRejection()).isEqualTo(!incident.classification().errorClass().endsConnection());
			assertThat(incident.toString()).contains(failure.title(), incident.classification().rule());
			if (failure.title().equals(this.row.failure().title())) {
				check(failure, incident.classification());
			}
		}
		assertThat(told).as("incidents").isEqualTo(this.expectedErrors);
	}

	private void theChangesOfTheStateAreComplete() {
		String state = ClientState.STOPPED.name();
		for (MqttClientStateChangedEvent change : events(MqttClientStateChangedEvent.class)) {
			assertThat(change.getPreviousState()).isEqualTo(state);
			assertThat(change.getCause()).isNotBlank();
			state = change.getState();
		}
		assertThat(state).isEqualTo(client().state().name());
	}

	private void theNextOperationsWork() {
		if (!this.subscribed) {
			subscribeInbound();
		}
		theWindowIsFull();
		for (int qos = 0; qos <= 2; qos++) {
			PublishResult result = get(publish("next", qos));
			assertThat(result.code()).isZero();
		}
		get(trySubscribe("next/#"));
		inboundMessagesArrive();
		assertThat(get(client().unsubscribe("next/#")).entries()).allMatch((entry) -> entry.code() == 0);
	}

	/** Exactly the one permit that the broker grants is there, not none and not two. */
	void theWindowIsFull() {
		Rule withheld = this.broker.on(When.publish("window/#"));
		withheld.withhold();
		CompletableFuture<PublishResult> first = publish("window/1", 1);
		CompletableFuture<PublishResult> second = publish("window/2", 1);
		ReceivedPacket sent = this.broker.awaitReceived(When.publish("window/1"), 1).get(0);
		get(trySubscribe("marker"));
		assertThat(this.broker.received(When.publish("window/2"))).as("second publish in a window of 1").isEmpty();
		withheld.remove();
		this.broker.lastConnection().send(Reply.puback(0).id(sent.packetId()));
		get(first);
		get(second);
		get(client().unsubscribe("marker"));
	}

	private void inboundMessagesArrive() {
		this.inbox.clear();
		ServerConnection connection = this.broker.lastConnection();
		int link = connection.index();
		connection.send(Reply.publish("in/0", "zero"));
		connection.send(Reply.publish("in/1", "one").qos(1).id(60_001));
		connection.send(Reply.publish("in/2", "two").qos(2).id(60_002));
		this.broker.awaitReceived(When.puback().onConnection(link).and((packet) -> packet.packetId() == 60_001), 1);
		this.broker.awaitReceived(When.pubcomp().onConnection(link).and((packet) -> packet.packetId() == 60_002), 1);
		eventually(() -> assertThat(this.inbox).extracting(ReceivedMessage::topic)
			.containsExactly("in/0", "in/1", "in/2"));
	}

	@Override
	public void close() {
		if (this.client != null) {
			this.client.destroy();
		}
		this.broker.close();
		this.meters.close();
	}

}
