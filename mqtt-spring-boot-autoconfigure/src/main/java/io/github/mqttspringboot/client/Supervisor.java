package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.ConnAck;

/**
 * What a client is told, in each of its states: start, reconnect, stop. Its connections
 * are the matter of {@link Attempts}. Used on the engine's thread only.
 */
final class Supervisor implements Attempts.Observer {

	private final ClientSettings settings;

	private final FailureReporter reporter;

	private final Session session;

	private final StateMachine machine;

	private final Standing standing;

	private final SessionBook sessions;

	private final Attempts attempts;

	private final Shutdown shutdown;

	private final List<Consumer<ClientState>> whenDecided = new ArrayList<>();

	private boolean startAfterStop;

	Supervisor(ClientSettings settings, Scheduler scheduler, FailureReporter reporter, ClientStatistics statistics,
			Dialer.Connector connector, Session session, RandomGenerator random) {
		this.settings = settings;
		this.reporter = reporter;
		this.session = session;
		this.machine = new StateMachine(reporter);
		this.standing = new Standing(scheduler, reporter, statistics);
		this.sessions = new SessionBook(settings.cleanStart());
		this.shutdown = new Shutdown(settings, scheduler, this.sessions);
		this.attempts = new Attempts(settings, scheduler, reporter, this.machine, this.standing, this.sessions, session,
				this, connector, random);
	}

	ClientState state() {
		return this.machine.state();
	}

	ConnectionInfo connection() {
		return this.attempts.connection();
	}

	ReconnectStatus status() {
		return this.standing.status();
	}

	/**
	 * Connect, if stopped or failed; once stopped, if stopping.
	 * @param decided told once whether it is connected or has failed, {@code null} for
	 * nobody
	 */
	void start(@Nullable Consumer<ClientState> decided) {
		if (decided != null) {
			this.whenDecided.add(decided);
		}
		switch (state()) {
			case STOPPED, FAILED -> resume("told to start");
			case STOPPING -> this.startAfterStop = true;
			case CONNECTING -> adoptProbe();
			case CONNECTED -> decided();
			case WAITING -> {
			}
		}
	}

	/** A session from before the start of the JVM is held. */
	void sessionRecovered() {
		this.sessions.recovered();
	}

	/**
	 * The client cannot be started, whatever the server.
	 * @param failure why
	 */
	void refuseToStart(MqttFailure failure) {
		if (state() == ClientState.STOPPED || state() == ClientState.FAILED) {
			this.attempts.refuse(failure);
		}
	}

	/** End the connection or attempt, if there is one, and connect at once. */
	void reconnect() {
		switch (state()) {
			case STOPPED, FAILED -> resume("told to reconnect");
			case STOPPING -> this.startAfterStop = true;
			case CONNECTING, CONNECTED, WAITING -> {
				this.reporter.info("reconnecting, as told");
				adoptProbe();
				this.attempts.replace();
			}
		}
	}

	/**
	 * Stop, from any state.
	 * @param graceful whether publishes are given time to finish; a stop that is not cuts
	 * short one that is
	 * @param stopped told when nothing is left of the connection
	 */
	void stop(boolean graceful, Runnable stopped) {
		this.shutdown.whenStopped(stopped);
		this.startAfterStop = false;
		switch (state()) {
			case CONNECTED -> leave(graceful && !this.session.isQuiet());
			case CONNECTING -> {
				this.attempts.abandon();
				stopped("told to stop", null, null);
			}
			case STOPPED, WAITING, FAILED -> stopped("told to stop", null, null);
			case STOPPING -> {
				if (!graceful) {
					this.shutdown.drained();
				}
			}
		}
	}

	/** A probe becomes an attempt like any other. */
	private void adoptProbe() {
		if (this.standing.isProbing()) {
			this.standing.resumed();
		}
	}

	private void resume(String cause) {
		this.standing.resumed();
		this.attempts.beginAnew(cause);
	}

	private void leave(boolean graceful) {
		Attempt attempt = this.attempts.current();
		if (attempt == null) {
			throw new IllegalStateException("CONNECTED without a connection");
		}
		Runnable gone = () -> closed(attempt, MqttFailure.local(LocalError.CONNECTION_CLOSED).build());
		if (graceful) {
			this.reporter.info("stopping once publishes in flight have finished, within "
					+ this.settings.publish().timeout().toMillis() + " ms ('"
					+ this.settings.property("publish.timeout") + "')");
			this.machine.to(ClientState.STOPPING, "told to stop, publishes in flight finish first");
			this.shutdown.drain(attempt, gone);
		}
		else {
			this.machine.to(ClientState.STOPPING, "told to stop");
			this.shutdown.disconnect(attempt, gone);
		}
	}

	/** Something has ended: a graceful stop may have waited for it. */
	void settled() {
		if (this.shutdown.isDraining() && this.session.isQuiet()) {
			this.shutdown.drained();
		}
	}

	boolean isCurrent(Attempt attempt) {
		return this.attempts.isCurrent(attempt);
	}

	void opened(Attempt attempt) {
		attempt.opened = true;
	}

	void connAck(Attempt attempt, ConnAck connAck) {
		this.attempts.connAck(attempt, connAck);
	}

	/** An acknowledgement or PINGRESP has come: the connection is of use. */
	void progress() {
		this.attempts.progress();
	}

	/**
	 * The wire says that a connection has ended.
	 * @param attempt the connection
	 * @param failure why
	 */
	void closed(Attempt attempt, MqttFailure failure) {
		if (!isCurrent(attempt)) {
			return;
		}
		if (isLeaving()) {
			stopped("disconnected", null, null);
		}
		else {
			this.attempts.ended(attempt, failure);
		}
	}

	/**
	 * The client itself ends the connection.
	 * @param failure why
	 * @param classification the verdict
	 */
	void endConnection(MqttFailure failure, Classification classification) {
		Attempt attempt = this.attempts.current();
		if (attempt != null && !isLeaving()) {
			attempt.end(failure);
			this.attempts.ended(attempt, failure, classification);
		}
	}

	/**
	 * Return whether the DISCONNECT has been sent, so that the end is no failure.
	 * @return {@code true} if the connection is about to end on purpose
	 */
	private boolean isLeaving() {
		return this.machine.is(ClientState.STOPPING) && !this.shutdown.isDraining();
	}

	@Override
	public void decided() {
		List<Consumer<ClientState>> told = List.copyOf(this.whenDecided);
		this.whenDecided.clear();
		told.forEach((decided) -> decided.accept(state()));
	}

	@Override
	public void stopped(String cause, @Nullable MqttFailure failure, @Nullable Classification classification) {
		boolean wasStopped = this.machine.is(ClientState.STOPPED);
		this.attempts.clear();
		this.standing.stopped();
		this.machine.to(ClientState.STOPPED, cause, failure, classification);
		this.session.stopped("the client was stopped", failure);
		if (this.sessions.stopped()) {
			this.session.forget();
		}
		this.reporter.flush();
		if (!wasStopped) {
			this.reporter.info("stopped");
		}
		this.shutdown.stopped().forEach(this.reporter::afterwards);
		if (this.startAfterStop) {
			this.startAfterStop = false;
			this.session.started();
			resume("told to start");
		}
		else {
			decided();
		}
	}

}
