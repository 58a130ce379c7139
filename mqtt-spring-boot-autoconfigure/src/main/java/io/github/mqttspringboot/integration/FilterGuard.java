package io.github.mqttspringboot.integration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a topic filter whose SUBSCRIBE ends the connection from being subscribed again on
 * each new one: an adapter would do so for ever. A filter gets a strike when the
 * connection is lost before the server has answered; one with a strike is subscribed
 * alone, so that the next loss tells the guilty from the others. A loss while no filter
 * is unanswered shows that it was something else. Thread-safe.
 */
final class FilterGuard {

	static final int MAX_STRIKES = 2;

	private final Map<String, Integer> strikes = new HashMap<>();

	private final Map<String, Integer> unanswered = new HashMap<>();

	synchronized boolean isSuspect(String filter) {
		return this.strikes.containsKey(filter);
	}

	synchronized boolean isBarred(String filter) {
		return this.strikes.getOrDefault(filter, 0) >= MAX_STRIKES;
	}

	synchronized void sent(Collection<String> filters) {
		filters.forEach((filter) -> this.unanswered.merge(filter, 1, Integer::sum));
	}

	/**
	 * A SUBSCRIBE has ended.
	 * @param filters its filters
	 * @param answered whether by the server, which shows them to be harmless
	 */
	synchronized void ended(Collection<String> filters, boolean answered) {
		for (String filter : filters) {
			this.unanswered.computeIfPresent(filter, (key, count) -> (count > 1) ? count - 1 : null);
			if (answered) {
				this.strikes.remove(filter);
			}
		}
	}

	/**
	 * The connection was lost.
	 * @return the filters that are barred from now on
	 */
	synchronized List<String> connectionLost() {
		List<String> barred = new ArrayList<>();
		if (this.unanswered.isEmpty()) {
			this.strikes.clear();
			return barred;
		}
		for (String filter : this.unanswered.keySet()) {
			if (this.strikes.merge(filter, 1, Integer::sum) == MAX_STRIKES) {
				barred.add(filter);
			}
		}
		return barred;
	}

	/**
	 * Give filters another chance.
	 * @param filters the filters
	 */
	synchronized void forgive(Collection<String> filters) {
		filters.forEach(this.strikes::remove);
	}

}
