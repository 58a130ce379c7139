package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

import io.github.mqttspringboot.client.ClientSettings.StartupMode;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

/**
 * The {@link ManagedMqttClient} that the auto-configuration creates: the calls, turned
 * into messages to the engine, and the life cycle of the bean.
 *
 * @since 0.1.0
 */
public final class DefaultManagedMqttClient implements ManagedMqttClient, SmartLifecycle, DisposableBean {

	private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

	private final ClientSettings settings;

	private final ClientLog log;

	private final ClientStatistics statistics;

	private final Scheduler scheduler;

	private final Engine engine;

	private final UserExecutors users;

	private final AtomicBoolean startedOnce = new AtomicBoolean();

	private final Function<PublishRequest, CompletableFuture<PublishResult>> publishing = this::doPublish;

	private volatile @Nullable MqttClientInterceptor interceptor;

	private volatile boolean running;

	/**
	 * Create the client. It does nothing until it is started.
	 * @param settings how it is set up
	 * @param wire the network
	 * @param policy what failures mean
	 * @param credentials supplies credentials before each CONNECT, {@code null} for none
	 * @param events receives the events, in order, on the client's own executor
	 */
	public DefaultManagedMqttClient(ClientSettings settings, Wire wire, ErrorClassificationPolicy policy,
			@Nullable MqttCredentialsProvider credentials, Consumer<MqttEvent> events) {
		this(settings, wire, policy, credentials, events, null);
	}

	/**
	 * Create the client. It does nothing until it is started.
	 * @param settings how it is set up
	 * @param wire the network
	 * @param policy what failures mean
	 * @param credentials supplies credentials before each CONNECT, {@code null} for none
	 * @param events receives the events, in order, on the client's own executor
	 * @param poisonMessages receives messages that are given up because they end
	 * connections, {@code null} for none
	 */
	public DefaultManagedMqttClient(ClientSettings settings, Wire wire, ErrorClassificationPolicy policy,
			@Nullable MqttCredentialsProvider credentials, Consumer<MqttEvent> events,
			@Nullable MqttPoisonMessageHandler poisonMessages) {
		this(settings, wire, policy, credentials, events, new ThreadScheduler("mqtt-" + settings.name() + "-engine"),
				UserExecutors.threads("mqtt-" + settings.name() + "-"), new SplittableRandom(),
				SessionStore.of(settings), poisonMessages);
	}

	DefaultManagedMqttClient(ClientSettings settings, Wire wire, ErrorClassificationPolicy policy,
			@Nullable MqttCredentialsProvider credentials, Consumer<MqttEvent> events, Scheduler scheduler,
			UserExecutors users, RandomGenerator random, SessionStore store) {
		this(settings, wire, policy, credentials, events, scheduler, users, random, store, null);
	}

	DefaultManagedMqttClient(ClientSettings settings, Wire wire, ErrorClassificationPolicy policy,
			@Nullable MqttCredentialsProvider credentials, Consumer<MqttEvent> events, Scheduler scheduler,
			UserExecutors users, RandomGenerator random, SessionStore store,
			@Nullable MqttPoisonMessageHandler poisonMessages) {
		this.settings = settings;
		this.log = new ClientLog(settings.name(), settings.clientId());
		this.statistics = new ClientStatistics(this.log);
		this.scheduler = scheduler;
		this.users = users;
		this.engine = new Engine(settings, wire, policy, credentials, events, this, this.log, this.statistics,
				scheduler, users, random, store, poisonMessages);
	}

	/**
	 * Set what goes around publishes and handlers. To be set before the client is used.
	 * @param interceptor the interceptor; the default is {@code null} for none
	 */
	public void setInterceptor(@Nullable MqttClientInterceptor interceptor) {
		this.interceptor = interceptor;
	}

	@Override
	public String name() {
		return this.settings.name();
	}

	@Override
	public ClientState state() {
		return this.engine.state();
	}

	@Override
	public ConnectionInfo connection() {
		return this.engine.connection();
	}

	@Override
	public ReconnectStatus reconnectStatus() {
		return this.engine.status();
	}

	@Override
	public CompletableFuture<PublishResult> publish(PublishRequest request) {
		Objects.requireNonNull(request, "'request' must not be null");
		MqttClientInterceptor interceptor = this.interceptor;
		if (interceptor == null || !request.isObserved()) {
			return doPublish(request);
		}
		try {
			return interceptor.publish(this, request, this.publishing);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CompletableFuture<PublishResult> doPublish(PublishRequest request) {
		CompletableFuture<PublishResult> future = new CompletableFuture<>();
		Publish packet = packet(request);
		MqttFailure failure = Preflight.check(packet);
		long now = this.scheduler.nanoTime();
		Long expiry = packet.properties().messageExpiryInterval();
		this.engine.calls()
			.publish(new OutboundPublish(packet, future, now + this.settings.publish().timeout().toNanos(),
					(expiry != null) ? now + TimeUnit.SECONDS.toNanos(expiry) : 0,
					(failure != null) ? 0 : Preflight.size(packet)), failure);
		return future;
	}

	private Publish packet(PublishRequest request) {
		int qos = (request.qos() != null) ? request.qos() : this.settings.publish().qos();
		boolean retain = (request.retain() != null) ? request.retain() : this.settings.publish().retain();
		PublishProperties properties = new PublishProperties((request.isText()) ? 1 : null,
				(request.messageExpiry() != null) ? request.messageExpiry().toSeconds() : null, null,
				request.responseTopic(), request.correlationData(), request.userProperties(), List.of(),
				request.contentType());
		return new Publish(0, request.topic(), qos, retain, false, properties, request.payload());
	}

	@Override
	public CompletableFuture<SubscribeResult> subscribe(SubscribeRequest... requests) {
		SubscribeRequest[] intercepted = new SubscribeRequest[requests.length];
		Arrays.setAll(intercepted, (index) -> intercept(requests[index]));
		CompletableFuture<SubscribeResult> future = new CompletableFuture<>();
		this.engine.calls()
			.submit(new SubscribeCall(this.engine.context(), this.engine.registry(), intercepted, future));
		return future;
	}

	private SubscribeRequest intercept(SubscribeRequest request) {
		Objects.requireNonNull(request, "'requests' must not contain null");
		MqttClientInterceptor interceptor = this.interceptor;
		MessageHandler handler = request.handler();
		return (interceptor != null && handler != null && request.isObserved())
				? request.with(interceptor.around(this, request, handler)) : request;
	}

	@Override
	public CompletableFuture<UnsubscribeResult> unsubscribe(String... filters) {
		return letGo(null, filters);
	}

	@Override
	public CompletableFuture<UnsubscribeResult> unsubscribe(SubscriptionHolder holder, String... filters) {
		return letGo(Objects.requireNonNull(holder, "'holder' must not be null"), filters);
	}

	private CompletableFuture<UnsubscribeResult> letGo(@Nullable SubscriptionHolder holder, String... filters) {
		for (String filter : filters) {
			Objects.requireNonNull(filter, "'filters' must not contain null");
		}
		CompletableFuture<UnsubscribeResult> future = new CompletableFuture<>();
		this.engine.calls()
			.submit(new UnsubscribeCall(this.engine.context(), this.engine.registry(), holder, filters.clone(),
					future));
		return future;
	}

	@Override
	public void listenerFailed(String topic, Throwable cause) {
		Objects.requireNonNull(topic, "'topic' must not be null");
		Objects.requireNonNull(cause, "'cause' must not be null");
		this.engine.listenerFailures().report(topic, cause);
	}

	@Override
	public List<SubscriptionStatus> subscriptions() {
		return this.engine.subscriptions();
	}

	@Override
	public List<MqttIncident> incidents() {
		return this.engine.incidents();
	}

	@Override
	public ClientStatistics statistics() {
		return this.statistics;
	}

	@Override
	public Executor futureExecutor() {
		return this.users.futures();
	}

	@Override
	public boolean isHandlerThread() {
		return this.users.isMessagesThread();
	}

	/**
	 * Start to connect, if not started. The first call, which is the application
	 * context's, waits as {@code mqtt.startup-mode} says; later ones return at once. Each
	 * reads the session's journal if that is not open.
	 * @throws MqttStartupException if the mode is fail-fast and there is no connection,
	 * or if the journal cannot be opened, whatever the mode
	 */
	@Override
	public void start() {
		this.running = true;
		MqttFailure unavailable = this.engine.journal().open();
		if (unavailable != null) {
			throw new MqttStartupException("MQTT client '" + name() + "' has not started: " + unavailable, name(),
					this.settings.servers().stream().map(URI::toString).toList(), unavailable,
					this.engine.context().reporter().classify(unavailable));
		}
		if (!this.startedOnce.compareAndSet(false, true) || this.settings.startupMode() == StartupMode.BACKGROUND) {
			this.engine.start(null);
			return;
		}
		CountDownLatch decided = new CountDownLatch(1);
		AtomicReference<ClientState> outcome = new AtomicReference<>();
		this.engine.start((state) -> {
			outcome.set(state);
			decided.countDown();
		});
		boolean inTime = await(decided, this.settings.startupTimeout());
		if (outcome.get() == ClientState.CONNECTED) {
			return;
		}
		String problem = "has not connected to " + this.settings.servers()
				+ ((inTime) ? ": it has stopped" : " within " + this.settings.startupTimeout().toMillis() + " ms");
		if (this.settings.startupMode() == StartupMode.WAIT) {
			this.log.warn(problem + "; the application starts without a connection", null);
			return;
		}
		MqttIncident incident = reconnectStatus().lastIncident();
		stop();
		throw new MqttStartupException(
				"MQTT client '" + name() + "' " + problem + ((incident != null) ? ": " + incident.failure() : ""),
				name(), this.settings.servers().stream().map(URI::toString).toList(),
				(incident != null) ? incident.failure() : null, (incident != null) ? incident.classification() : null);
	}

	/**
	 * Disconnect and stop reconnecting. Returns when nothing is left of the connection,
	 * after 3 seconds at most.
	 */
	@Override
	public void stop() {
		CountDownLatch stopped = new CountDownLatch(1);
		stop(false, stopped::countDown);
		await(stopped, STOP_PATIENCE);
	}

	/**
	 * Disconnect gracefully, as the application context asks for: new calls fail, and
	 * publishes that were made before are given up to {@code mqtt.publish.timeout} to
	 * finish, unless the connection is lost. {@link #stop()} and {@link #destroy()} cut
	 * this short.
	 * @param callback called when nothing is left of the connection, on the client's
	 * engine thread, which it must not block
	 */
	@Override
	public void stop(Runnable callback) {
		stop(true, callback);
	}

	void stop(boolean graceful, Runnable callback) {
		this.running = false;
		this.engine.stop(graceful, callback);
	}

	@Override
	public void reconnect() {
		this.running = true;
		if (this.engine.journal().open() == null) {
			this.engine.reconnect();
		}
	}

	/**
	 * Reconnect, unless the client is stopped, or has been told to stop when it hears of
	 * this. One that has failed starts again.
	 */
	public void reconnectUnlessStopped() {
		// One whose journal could not be opened has failed, and may open it now
		if (state() != ClientState.FAILED || this.engine.journal().open() == null) {
			this.engine.reconnectUnlessStopped();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isAutoStartup() {
		return this.settings.autoStartup();
	}

	@Override
	public int getPhase() {
		return 0;
	}

	@Override
	public void destroy() {
		stop();
		this.engine.close();
		this.users.closing().run();
	}

	private static boolean await(CountDownLatch latch, Duration timeout) {
		try {
			return latch.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
