package io.github.mqttspringboot.client;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientStatistics.AttemptOutcome;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The books of a client without a connection: failed attempts, what was lost and when,
 * why it has failed. Used on the engine's thread only, but for {@link #status()}.
 */
final class Standing {

	private final Scheduler scheduler;

	private final FailureReporter reporter;

	private final ClientStatistics statistics;

	private int failures;

	private @Nullable Instant lostSince;

	/** What ended the last connection, until there is another. */
	private @Nullable MqttFailure lostBy;

	private @Nullable Classification lostAs;

	private @Nullable FatalKind fatalKind;

	private boolean probing;

	private volatile ReconnectStatus status = new ReconnectStatus(0, null, null, null, null);

	Standing(Scheduler scheduler, FailureReporter reporter, ClientStatistics statistics) {
		this.scheduler = scheduler;
		this.reporter = reporter;
		this.statistics = statistics;
	}

	ReconnectStatus status() {
		return this.status;
	}

	int failures() {
		return this.failures;
	}

	/**
	 * Return why the client has failed, also while it probes whether that has changed.
	 * @return the kind, {@code null} if it has not failed
	 */
	@Nullable FatalKind fatalKind() {
		return this.fatalKind;
	}

	boolean isProbing() {
		return this.probing;
	}

	void probe() {
		this.probing = true;
	}

	/** Somebody wants a connection: what failed before does not count. */
	void resumed() {
		this.failures = 0;
		this.fatalKind = null;
		this.probing = false;
		update(null);
	}

	void attempting() {
		update(null);
	}

	void attemptFailed() {
		this.failures++;
	}

	/**
	 * An attempt has ended without a connection.
	 * @param outcome how
	 */
	void attempted(AttemptOutcome outcome) {
		this.statistics.attempted(outcome);
	}

	/** The client itself has let go of the connection, to get another. */
	void leaving() {
		this.lostSince = this.scheduler.now();
	}

	void lost(MqttFailure failure, Classification classification) {
		this.lostBy = failure;
		this.lostAs = classification;
		this.lostSince = this.scheduler.now();
	}

	/**
	 * A connection has been accepted.
	 * @return whether it follows one that was lost
	 */
	boolean connected() {
		boolean reconnect = this.lostBy != null && this.lostAs != null;
		this.statistics.attempted(AttemptOutcome.SUCCESS);
		if (this.lostBy != null && this.lostAs != null) {
			this.statistics.reconnects().increment(this.lostBy, this.lostAs.errorClass());
		}
		this.lostBy = null;
		this.lostSince = null;
		resumed();
		return reconnect;
	}

	void waiting(Duration delay) {
		update(this.scheduler.now().plus(delay));
	}

	/**
	 * The client has failed.
	 * @param kind why
	 * @param probe the time until the next probe, {@code null} for none
	 */
	void failed(FatalKind kind, @Nullable Duration probe) {
		this.fatalKind = kind;
		this.probing = false;
		update((probe != null) ? this.scheduler.now().plus(probe) : null);
	}

	void stopped() {
		this.lostBy = null;
		this.lostSince = null;
		resumed();
	}

	private void update(@Nullable Instant nextAttempt) {
		this.status = new ReconnectStatus(this.failures, this.lostSince, nextAttempt, this.reporter.lastIncident(),
				this.fatalKind);
	}

}
