package io.github.mqttspringboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * Decides what follows the end of an attempt or of a connection: another server, a pause,
 * or the end. Used on the engine's thread only.
 */
final class Aftermath {

	/** What lets an attempt go on at the next server. */
	private static final Set<LocalError> TRANSPORT = EnumSet.of(LocalError.UNKNOWN_HOST, LocalError.CONNECTION_REFUSED,
			LocalError.CONNECT_TIMEOUT, LocalError.TLS_HANDSHAKE_INTERRUPTED, LocalError.CLOSED_BEFORE_CONNACK,
			LocalError.CONNACK_TIMEOUT);

	/** What can heal without a change here. */
	private static final Set<FatalKind> PROBED = EnumSet.of(FatalKind.AUTH, FatalKind.BANNED, FatalKind.TLS_TRUST);

	private final ClientSettings settings;

	private final FailureReporter reporter;

	private final ServerList servers;

	private final Redirects redirects;

	private final SessionBook sessions;

	private final Backoff backoff;

	private final Standing standing;

	Aftermath(ClientSettings settings, FailureReporter reporter, ServerList servers, Redirects redirects,
			SessionBook sessions, Backoff backoff, Standing standing) {
		this.settings = settings;
		this.reporter = reporter;
		this.servers = servers;
		this.redirects = redirects;
		this.sessions = sessions;
		this.backoff = backoff;
		this.standing = standing;
	}

	/**
	 * Decide.
	 * @param attempt what has ended
	 * @param failure why
	 * @param classification the verdict
	 * @return the next step
	 */
	NextStep decide(Attempt attempt, MqttFailure failure, Classification classification) {
		boolean transport = failure.localError() != null && TRANSPORT.contains(failure.localError());
		if (transport || classification.errorClass() == ErrorClass.REDIRECT
				|| failure.reasonCode() == ReasonCode.SERVER_UNAVAILABLE
				|| failure.reasonCode() == ReasonCode.SERVER_SHUTTING_DOWN) {
			this.servers.refused(attempt.server);
		}
		boolean renew = failure.localError() == LocalError.UNEXPECTED_SESSION_PRESENT && this.sessions.renew();
		return switch (classification.errorClass()) {
			case FATAL -> fail(attempt, failure, classification);
			case REDIRECT -> redirect(attempt, failure, classification);
			case RECONNECT -> {
				URI next = (transport && attempt.link == null) ? this.servers.next() : null;
				if (renew) {
					yield new NextStep.Connect(attempt.server, "asking for a new session");
				}
				yield (next != null) ? new NextStep.Connect(next, "trying " + next)
						: pause(attempt, "", failure, classification, ErrorClass.RECONNECT);
			}
			default -> pause(attempt, "", failure, classification, ErrorClass.THROTTLED);
		};
	}

	private NextStep redirect(Attempt attempt, MqttFailure failure, Classification classification) {
		Redirects.Answer answer = this.redirects.follow(attempt.server, failure.serverReference());
		this.servers.sentAway(attempt.server);
		boolean elsewhere = this.servers.hasOther();
		if (answer.isFollowed() && attempt.link == null) {
			URI next = this.servers.divert(answer.servers());
			return new NextStep.Connect(next, answer.note() + ", trying " + next);
		}
		if (answer.isFollowed()) {
			// Not at once: a server that leaves sends all its clients away
			this.servers.beginAt(answer.servers());
			elsewhere = true;
		}
		return pause(attempt, answer.note() + ", ", failure, classification,
				(elsewhere) ? ErrorClass.RECONNECT : ErrorClass.THROTTLED);
	}

	private NextStep pause(Attempt attempt, String note, MqttFailure failure, Classification classification,
			ErrorClass delayed) {
		if (attempt.link == null) {
			this.standing.attemptFailed();
		}
		FatalKind failed = this.standing.fatalKind();
		if (failed != null) {
			return failed(failed, note + "client still stopped");
		}
		int limit = this.settings.reconnect().maxAttempts();
		if (limit > 0 && this.standing.failures() >= limit) {
			return new NextStep.Fail(this.reporter.fatalKind(failure, classification), null,
					note + "client stopped after " + this.standing.failures() + " attempts ('"
							+ this.settings.property("reconnect.max-attempts") + "')");
		}
		Duration delay = this.backoff.next(delayed);
		return new NextStep.Wait(delay, note + "next attempt in " + delay.toMillis() + " ms");
	}

	private NextStep fail(Attempt attempt, MqttFailure failure, Classification classification) {
		if (attempt.link == null) {
			this.standing.attemptFailed();
		}
		return failed(this.reporter.fatalKind(failure, classification), "client stopped");
	}

	private NextStep failed(FatalKind kind, String action) {
		Duration probe = probe(kind);
		return new NextStep.Fail(kind, probe,
				(probe != null) ? action + ", next probe in " + probe.toSeconds() + " s" : action);
	}

	private @Nullable Duration probe(FatalKind kind) {
		return (PROBED.contains(kind) && !this.settings.reconnect().probeInterval().isZero()) ? this.backoff.probe()
				: null;
	}

}
