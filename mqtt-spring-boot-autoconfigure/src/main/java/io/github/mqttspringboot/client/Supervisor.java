package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;

/**
 * The life of the connection: attempts, reconnects, stop. The state machine of
 * {@link ClientState}. Used on the engine's thread only.
 */
final class Supervisor implements Dialer.Listener {

	/** What a server did that lets the next attempt begin at another. */
	private static final Set<LocalError> TRANSPORT = EnumSet.of(LocalError.UNKNOWN_HOST, LocalError.CONNECTION_REFUSED,
			LocalError.CONNECT_TIMEOUT, LocalError.CLOSED_BEFORE_CONNACK, LocalError.CONNACK_TIMEOUT);

	private static final Duration DISCONNECT_PATIENCE = Duration.ofMillis(1500);

	private final ClientSettings settings;

	private final Scheduler scheduler;

	private final FailureReporter reporter;

	private final ClientStatistics statistics;

	private final Dialer dialer;

	private final Session session;

	private final ConnectionNews news;

	private final ServerList servers;

	private final Backoff backoff;

	private final StabilityWatch stability;

	private final List<Runnable> whenStopped = new ArrayList<>();

	private @Nullable Consumer<ClientState> whenDecided;

	private boolean startAfterStop;

	private @Nullable Attempt current;

	private Scheduler.@Nullable Timer retry;

	private int failures;

	private @Nullable Instant lostSince;

	/** What ended the last connection, until there is another. */
	private @Nullable MqttFailure lostBy;

	private @Nullable Classification lostAs;

	private final KnownSessions sessions = new KnownSessions();

	/** Whether a session of this client may exist at the server. */
	private boolean sessionHeld;

	/** Whether the bean's first CONNECT, which clean-start governs, is behind it. */
	private boolean connectedOnce;

	private volatile ClientState state = ClientState.STOPPED;

	private volatile ConnectionInfo connection;

	private volatile ReconnectStatus status = new ReconnectStatus(0, null, null, null, null);

	Supervisor(ClientSettings settings, Scheduler scheduler, FailureReporter reporter, ClientStatistics statistics,
			Dialer.Connector connector, Session session, RandomGenerator random) {
		this.settings = settings;
		this.scheduler = scheduler;
		this.reporter = reporter;
		this.statistics = statistics;
		this.news = new ConnectionNews(reporter);
		this.session = session;
		this.servers = new ServerList(settings.servers());
		this.backoff = new Backoff(settings.reconnect(), random);
		this.stability = new StabilityWatch(scheduler, settings.reconnect().stableAfter(), this.backoff::reset);
		this.dialer = new Dialer(settings, scheduler, connector, this);
		this.connection = Link.none(settings);
	}

	ClientState state() {
		return this.state;
	}

	ConnectionInfo connection() {
		return this.connection;
	}

	ReconnectStatus status() {
		return this.status;
	}

	/**
	 * Connect, if stopped or failed.
	 * @param decided told once whether it is connected or has failed, {@code null} for
	 * nobody
	 */
	void start(@Nullable Consumer<ClientState> decided) {
		if (this.state == ClientState.STOPPED || this.state == ClientState.FAILED) {
			this.whenDecided = decided;
			this.failures = 0;
			attempt();
		}
		else {
			this.startAfterStop = this.state == ClientState.STOPPING;
			this.whenDecided = decided;
			if (this.state == ClientState.CONNECTED) {
				decided();
			}
		}
	}

	/** End the connection, if there is one, and connect at once. */
	void reconnect() {
		switch (this.state) {
			case STOPPED, FAILED -> start(null);
			case WAITING -> attempt();
			case CONNECTED -> {
				this.reporter.info("reconnecting, as told");
				Attempt attempt = release();
				if (attempt != null && attempt.connection != null) {
					attempt.connection.disconnect(new Disconnect(0));
				}
				this.lostSince = this.scheduler.now();
				attempt();
			}
			case CONNECTING, STOPPING -> {
			}
		}
	}

	/**
	 * Stop, from any state.
	 * @param stopped told when nothing is left of the connection
	 */
	void stop(Runnable stopped) {
		this.whenStopped.add(stopped);
		this.startAfterStop = false;
		switch (this.state) {
			case STOPPED -> stopped();
			case CONNECTED -> disconnect();
			case CONNECTING -> {
				Attempt attempt = release();
				if (attempt != null) {
					attempt.abort();
				}
				stopped();
			}
			case WAITING, FAILED -> stopped();
			case STOPPING -> {
			}
		}
	}

	private void disconnect() {
		Attempt attempt = this.current;
		if (attempt == null || attempt.link == null) {
			stopped();
			return;
		}
		this.state = ClientState.STOPPING;
		Long expiry = null;
		if (this.settings.clientIdGenerated()) {
			// Nobody can resume this session: the server need not keep it
			expiry = 0L;
			this.sessionHeld = false;
		}
		attempt.link.disconnect(new Disconnect(0, expiry, null, null, List.of()));
		attempt.timer = this.scheduler.schedule(DISCONNECT_PATIENCE, () -> {
			attempt.abort();
			closed(attempt, MqttFailure.local(LocalError.CONNECTION_CLOSED).build());
		});
	}

	private void stopped() {
		boolean wasStopped = this.state == ClientState.STOPPED;
		release();
		cancelRetry();
		this.state = ClientState.STOPPED;
		this.connection = Link.none(this.settings);
		this.lostSince = null;
		this.lostBy = null;
		this.failures = 0;
		publishStatus(null, null);
		this.session.stopped("the client was stopped", null);
		if (!this.sessionHeld) {
			this.connectedOnce = false;
			this.session.forget();
		}
		this.reporter.flush();
		if (!wasStopped) {
			this.reporter.info("stopped");
		}
		List<Runnable> told = List.copyOf(this.whenStopped);
		this.whenStopped.clear();
		told.forEach(this.reporter::afterwards);
		if (this.startAfterStop) {
			this.startAfterStop = false;
			this.session.started();
			start(this.whenDecided);
		}
		else {
			decided();
		}
	}

	private void attempt() {
		cancelRetry();
		connect(this.servers.begin());
	}

	private void connect(URI server) {
		connect(server, (this.connectedOnce) ? !this.sessionHeld : this.settings.cleanStart());
	}

	private void connect(URI server, boolean cleanStart) {
		Attempt attempt = new Attempt(server, cleanStart);
		this.current = attempt;
		this.state = ClientState.CONNECTING;
		publishStatus(null, null);
		this.dialer.dial(attempt);
	}

	void connAck(Attempt attempt, ConnAck connAck) {
		if (attempt != this.current || attempt.connection == null || attempt.link != null) {
			return;
		}
		attempt.cancelTimer();
		MqttFailure failure = Dialer.check(attempt, connAck, this.sessions);
		if (failure != null) {
			attempt.abort();
			ended(attempt, failure);
			return;
		}
		connected(attempt,
				new Link(attempt.connection, attempt.server.toString(), this.scheduler.now(), connAck, this.settings));
	}

	private void connected(Attempt attempt, Link link) {
		attempt.link = link;
		this.state = ClientState.CONNECTED;
		this.connection = link.info(this.settings.clientId());
		this.servers.accepted();
		this.statistics.connected();
		this.failures = 0;
		this.lostSince = null;
		publishStatus(null, null);
		boolean reconnect = this.lostBy != null && this.lostAs != null;
		if (this.lostBy != null && this.lostAs != null) {
			this.statistics.reconnects().increment(this.lostBy, this.lostAs.errorClass());
		}
		this.lostBy = null;
		this.stability.connected();
		boolean kept = link.connAck().sessionPresent();
		this.news.connected(link, reconnect);
		if (!kept && this.sessionHeld) {
			this.news.sessionLost(link);
		}
		this.sessions.connected(attempt.server, kept);
		this.connectedOnce = true;
		this.sessionHeld = !link.sessionExpiry().isZero();
		decided();
		this.session.linkUp(link, kept);
	}

	@Override
	public boolean isCurrent(Attempt attempt) {
		return attempt == this.current;
	}

	void opened(Attempt attempt) {
		attempt.opened = true;
	}

	/**
	 * The wire says that a connection has ended.
	 * @param attempt the connection
	 * @param failure why
	 */
	void closed(Attempt attempt, MqttFailure failure) {
		if (attempt != this.current) {
			return;
		}
		if (this.state == ClientState.STOPPING) {
			stopped();
		}
		else {
			ended(attempt, failure);
		}
	}

	/**
	 * The client itself ends the connection.
	 * @param failure why
	 * @param classification the verdict
	 */
	void endConnection(MqttFailure failure, Classification classification) {
		Attempt attempt = this.current;
		if (attempt == null || this.state == ClientState.STOPPING) {
			return;
		}
		attempt.end(failure);
		ended(attempt, failure, classification);
	}

	@Override
	public void ended(Attempt attempt, MqttFailure failure) {
		ended(attempt, failure, this.reporter.classify(failure));
	}

	private void ended(Attempt attempt, MqttFailure failure, Classification classification) {
		boolean wasConnected = attempt.link != null;
		release();
		if (wasConnected) {
			this.lostBy = failure;
			this.lostAs = classification;
			this.lostSince = this.scheduler.now();
		}
		URI next = nextServer(attempt.server, failure, classification, wasConnected);
		if (!wasConnected && next == null) {
			this.failures++;
		}
		if (wasConnected) {
			this.news.lost(failure, classification);
		}
		String what = (wasConnected) ? "connection to " + attempt.server + " ended" : "not connected";
		if (classification.errorClass() == ErrorClass.FATAL) {
			this.reporter.incident(failure, classification, what + ", client stopped");
			failed(failure, classification);
		}
		else if (failure.localError() == LocalError.UNEXPECTED_SESSION_PRESENT && !attempt.cleanStart
				&& classification.errorClass() == ErrorClass.RECONNECT) {
			this.reporter.incident(failure, classification, what + ", asking for a new session");
			connect(attempt.server, true);
		}
		else if (next != null) {
			this.reporter.incident(failure, classification, what + ", trying " + next);
			connect(next);
		}
		else {
			retry(what, failure, classification);
		}
	}

	private @Nullable URI nextServer(URI server, MqttFailure failure, Classification classification,
			boolean wasConnected) {
		boolean transport = failure.localError() != null && TRANSPORT.contains(failure.localError());
		boolean elsewhere = transport || classification.errorClass() == ErrorClass.REDIRECT
				|| failure.reasonCode() == ReasonCode.SERVER_UNAVAILABLE
				|| failure.reasonCode() == ReasonCode.SERVER_SHUTTING_DOWN;
		if (elsewhere) {
			this.servers.refused(server);
		}
		return (transport && !wasConnected && classification.errorClass() == ErrorClass.RECONNECT) ? this.servers.next()
				: null;
	}

	private void retry(String what, MqttFailure failure, Classification classification) {
		int limit = this.settings.reconnect().maxAttempts();
		if (limit > 0 && this.failures >= limit) {
			this.reporter.incident(failure, classification,
					what + ", client stopped after " + this.failures + " attempts ('mqtt.reconnect.max-attempts')");
			failed(failure, classification);
			return;
		}
		boolean elsewhere = classification.errorClass() == ErrorClass.REDIRECT && this.settings.servers().size() > 1;
		Duration delay = this.backoff.next((elsewhere) ? ErrorClass.RECONNECT : classification.errorClass());
		this.reporter.incident(failure, classification, what + ", next attempt in " + delay.toMillis() + " ms");
		int attempt = this.failures + 1;
		// The status first: who sees the state finds its reason
		publishStatus(this.scheduler.now().plus(delay), null);
		this.state = ClientState.WAITING;
		this.news.scheduled(failure, classification, attempt, delay);
		this.retry = this.scheduler.schedule(delay, this::attempt);
	}

	private void failed(MqttFailure failure, Classification classification) {
		publishStatus(null, this.reporter.fatalKind(failure, classification));
		this.state = ClientState.FAILED;
		this.news.failed(failure, classification);
		this.session.stopped("the client has stopped because of a failure", failure);
		decided();
	}

	private void decided() {
		Consumer<ClientState> decided = this.whenDecided;
		this.whenDecided = null;
		if (decided != null) {
			decided.accept(this.state);
		}
	}

	/**
	 * Let go of the current connection, whatever becomes of it.
	 * @return the connection, {@code null} if there is none
	 */
	private @Nullable Attempt release() {
		Attempt attempt = this.current;
		this.current = null;
		this.stability.disconnected();
		if (attempt != null) {
			attempt.cancelTimer();
			if (attempt.link != null) {
				this.connection = Link.none(this.settings);
				this.session.linkDown();
			}
		}
		return attempt;
	}

	private void cancelRetry() {
		if (this.retry != null) {
			this.retry.cancel();
			this.retry = null;
		}
	}

	/** An acknowledgement or PINGRESP has come: the connection is of use. */
	void progress() {
		this.stability.progress();
	}

	private void publishStatus(@Nullable Instant nextAttempt, @Nullable FatalKind fatalKind) {
		this.status = new ReconnectStatus(this.failures, this.lostSince, nextAttempt, this.reporter.lastIncident(),
				fatalKind);
	}

	/**
	 * What lives on a connection and outlives it.
	 */
	interface Session {

		/** A connection is going to come. */
		void started();

		void linkUp(Link link, boolean sessionKept);

		void linkDown();

		/**
		 * No connection is going to come.
		 * @param detail why
		 * @param cause the failure behind it, {@code null} for none
		 */
		void stopped(String detail, @Nullable MqttFailure cause);

		/** The session has ended for good. */
		void forget();

	}

}
