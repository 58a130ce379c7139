package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.paho.PahoWire;
import io.github.mqttspringboot.testing.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A publisher under load behind a proxy, a subscriber beside it, and what must be true
 * after whatever happened to them.
 */
final class ChaosScene implements AutoCloseable {

	private static final int WINDOW = 40;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	final TcpProxy proxy;

	final LiveClient publisher;

	final LiveClient subscriber;

	final ChaosLoad load;

	private final SessionLedger publishing = new SessionLedger(new PahoWire(List.of()));

	private final SessionLedger subscribing = new SessionLedger(new PahoWire(List.of()));

	private final Queue<String> besides = new ConcurrentLinkedQueue<>();

	/** The size of the server's CONNACK. */
	private final long connAck;

	/** How often the publisher was told to reconnect. */
	private int told;

	ChaosScene(int port) {
		this.proxy = TcpProxy.to(port);
		this.publisher = live(this.proxy.uri(), "publisher", this.publishing).connect();
		// It has sent nothing that could be answered
		this.connAck = this.proxy.answered().get(0);
		this.subscriber = live("mqtt://127.0.0.1:" + port, "subscriber", this.subscribing).connect();
		this.load = new ChaosLoad(this.publisher.client);
		this.subscriber.client.subscribe(SubscribeRequest.to("load/+").qos(2).handler(this.load::receive).build(),
				SubscribeRequest.to("window/+").qos(1).handler((message) -> this.besides.add(message.topic())).build())
			.join();
		this.load.start();
	}

	private static LiveClient live(String uri, String clientId, Wire wire) {
		return new LiveClient(uri, (config) -> {
			config.clientId = clientId;
			config.cleanStart = false;
			config.maxInFlight = WINDOW;
			config.bufferSize = 100_000;
		}, wire);
	}

	/** Wait for another connection of the publisher, and for one acknowledgement more. */
	void awaitRecovery(long connectionsBefore) {
		await(() -> assertThat(this.publisher.client.statistics().connections()).isGreaterThan(connectionsBefore));
		long acknowledged = this.load.acknowledged();
		await(() -> assertThat(this.load.acknowledged()).isGreaterThan(acknowledged));
	}

	/** Wait until what was buffered meanwhile is sent, so that none times out. */
	void awaitCaughtUp() {
		await(() -> assertThat(this.load.backlog()).isLessThan(WINDOW));
	}

	/** Stop the load, and wait until each future has ended. */
	void settle() {
		this.load.close();
		await(() -> assertThat(this.load.open()).as("open futures").isEmpty());
		await(() -> assertThat(Stream.of(this.publisher, this.subscriber).map((live) -> live.client.state()))
			.containsOnly(ClientState.CONNECTED));
	}

	void assertNothingAcknowledgedIsLost() {
		await(() -> assertThat(this.load.lost()).as("acknowledged and not received").isEmpty());
	}

	void assertNoQos2MessageCameTwice() {
		assertThat(this.load.twice()).as("QoS 2 messages received twice").isEmpty();
	}

	/** Whatever the server did, the client itself sent and handed over each once. */
	void assertTheClientDoublesNothing() {
		assertThat(this.publishing.faults()).isEmpty();
		assertThat(this.subscribing.faults()).isEmpty();
		assertThat(this.load.twice(0)).as("QoS 0 messages received twice").isEmpty();
		assertThat(this.load.twice())
			.allSatisfy((number) -> assertThat(this.load.receipts(number)).as("receipts of " + number)
				.isLessThanOrEqualTo(this.subscribing.deliveries(number.toString())));
	}

	/** A reconnect is a link, but the first, on which a whole CONNACK was passed. */
	void assertReconnectsAreCounted() {
		long reconnects = reconnects();
		await(() -> assertThat(told()).isEqualTo(this.told));
		assertThat(this.publisher.client.statistics().reconnects().total()).isEqualTo(reconnects - this.told);
		assertThat(this.publisher.client.statistics().connections()).isEqualTo(reconnects + 1);
		await(() -> assertThat(this.publisher.events(MqttConnectedEvent.class)).hasSize((int) reconnects + 1));
		assertThat(this.publisher.events(MqttConnectionLostEvent.class)).hasSize((int) reconnects - this.told);
	}

	/** Have the publisher reconnect: no connection is lost. */
	void reconnect() {
		this.told++;
		this.publisher.client.reconnect();
	}

	private long told() {
		return this.publisher.events(MqttClientStateChangedEvent.class)
			.stream()
			.filter((change) -> "CONNECTED".equals(change.getPreviousState()) && "CONNECTING".equals(change.getState()))
			.count();
	}

	long reconnects() {
		return this.proxy.answered().stream().filter((bytes) -> bytes >= this.connAck).count() - 1;
	}

	void assertNoErrorOfTheClient() {
		assertThat(this.publisher.client.statistics().quarantined()).as("quarantined").isZero();
		assertThat(this.subscriber.client.statistics().quarantined()).as("quarantined").isZero();
		assertThat(Stream.of(this.publisher, this.subscriber).flatMap((live) -> live.events.stream()))
			.noneMatch(MqttProtocolAnomalyEvent.class::isInstance)
			.map(MqttEvent::getFailure)
			.noneMatch((failure) -> failure != null && failure.localError() == LocalError.INTERNAL_ERROR);
	}

	/** Exactly as many messages as ever are sent without an answer. */
	void assertWindowIsBack() {
		this.proxy.stallAnswers();
		CompletableFuture<?>[] futures = Stream.iterate(0, (number) -> number + 1)
			.limit(WINDOW + 10)
			.map((number) -> this.publisher.publish("window/" + number, 1))
			.toArray(CompletableFuture[]::new);
		await(() -> assertThat(this.besides.stream().distinct()).hasSizeGreaterThanOrEqualTo(WINDOW));
		this.subscriber.publish("window/end", 1);
		await(() -> assertThat(this.besides).contains("window/end"));
		assertThat(this.besides.stream().distinct()).hasSize(WINDOW + 1);
		this.proxy.resume();
		assertThat(CompletableFuture.allOf(futures)).succeedsWithin(PATIENCE);
	}

	@Override
	public String toString() {
		return "%s, %d reconnects, %d identifiers given away by the server".formatted(this.load,
				this.publisher.client.statistics().reconnects().total(), this.subscribing.confused());
	}

	static void await(ThrowingRunnable assertion) {
		Awaitility.await()
			.atMost(PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.untilAsserted(assertion);
	}

	@Override
	public void close() {
		this.load.close();
		this.publisher.close();
		this.subscriber.close();
		this.proxy.close();
	}

}
