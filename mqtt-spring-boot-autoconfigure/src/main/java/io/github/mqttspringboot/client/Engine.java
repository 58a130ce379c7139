package io.github.mqttspringboot.client;

import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MaskedException;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttEvent;

/**
 * The actor that owns all mutable state of a client: calls, packets and timers are
 * messages to it, handled one after the other on one thread that never blocks. Because a
 * packet identifier is taken before its packet is written, and the acknowledgement is a
 * later message, no acknowledgement overtakes its future.
 */
final class Engine implements Dialer.Connector {

	private final Mailbox mailbox;

	private final Scheduler scheduler;

	private final Wire wire;

	private final @Nullable CredentialsSource credentials;

	private final FailureReporter reporter;

	private final Subscriptions subscriptions = new Subscriptions();

	private final Announcements announcements = new Announcements();

	private final EngineContext context;

	private final OutboundFlow outbound;

	private final InboundFlow inbound;

	private final PoisonGuard guard;

	private final EngineSession session;

	private final WireReports reports;

	private final Calls calls;

	private final Supervisor supervisor;

	private final SessionJournal journal;

	private volatile List<SubscriptionStatus> subscriptionSnapshot = List.of();

	Engine(ClientSettings settings, Wire wire, ErrorClassificationPolicy policy,
			@Nullable MqttCredentialsProvider credentials, Consumer<MqttEvent> events, Object source, ClientLog log,
			ClientStatistics statistics, Scheduler scheduler, UserExecutors users, RandomGenerator random,
			SessionStore store, @Nullable MqttPoisonMessageHandler poisonHandler) {
		this.wire = wire;
		this.scheduler = new ContainedScheduler(scheduler, this::handle);
		this.mailbox = new Mailbox(scheduler::execute, this::handle);
		this.credentials = (credentials != null) ? new CredentialsSource(settings.name(), credentials, this.mailbox)
				: null;
		this.reporter = new FailureReporter(settings, log, source, policy, this.scheduler, statistics,
				new EventQueue(users.events(), events, statistics, log, this.mailbox, this.scheduler,
						settings.logInterval()),
				this.announcements);
		this.guard = new PoisonGuard(settings, this.scheduler, this.reporter, new Host());
		Outcome outcome = new Outcome(users.futures(), this.announcements, Starter.LATER);
		this.context = new EngineContext(settings, this.scheduler, this.reporter, statistics, outcome, new PacketIds(),
				store, new Control(), this.guard, new PoisonMessages(poisonHandler, outcome, log));
		this.outbound = new OutboundFlow(this.context);
		SubscribeFlow subscribes = new SubscribeFlow(this.context, this.subscriptions);
		this.inbound = new InboundFlow(this.context, this.subscriptions, new SerialLane(users.messages(), log),
				this.mailbox);
		this.session = new EngineSession(this.context, this.outbound, this.inbound, subscribes, this.subscriptions);
		this.supervisor = new Supervisor(settings, this.scheduler, this.reporter, statistics, this, this.session,
				random);
		this.reports = new WireReports(this.context, this.supervisor, this.session);
		this.calls = new Calls(this.context, this.mailbox, this.outbound, subscribes, this.supervisor);
		this.session.calls(this.calls);
		this.journal = new SessionJournal(this.context, this.outbound, this.inbound, subscribes, this.supervisor,
				this.mailbox);
	}

	// Calls, on any thread

	ClientState state() {
		return this.supervisor.state();
	}

	ConnectionInfo connection() {
		return this.supervisor.connection();
	}

	ReconnectStatus status() {
		return this.supervisor.status();
	}

	List<SubscriptionStatus> subscriptions() {
		return this.subscriptionSnapshot;
	}

	List<MqttIncident> incidents() {
		return this.reporter.incidents();
	}

	void start(@Nullable Consumer<ClientState> decided) {
		this.mailbox.execute(() -> {
			resumed();
			this.supervisor.start(decided);
		});
	}

	void stop(boolean graceful, Runnable stopped) {
		this.mailbox.execute(() -> {
			this.calls.end(null);
			this.supervisor.stop(graceful, stopped);
		});
	}

	void reconnect() {
		this.mailbox.execute(() -> {
			resumed();
			this.supervisor.reconnect();
		});
	}

	void reconnectUnlessStopped() {
		this.mailbox.execute(() -> {
			ClientState state = this.supervisor.state();
			if (state != ClientState.STOPPED && state != ClientState.STOPPING) {
				this.session.started();
				this.session.forgive();
				this.supervisor.reconnect();
			}
		});
	}

	/** A client that is stopping takes calls again once it has stopped and started. */
	private void resumed() {
		if (this.supervisor.state() != ClientState.STOPPING) {
			this.session.started();
		}
		this.session.forgive();
	}

	Calls calls() {
		return this.calls;
	}

	ListenerFailures listenerFailures() {
		return this.inbound.failures();
	}

	EngineContext context() {
		return this.context;
	}

	SessionJournal journal() {
		return this.journal;
	}

	Subscriptions registry() {
		return this.subscriptions;
	}

	void close() {
		this.context.store().close();
		this.scheduler.close();
		if (this.credentials != null) {
			this.credentials.close();
		}
	}

	// What the supervisor asks of the wire

	@Override
	public boolean needsCredentials() {
		return this.credentials != null;
	}

	@Override
	public Runnable credentials(Consumer<@Nullable MqttCredentials> provided, Consumer<MaskedException> failed) {
		if (this.credentials != null) {
			return this.credentials.fetch((found) -> {
				this.session.credentials(found);
				provided.accept(found);
			}, failed);
		}
		provided.accept(null);
		return () -> {
		};
	}

	@Override
	public WireConnection open(ConnectRequest request, Attempt attempt) {
		return this.wire.open(request, new AttemptReports(attempt, this.mailbox, this.reports));
	}

	// The actor

	private void handle(Runnable message) {
		contained(message);
		contained(this.guard::settled);
		contained(this.supervisor::settled);
		contained(this::subscriptionsChanged);
		contained(this::countsChanged);
		this.announcements.release(this::contained);
	}

	private void subscriptionsChanged() {
		List<SubscriptionStatus> changes = this.subscriptions.changes();
		if (changes != null) {
			this.subscriptionSnapshot = changes;
		}
	}

	private void countsChanged() {
		this.context.statistics().outbound(this.outbound.inFlight(), this.outbound.buffered());
	}

	private void contained(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			internalError(ex);
		}
	}

	private void internalError(Throwable error) {
		try {
			ClientState state = this.supervisor.state();
			if (state != ClientState.CONNECTED && state != ClientState.CONNECTING) {
				this.reporter.error("an error in the client itself, without a connection to end", error);
				return;
			}
			MqttFailure failure = MqttFailure.local(LocalError.INTERNAL_ERROR)
				.detail(error.toString())
				.cause(error)
				.build();
			this.supervisor.endConnection(failure, this.reporter.classify(failure));
		}
		catch (Throwable ex) {
			// The actor must live to hear a stop
			ex.addSuppressed(error);
			this.reporter.error("an error in the client itself, while it dealt with one", ex);
		}
	}

	/**
	 * What the guard asks of the parts.
	 */
	private final class Host implements PoisonGuard.Host {

		@Override
		public long ping() {
			return Engine.this.session.keepAlive().ping();
		}

		@Override
		public void next() {
			Engine.this.session.next();
		}

		@Override
		public boolean isAlive(Object key) {
			return Engine.this.session.holds(key);
		}

	}

	/**
	 * What the parts ask of the supervisor.
	 */
	private final class Control implements EngineContext.Control {

		@Override
		public boolean isConnected() {
			return Engine.this.supervisor.state() == ClientState.CONNECTED;
		}

		@Override
		public @Nullable String server() {
			return Engine.this.supervisor.connection().server();
		}

		@Override
		public void endConnection(MqttFailure failure, Classification classification) {
			Engine.this.supervisor.endConnection(failure, classification);
		}

	}

}
