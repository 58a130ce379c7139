package io.github.mqttspringboot.client;

import java.net.URI;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientStatistics.AttemptOutcome;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;

/**
 * The connections of a client, one after the other: begins attempts, takes what the
 * server answers, and does what {@link Aftermath} decides when one has ended. Used on the
 * engine's thread only.
 */
final class Attempts implements Dialer.Listener {

	private final ClientSettings settings;

	private final Scheduler scheduler;

	private final FailureReporter reporter;

	private final StateMachine machine;

	private final Standing standing;

	private final SessionBook sessions;

	private final Session session;

	private final Observer observer;

	private final Dialer dialer;

	private final ConnectionNews news;

	private final ServerList servers;

	private final Redirects redirects;

	private final Aftermath aftermath;

	private final StabilityWatch stability;

	private final DuplicateIdWatch duplicates = new DuplicateIdWatch();

	private @Nullable Attempt current;

	/** The next attempt, or probe. */
	private Scheduler.@Nullable Timer next;

	private volatile ConnectionInfo connection;

	Attempts(ClientSettings settings, Scheduler scheduler, FailureReporter reporter, StateMachine machine,
			Standing standing, SessionBook sessions, Session session, Observer observer, Dialer.Connector connector,
			RandomGenerator random) {
		this.settings = settings;
		this.scheduler = scheduler;
		this.reporter = reporter;
		this.machine = machine;
		this.standing = standing;
		this.sessions = sessions;
		this.session = session;
		this.observer = observer;
		this.dialer = new Dialer(settings, scheduler, connector, this);
		this.news = new ConnectionNews(reporter);
		this.servers = new ServerList(settings.servers());
		this.redirects = new Redirects(settings.redirect(), settings::property);
		Backoff backoff = new Backoff(settings.reconnect(), random);
		this.aftermath = new Aftermath(settings, reporter, this.servers, this.redirects, sessions, backoff, standing);
		this.stability = new StabilityWatch(scheduler, settings.reconnect().stableAfter(), session::isOnProbation,
				() -> {
					backoff.reset();
					this.redirects.reset();
					session.stable();
				});
		this.connection = Link.none(settings);
	}

	ConnectionInfo connection() {
		return this.connection;
	}

	@Nullable Attempt current() {
		return this.current;
	}

	@Override
	public boolean isCurrent(Attempt attempt) {
		return attempt == this.current;
	}

	/**
	 * Begin an attempt at the client's own servers.
	 * @param cause why
	 */
	void beginAnew(String cause) {
		this.servers.stay();
		this.duplicates.reset();
		begin(cause);
	}

	/**
	 * Begin an attempt.
	 * @param cause why
	 */
	void begin(String cause) {
		cancelNext();
		if (!this.servers.beginsElsewhere()) {
			this.redirects.reset();
		}
		connect(this.servers.begin(), cause);
	}

	private void probe() {
		this.reporter
			.info("probes whether it may connect again ('" + this.settings.property("reconnect.probe-interval") + "')");
		this.standing.probe();
		begin("slow probe");
	}

	private void connect(URI server, String cause) {
		Attempt attempt = new Attempt(server, this.sessions.cleanStart());
		this.current = attempt;
		this.reporter.server(server);
		this.standing.attempting();
		this.machine.to(ClientState.CONNECTING, cause);
		this.dialer.dial(attempt);
	}

	void connAck(Attempt attempt, ConnAck connAck) {
		if (attempt != this.current || attempt.connection == null || attempt.link != null) {
			return;
		}
		attempt.cancelTimer();
		MqttFailure failure = Dialer.check(attempt, connAck);
		if (failure == null) {
			failure = this.sessions.check(attempt, connAck);
		}
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
		this.connection = link.info(this.settings.clientId());
		this.servers.accepted();
		if (this.standing.isProbing()) {
			this.session.started();
		}
		boolean reconnect = this.standing.connected();
		this.machine.to(ClientState.CONNECTED, "accepted by " + link.server());
		this.stability.connected();
		this.duplicates.connected(this.scheduler.nanoTime());
		this.news.connected(link, reconnect);
		if (this.sessions.connected(attempt.server, link)) {
			this.news.sessionLost(link);
		}
		this.observer.decided();
		this.session.linkUp(link, link.connAck().sessionPresent());
	}

	/** An acknowledgement or PINGRESP has come: the connection is of use. */
	void progress() {
		this.stability.progress();
	}

	@Override
	public void ended(Attempt attempt, MqttFailure failure) {
		ended(attempt, failure, this.reporter.classify(failure));
	}

	void ended(Attempt attempt, MqttFailure failure, Classification verdict) {
		boolean wasConnected = attempt.link != null;
		boolean idle = this.session.isIdle();
		release();
		Classification classification = verdict;
		String what = "not connected";
		PoisonRuling ruling = PoisonRuling.NOTHING;
		if (wasConnected) {
			what = "connection to " + attempt.server + " ended";
			if (failure.reasonCode() == ReasonCode.SESSION_TAKEN_OVER) {
				what += ", another client uses id '" + Printable.escape(this.settings.clientId()) + "'";
			}
			if (this.duplicates.closed(failure, this.scheduler.nanoTime(), idle)
					&& verdict.errorClass() == ErrorClass.RECONNECT) {
				classification = new Classification(ErrorClass.THROTTLED, verdict.rule());
				what += ", " + this.duplicates.suspicion(this.settings);
			}
			ruling = this.session.lost(failure, classification);
			if (ruling.note() != null) {
				what += ", " + ruling.note();
			}
			if (ruling.hopeless()) {
				classification = new Classification(ErrorClass.FATAL, verdict.rule());
			}
			this.standing.lost(failure, classification);
			this.news.lost(failure, classification);
		}
		else {
			this.standing.attempted(AttemptOutcome.FAILURE);
		}
		if (this.machine.is(ClientState.STOPPING)) {
			this.reporter.incident(failure, classification, what + " while publishes were given time to finish");
			this.session.quarantine();
			this.observer.stopped(what, failure, classification);
			return;
		}
		NextStep step = (ruling.hopeless()) ? new NextStep.Fail(FatalKind.PROTOCOL, null, "client stopped")
				: this.aftermath.decide(attempt, failure, classification);
		this.reporter.incident(failure, classification, what + ", " + step.action());
		this.session.quarantine();
		take(step, what, failure, classification);
	}

	private void take(NextStep step, String what, MqttFailure failure, Classification classification) {
		if (step instanceof NextStep.Connect connect) {
			connect(connect.server(), what);
		}
		else if (step instanceof NextStep.Wait pause) {
			// The status first: who sees the state finds its reason
			this.standing.waiting(pause.delay());
			this.machine.to(ClientState.WAITING, what, failure, classification);
			this.news.scheduled(failure, classification, this.standing.failures() + 1, pause.delay());
			this.next = this.scheduler.schedule(pause.delay(), () -> begin("the time to wait is over"));
		}
		else if (step instanceof NextStep.Fail end) {
			failed(end, what, failure, classification);
		}
	}

	/**
	 * Fail without an attempt.
	 * @param failure why there is no use in one
	 */
	void refuse(MqttFailure failure) {
		Classification classification = this.reporter.classify(failure);
		this.reporter.incident(failure, classification, "not connected, client stopped");
		failed(new NextStep.Fail(this.reporter.fatalKind(failure, classification), null, "client stopped"),
				"not connected", failure, classification);
	}

	private void failed(NextStep.Fail end, String what, MqttFailure failure, Classification classification) {
		boolean probed = this.standing.isProbing();
		this.standing.failed(end.kind(), end.probe());
		this.machine.to(ClientState.FAILED, what, failure, classification);
		if (end.probe() != null) {
			this.next = this.scheduler.schedule(end.probe(), this::probe);
		}
		if (!probed || classification.errorClass() == ErrorClass.FATAL) {
			this.news.failed(failure, classification);
			this.session.stopped("the client has stopped because of a failure", failure);
		}
		this.observer.decided();
	}

	/** End the connection or attempt, if there is one, and begin another. */
	void replace() {
		Attempt attempt = this.current;
		if (attempt != null && attempt.link != null) {
			attempt.link.disconnect(new Disconnect(0));
			this.standing.leaving();
		}
		else if (attempt != null) {
			cancel(attempt);
		}
		release();
		this.duplicates.reset();
		begin("told to reconnect");
	}

	/** Let go of an attempt that has no connection yet, and of all that was to come. */
	void abandon() {
		Attempt attempt = release();
		if (attempt != null) {
			cancel(attempt);
		}
		clear();
	}

	private void cancel(Attempt attempt) {
		attempt.abort();
		this.standing.attempted(AttemptOutcome.CANCELLED);
	}

	/** Let go of a connection that is at its end, and of all that was to come. */
	void clear() {
		release();
		cancelNext();
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
			attempt.release();
			if (attempt.link != null) {
				this.connection = Link.none(this.settings);
				this.session.linkDown();
			}
		}
		return attempt;
	}

	private void cancelNext() {
		if (this.next != null) {
			this.next.cancel();
			this.next = null;
		}
	}

	/**
	 * Hears what attempts come to.
	 */
	interface Observer {

		/** The client is connected or has failed. */
		void decided();

		/**
		 * The connection has ended while the client was stopping.
		 * @param cause what happened
		 * @param failure the failure behind it
		 * @param classification the verdict
		 */
		void stopped(String cause, MqttFailure failure, Classification classification);

	}

}
