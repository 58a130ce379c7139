package io.github.mqttspringboot.integration;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * Keeps a topic filter whose SUBSCRIBE ends the connection from being subscribed again on
 * each new one: an adapter would do so for ever. A connection that is closed before the
 * server has answered makes the filters suspects, which are subscribed alone, one of all
 * adapters at a time. One that is alone when the next is closed gets a strike; at two it
 * is barred for a while, then it may try once. Where the guilt wanders, or nobody is
 * unanswered, it was the network. Thread-safe.
 */
final class FilterGuard {

	static final int MAX_STRIKES = 2;

	static final String REASON = "it was alone when " + MAX_STRIKES
			+ " connections in a row were closed before the server had answered its SUBSCRIBE";

	/** A close without a reason is due to what was written so long before, or later. */
	static final Duration SUSPECT_WINDOW = Duration.ofSeconds(2);

	private static final long NOT_BARRED = Long.MIN_VALUE;

	private final Clock clock;

	private final @Nullable Duration barTime;

	private final Map<String, Suspect> suspects = new HashMap<>();

	private final Map<String, Unanswered> unanswered = new HashMap<>();

	/** Whether wandering guilt acquits: once, as two may be guilty. */
	private boolean forgiving = true;

	/**
	 * Create a guard.
	 * @param barTime after what time a barred filter may try again, zero for never
	 * @param clock tells the time
	 */
	FilterGuard(Duration barTime, Clock clock) {
		this.barTime = (barTime.isZero()) ? null : barTime;
		this.clock = clock;
	}

	/**
	 * Return what can be done for a barred filter.
	 * @return a sentence without a full stop
	 */
	String advice() {
		return "Correct the filter, or the server. " + ((this.barTime != null)
				? "It is tried again " + this.barTime.toSeconds() + " s later, or when the adapter is restarted"
				: "It is tried again when the adapter is restarted");
	}

	synchronized boolean isBarred(String filter) {
		Suspect suspect = this.suspects.get(filter);
		return suspect != null && suspect.isBarred(this.clock.millis());
	}

	/**
	 * Return how many strikes a filter has, to try the least suspected first.
	 * @param filter the filter
	 * @return the number, -1 if it is no suspect
	 */
	synchronized int strikes(String filter) {
		Suspect suspect = this.suspects.get(filter);
		return (suspect != null) ? suspect.strikes : -1;
	}

	/**
	 * Return whether there is a suspect that may be subscribed.
	 * @param strikes with fewer strikes than that
	 * @return {@code true} if there is one
	 */
	synchronized boolean hasSuspectBelow(int strikes) {
		long now = this.clock.millis();
		return this.suspects.values()
			.stream()
			.anyMatch((suspect) -> !suspect.isBarred(now) && suspect.strikes < strikes);
	}

	synchronized void sent(Collection<String> filters) {
		long now = this.clock.millis();
		filters.forEach((filter) -> this.unanswered.computeIfAbsent(filter, (key) -> new Unanswered(now)).count++);
	}

	/**
	 * A SUBSCRIBE has ended.
	 * @param filters its filters
	 * @param answered whether by the server, which shows them to be harmless
	 */
	synchronized void ended(Collection<String> filters, boolean answered) {
		for (String filter : filters) {
			this.unanswered.computeIfPresent(filter, (key, open) -> (--open.count > 0) ? open : null);
			if (answered && this.suspects.remove(filter) != null && !hasSuspectBelow(MAX_STRIKES)) {
				this.forgiving = true;
			}
		}
	}

	/**
	 * The connection was lost.
	 * @param failure how
	 * @param time when, in milliseconds of the clock
	 * @return the filters that are barred from now on
	 */
	synchronized List<String> connectionLost(MqttFailure failure, long time) {
		if (!DefaultErrorTable.standard().suspect(failure) || isForPublish(failure.reasonCode())) {
			return List.of();
		}
		if (this.unanswered.isEmpty()) {
			acquitAll();
			return List.of();
		}
		List<String> out = new ArrayList<>();
		this.unanswered.forEach((filter, open) -> {
			// One of the next connection may have been sent by now
			if (open.since <= time
					&& (failure.localError() == null || time - open.since <= SUSPECT_WINDOW.toMillis())) {
				out.add(filter);
			}
		});
		if (!out.isEmpty() && this.forgiving && isAccusedBesides(out)) {
			this.forgiving = false;
			acquitAll();
			return List.of();
		}
		Suspect alone = (out.size() == 1) ? this.suspects.get(out.get(0)) : null;
		if (alone == null) {
			out.forEach((filter) -> this.suspects.computeIfAbsent(filter, (key) -> new Suspect()));
			return List.of();
		}
		if (++alone.strikes < MAX_STRIKES) {
			return List.of();
		}
		alone.barredUntil = (this.barTime != null) ? time + this.barTime.toMillis() : Long.MAX_VALUE;
		return out;
	}

	private static boolean isForPublish(@Nullable ReasonCode code) {
		return code != null && switch (code) {
			case TOPIC_NAME_INVALID, RECEIVE_MAXIMUM_EXCEEDED, TOPIC_ALIAS_INVALID, PAYLOAD_FORMAT_INVALID,
					RETAIN_NOT_SUPPORTED, QOS_NOT_SUPPORTED ->
				true;
			default -> false;
		};
	}

	private boolean isAccusedBesides(Collection<String> filters) {
		return this.suspects.entrySet()
			.stream()
			.anyMatch((entry) -> entry.getValue().isAccused() && !filters.contains(entry.getKey()));
	}

	private void acquitAll() {
		this.suspects.values().removeIf((suspect) -> suspect.barredUntil == NOT_BARRED);
		this.suspects.values().forEach((suspect) -> suspect.tryAgain());
	}

	/**
	 * Give filters another chance.
	 * @param filters the filters
	 */
	synchronized void forgive(Collection<String> filters) {
		filters.forEach(this.suspects::remove);
	}

	/**
	 * A filter that may end connections.
	 */
	private static final class Suspect {

		private int strikes;

		private boolean trying;

		private long barredUntil = NOT_BARRED;

		boolean isBarred(long now) {
			if (this.barredUntil == NOT_BARRED || now < this.barredUntil) {
				return this.barredUntil != NOT_BARRED;
			}
			tryAgain();
			return false;
		}

		boolean isAccused() {
			return this.strikes > 0 && !this.trying && this.barredUntil == NOT_BARRED;
		}

		void tryAgain() {
			this.strikes = MAX_STRIKES - 1;
			this.trying = true;
			this.barredUntil = NOT_BARRED;
		}

	}

	/**
	 * What the server has not answered yet.
	 */
	private static final class Unanswered {

		private final long since;

		private int count;

		Unanswered(long since) {
			this.since = since;
		}

	}

}
