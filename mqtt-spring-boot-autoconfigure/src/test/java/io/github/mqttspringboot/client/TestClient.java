package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.github.mqttspringboot.client.ClientSettings.Listener;
import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.Poison;
import io.github.mqttspringboot.client.ClientSettings.Publish;
import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.ClientSettings.Redirect;
import io.github.mqttspringboot.client.ClientSettings.StartupMode;
import io.github.mqttspringboot.client.ClientSettings.Subscribe;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.client.FakeWire.FakeConnection;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client on a {@link FakeWire} and a {@link VirtualScheduler}.
 */
final class TestClient {

	final VirtualScheduler time = new VirtualScheduler();

	final FakeWire wire = new FakeWire();

	/** All but the changes of the state. */
	final List<MqttEvent> events = new ArrayList<>();

	final List<MqttClientStateChangedEvent> changes = new ArrayList<>();

	final DefaultManagedMqttClient client;

	TestClient() {
		this(UnaryOperator.identity());
	}

	TestClient(UnaryOperator<Config> customizer) {
		Config config = customizer.apply(new Config());
		this.client = new DefaultManagedMqttClient(config.settings(), this.wire, config.policy, config.credentials,
				(event) -> {
					if (event instanceof MqttClientStateChangedEvent change) {
						this.changes.add(change);
					}
					else {
						this.events.add(event);
					}
					config.listener.accept(event);
				}, this.time, new UserExecutors(Runnable::run, config.messages, Runnable::run, () -> {
				}), new Random(config.seed), config.store, config.poisonMessages);
	}

	TestClient start() {
		this.client.start();
		this.time.run();
		return this;
	}

	TestClient connect() {
		start();
		accept(ConnAck.of(false, 0));
		return this;
	}

	void accept(ConnAck connAck) {
		this.wire.last().accept(connAck);
		this.time.run();
	}

	/** Refuse the attempt that is under way. */
	void refuse(int code) {
		accept(ConnAck.of(false, code));
	}

	/** End the attempt or connection. */
	void end(MqttFailure failure) {
		link().close(failure);
		this.time.run();
	}

	/** Lose the connection and get another one. */
	void reconnect(boolean sessionPresent) {
		reconnect(ConnAck.of(sessionPresent, 0));
	}

	void reconnect(ConnAck connAck) {
		int connections = this.wire.connections.size();
		link().close();
		this.time.advance(Duration.ofSeconds(5));
		assertThat(this.wire.connections).hasSize(connections + 1);
		accept(connAck);
	}

	void stop() {
		this.client.stop(false, () -> {
		});
		this.time.run();
	}

	void receive(MqttPacket packet) {
		this.wire.last().receive(packet);
		this.time.run();
	}

	FakeConnection link() {
		this.time.run();
		return this.wire.last();
	}

	<T extends MqttEvent> List<T> events(Class<T> type) {
		this.time.run();
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	/** The changes of the state so far, each as {@code FROM -> TO: cause}. */
	List<String> changes() {
		this.time.run();
		return this.changes.stream()
			.map((event) -> event.getPreviousState() + " -> " + event.getState() + ": " + event.getCause())
			.toList();
	}

	<T> CompletableFuture<T> ran(CompletableFuture<T> future) {
		this.time.run();
		return future;
	}

	Throwable cause(CompletableFuture<?> future) {
		this.time.run();
		assertThat(future).isCompletedExceptionally();
		return future.handle((result, cause) -> cause).join();
	}

	long errors(ErrorClass errorClass, String packet, String reason) {
		return count(this.client.statistics().errors(), errorClass, packet, reason);
	}

	long reconnects(ErrorClass errorClass, String packet, String reason) {
		return count(this.client.statistics().reconnects(), errorClass, packet, reason);
	}

	private static long count(ClientStatistics.Series series, ErrorClass errorClass, String packet, String reason) {
		AtomicLong count = new AtomicLong();
		series.observe((key, value) -> {
			if (key.equals(new ClientStatistics.Key(errorClass, packet, reason))) {
				count.set(value.sum());
			}
		});
		return count.get();
	}

	/**
	 * A CONNACK that accepts, with limits to change.
	 */
	static final class Limits {

		boolean sessionPresent;

		Long sessionExpiry;

		int receiveMaximum = 65_535;

		Long maximumPacketSize;

		boolean wildcards = true;

		boolean shared = true;

		boolean identifiers = true;

		Integer keepAlive;

		static ConnAck connAck(Consumer<Limits> change) {
			Limits limits = new Limits();
			change.accept(limits);
			return new ConnAck(limits.sessionPresent, 0, limits.sessionExpiry, limits.receiveMaximum, 2, true,
					limits.maximumPacketSize, null, 0, limits.wildcards, limits.identifiers, limits.shared,
					limits.keepAlive, null, null, List.of());
		}

	}

	static final class Config {

		String name = "default";

		String clientId = "test";

		boolean generated;

		List<URI> servers = List.of(URI.create("mqtt://one:1883"));

		Duration keepAlive = Duration.ofSeconds(60);

		Duration connectTimeout = Duration.ofSeconds(10);

		boolean cleanStart = true;

		Duration sessionExpiry = Duration.ofMinutes(5);

		int receiveMaximum = 1000;

		Long maximumPacketSize;

		Reconnect reconnect = new Reconnect(Duration.ofSeconds(1), 2, Duration.ofMinutes(2), Duration.ofMillis(250),
				Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(2), Duration.ofSeconds(30), 0,
				Duration.ofMinutes(10));

		int maxInFlight = 1000;

		int queueCapacity = 1000;

		Duration blockedAfter = Listener.defaults().blockedAfter();

		WhenDisconnected whenDisconnected = WhenDisconnected.BUFFER;

		int bufferSize = 1000;

		OnSessionLoss onSessionLoss = OnSessionLoss.RESEND;

		ErrorClassificationPolicy policy = new DefaultErrorClassificationPolicy();

		MqttCredentialsProvider credentials;

		Consumer<MqttEvent> listener = (event) -> {
		};

		/** Calls message handlers. */
		Executor messages = Runnable::run;

		Redirect redirect = Redirect.disabled();

		Persistence persistence = Persistence.memory();

		SessionStore store = new MemorySessionStore();

		Poison poison = Poison.defaults();

		MqttPoisonMessageHandler poisonMessages;

		long seed = 42;

		ClientSettings settings() {
			return new ClientSettings(this.name, this.clientId, this.generated, this.servers, this.keepAlive,
					this.connectTimeout, this.cleanStart, this.sessionExpiry, this.receiveMaximum,
					this.maximumPacketSize, true, List.of(), null, null, true, StartupMode.BACKGROUND,
					Duration.ofSeconds(30), Duration.ofSeconds(10), 50, this.reconnect,
					new Publish(1, false, Duration.ofSeconds(30), this.maxInFlight, this.whenDisconnected,
							this.bufferSize, this.onSessionLoss),
					new Subscribe(1, Duration.ofSeconds(30)), this.redirect, this.persistence,
					new Listener(this.queueCapacity, this.blockedAfter), this.poison);
		}

		Config with(Consumer<Config> change) {
			change.accept(this);
			return this;
		}

	}

}
