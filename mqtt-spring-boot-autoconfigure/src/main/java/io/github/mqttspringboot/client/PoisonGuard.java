package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * Finds the operation that makes the server end the connection each time it is sent. One
 * that was unanswered at two ends of a connection in a row puts the client on probation:
 * one operation at a time, so that the one outstanding at the next end is known. At so
 * many strikes it is guilty, at one if the reason code says so. Where the guilt wanders,
 * or nobody was outstanding, it was the network. Used on the engine's thread only.
 */
final class PoisonGuard {

	private final ClientSettings.Poison settings;

	private final String property;

	private final Scheduler scheduler;

	private final FailureReporter reporter;

	private final Host host;

	/** Whom to watch, with their strikes, in the order of their sending. */
	private final Map<Object, Integer> suspects = new LinkedHashMap<>();

	/** What was unanswered when the connection ended. */
	private final List<Unanswered> unanswered = new ArrayList<>();

	private final List<PoisonVerdict> verdicts = new ArrayList<>();

	private final ProbationTurn turn;

	private final Lineup lineup = new Lineup();

	private boolean probation;

	/** Whether wandering guilt acquits: once, as two may be guilty. */
	private boolean forgiving = true;

	/** Whether QoS 0, which is not sent again, was written on this connection. */
	private boolean qos0;

	private long qos0WrittenAt;

	private final SameReason sameReason = new SameReason();

	PoisonGuard(ClientSettings settings, Scheduler scheduler, FailureReporter reporter, Host host) {
		this.settings = settings.poison();
		this.property = settings.property("poison.enabled");
		this.scheduler = scheduler;
		this.reporter = reporter;
		this.host = host;
		this.turn = new ProbationTurn(scheduler, settings.poison().suspectWindow(), host, this::survived);
	}

	boolean isOnProbation() {
		return this.probation;
	}

	// What the flows ask and tell

	/**
	 * Return whether an operation may be sent.
	 * @return {@code false} while another is outstanding, on probation
	 */
	boolean admits() {
		return !this.probation || this.turn.isFree();
	}

	/**
	 * Return which topic filters may be subscribed with one SUBSCRIBE: suspects alone.
	 * @param entries those that are to be subscribed
	 * @return some of them, at least one unless there is none
	 */
	List<HeldSubscription> together(List<HeldSubscription> entries) {
		if (!this.probation || entries.size() < 2) {
			return entries;
		}
		List<HeldSubscription> innocent = entries.stream()
			.filter((entry) -> !this.suspects.containsKey(entry.filter()))
			.toList();
		return (innocent.isEmpty()) ? entries.subList(0, 1) : innocent;
	}

	/**
	 * A publish is sent. One of QoS 0 has no answer but that to a PINGREQ after it.
	 * @param publish the publish
	 */
	void sent(OutboundPublish publish) {
		if (this.probation) {
			boolean unanswerable = publish.qos() == 0;
			this.turn.take(publish, (unanswerable) ? List.of() : List.of(publish));
			if (unanswerable) {
				this.turn.endAtPong();
			}
		}
	}

	void sent(SubscribeOperation operation) {
		if (this.probation) {
			this.turn.take(operation, operation.suspects());
		}
	}

	/**
	 * An operation goes on: PUBREC has come.
	 * @param operation the operation
	 */
	void progressed(Object operation) {
		this.turn.renew(operation);
	}

	/**
	 * The server has answered a publish for good, which shows it to be harmless.
	 * @param publish the publish
	 */
	void answered(OutboundPublish publish) {
		if (this.probation || !this.suspects.isEmpty()) {
			answered(publish, List.of(publish));
		}
	}

	/**
	 * The server has answered a SUBSCRIBE or UNSUBSCRIBE.
	 * @param operation what is not told of the answer yet
	 */
	void answered(SubscribeOperation operation) {
		if (this.probation || !this.suspects.isEmpty()) {
			answered(operation, operation.suspects());
		}
	}

	private void answered(Object operation, Collection<?> keys) {
		this.turn.answered(operation);
		boolean struck = false;
		for (Object key : keys) {
			Integer strikes = this.suspects.remove(key);
			struck |= strikes != null && strikes > 0;
		}
		if (struck && this.forgiving) {
			// It did not end the connection this time: something else did
			acquitAll("what was alone in flight then has been answered now");
		}
		else if (this.suspects.isEmpty()) {
			cleared();
		}
	}

	/**
	 * An operation has ended without an answer.
	 * @param key what it is
	 */
	void dropped(Object key) {
		this.turn.ended(key);
		this.suspects.remove(key);
	}

	void pong(long number) {
		this.turn.pong(number);
	}

	private void survived(Collection<?> keys) {
		// Long enough: if the connection ends now, that is not why
		keys.forEach(this.suspects::remove);
	}

	/** The engine has dealt with a message: let the next have its turn. */
	void settled() {
		if (this.turn.wasFreed()) {
			if (this.probation && this.suspects.keySet().stream().noneMatch(this.host::isAlive)) {
				this.suspects.clear();
				cleared();
			}
			this.host.next();
		}
	}

	// What becomes of connections

	void linkUp() {
		this.unanswered.clear();
		this.qos0 = false;
		this.turn.reset();
		if (this.suspects.values().stream().anyMatch((strikes) -> strikes > 0)) {
			this.turn.beQuiet();
		}
		if (this.probation && this.suspects.keySet().stream().noneMatch(this.host::isAlive)) {
			cleared();
		}
	}

	/**
	 * An operation had left and was not answered when the connection ended.
	 * @param operation the operation
	 */
	void testify(Unanswered operation) {
		this.unanswered.add(operation);
	}

	/** A publish of QoS 0, which has no answer, has left. */
	void writtenUnanswerable() {
		this.qos0 = true;
		this.qos0WrittenAt = this.scheduler.nanoTime();
	}

	boolean isRecent(long writtenAt) {
		return this.scheduler.nanoTime() - writtenAt <= this.settings.suspectWindow().toNanos();
	}

	/**
	 * The connection has ended against the client's will.
	 * @param failure how
	 * @param classification the verdict on that
	 * @return what follows
	 */
	PoisonRuling lost(MqttFailure failure, Classification classification) {
		OutboundPublish qos0 = this.turn.unanswerable();
		boolean proven = this.turn.isProven();
		this.turn.reset();
		if (!this.settings.enabled()) {
			return PoisonRuling.NOTHING;
		}
		if (!this.reporter.isSuspect(failure)) {
			breakRow();
			return PoisonRuling.NOTHING;
		}
		List<Unanswered> out = Unanswered.suspects(failure, this.unanswered);
		if (out.isEmpty()) {
			return nobody(failure, classification, qos0);
		}
		this.sameReason.none();
		if (this.probation) {
			// A server that owes an answer to something earlier may be at that
			boolean alone = out.size() == 1 && qos0 == null
					&& (failure.localError() == null || (proven && this.unanswered.size() == 1));
			return (alone) ? strike(out.get(0), failure) : watch(out);
		}
		List<Unanswered> again = this.lineup.end(out, this.suspects.keySet(), failure.localError() == null);
		this.suspects.clear();
		watch((again.isEmpty()) ? out : again);
		if (!this.lineup.isClear()) {
			return PoisonRuling.NOTHING;
		}
		this.lineup.clear();
		this.probation = true;
		return new PoisonRuling(
				"one operation at a time from now on, to find out whether "
						+ ((again.size() == 1) ? again.get(0).describe() + " ends the connection"
								: "one of " + again.size() + " in flight ends the connection")
						+ " ('" + this.property + "')",
				false);
	}

	/** It was not what was in flight this time, so that it may not have been before. */
	private void breakRow() {
		this.sameReason.none();
		if (this.probation) {
			this.suspects.replaceAll((key, strikes) -> 0);
		}
		else {
			this.suspects.clear();
			this.lineup.clear();
		}
	}

	private PoisonRuling nobody(MqttFailure failure, Classification classification, @Nullable OutboundPublish qos0) {
		if (qos0 != null || (this.qos0 && isRecent(this.qos0WrittenAt))) {
			this.sameReason.none();
			return (qos0 != null) ? new PoisonRuling(
					"only " + Unanswered.describe(qos0) + " with QoS 0 was in flight, which is not sent again", false)
					: PoisonRuling.NOTHING;
		}
		if (this.probation) {
			acquitAll("nothing was in flight");
		}
		this.suspects.clear();
		this.lineup.clear();
		boolean counts = failure.localError() == null && classification.errorClass() == ErrorClass.RECONNECT;
		return (counts) ? this.sameReason.again(failure.reasonCode()) : this.sameReason.none();
	}

	private PoisonRuling watch(List<Unanswered> out) {
		out.forEach((each) -> this.suspects.putIfAbsent(each.key(), 0));
		return PoisonRuling.NOTHING;
	}

	private PoisonRuling strike(Unanswered alone, MqttFailure failure) {
		boolean wanders = this.suspects.entrySet()
			.stream()
			.anyMatch((entry) -> entry.getValue() > 0 && !entry.getKey().equals(alone.key()));
		if (wanders && this.forgiving) {
			acquitAll("something else was alone in flight then");
			return PoisonRuling.NOTHING;
		}
		// Once may be for another reason, such as a token that has expired
		boolean explicit = this.suspects.containsKey(alone.key()) && alone.isBlamedBy(failure.reasonCode());
		int strikes = this.suspects.merge(alone.key(), 1, Integer::sum);
		this.turn.struck();
		if (!explicit && strikes < this.settings.maxStrikes()) {
			return new PoisonRuling(alone.describe() + " was alone in flight (strike " + strikes + " of "
					+ this.settings.maxStrikes() + ")", false);
		}
		this.suspects.remove(alone.key());
		this.verdicts.add(new PoisonVerdict(alone.key(), failure, strikes));
		if (this.suspects.isEmpty()) {
			cleared();
		}
		return new PoisonRuling(alone.describe() + " was alone in flight and is quarantined", false);
	}

	/**
	 * Return who was found guilty, once.
	 * @return the guilty
	 */
	List<PoisonVerdict> verdicts() {
		List<PoisonVerdict> found = List.copyOf(this.verdicts);
		this.verdicts.clear();
		return found;
	}

	/** The connection has proven its worth. */
	void stable() {
		this.suspects.clear();
		this.lineup.clear();
		this.forgiving = true;
		this.sameReason.none();
	}

	/** Somebody wants a connection: what was suspected before does not count. */
	void reset() {
		stable();
		this.probation = false;
		this.turn.reset();
	}

	private void cleared() {
		this.suspects.clear();
		this.lineup.clear();
		this.forgiving = true;
		endProbation("nothing that is under suspicion is left");
	}

	private void acquitAll(String why) {
		this.suspects.clear();
		this.lineup.clear();
		this.forgiving = false;
		endProbation("it was the network or the server itself: " + why);
	}

	private void endProbation(String why) {
		if (this.probation) {
			this.probation = false;
			this.turn.reset();
			this.turn.free();
			this.reporter.info("back to many operations at a time, as " + why);
		}
	}

	/**
	 * Does what the guard cannot do itself.
	 */
	interface Host {

		/**
		 * Send a PINGREQ.
		 * @return its number on the connection, for {@link PoisonGuard#pong(long)}
		 */
		long ping();

		/** Send what may be sent. */
		void next();

		/**
		 * Return whether an operation may still be sent.
		 * @param key what it is
		 * @return {@code false} if it is over
		 */
		boolean isAlive(Object key);

	}

}
