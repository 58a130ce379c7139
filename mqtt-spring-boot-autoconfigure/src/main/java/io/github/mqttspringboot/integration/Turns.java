package io.github.mqttspringboot.integration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Lets the calls of all adapters subscribe one after the other while there are suspects:
 * only who is alone can be found guilty. The least suspected come first, and one that has
 * a strike waits a moment for those that have not. Thread-safe.
 */
final class Turns {

	private final FilterGuard guard;

	private final Executor later;

	private final List<Turn> waiting = new ArrayList<>();

	private @Nullable Turn current;

	/**
	 * Create the turns.
	 * @param guard knows the suspects
	 * @param later runs what it gets after the moment
	 */
	Turns(FilterGuard guard, Executor later) {
		this.guard = guard;
		this.later = later;
	}

	/**
	 * Run a task when it is its turn: at once without suspects.
	 * @param owner whose turn it is
	 * @param filters what it subscribes
	 * @param task must not block, and be followed by {@link #leave}
	 */
	void take(Object owner, Collection<String> filters, Runnable task) {
		synchronized (this) {
			this.waiting.add(new Turn(owner, List.copyOf(filters), task));
		}
		next();
	}

	/**
	 * Somebody's turn is over, or not wanted any more.
	 * @param owner whose
	 */
	void leave(Object owner) {
		synchronized (this) {
			this.waiting.removeIf((turn) -> turn.owner == owner);
			if (this.current != null && this.current.owner == owner) {
				this.current = null;
			}
		}
		next();
	}

	private void next() {
		Turn turn = poll();
		while (turn != null) {
			turn.task.run();
			turn = poll();
		}
	}

	private synchronized @Nullable Turn poll() {
		if (this.waiting.isEmpty()) {
			return null;
		}
		boolean suspects = this.guard.hasSuspectBelow(FilterGuard.MAX_STRIKES);
		if (suspects && this.current != null) {
			return null;
		}
		Turn first = this.waiting.stream().min(Comparator.comparingInt(this::strikes)).orElseThrow();
		if (!first.hasWaited && this.guard.hasSuspectBelow(strikes(first))) {
			if (!first.waits) {
				first.waits = true;
				this.later.execute(() -> waited(first));
			}
			return null;
		}
		this.waiting.remove(first);
		this.current = (suspects) ? first : this.current;
		return first;
	}

	private int strikes(Turn turn) {
		return turn.filters.stream().mapToInt(this.guard::strikes).max().orElse(-1);
	}

	private void waited(Turn turn) {
		synchronized (this) {
			turn.hasWaited = true;
		}
		next();
	}

	/**
	 * One that waits, or is about to end.
	 */
	private static final class Turn {

		private final Object owner;

		private final List<String> filters;

		private final Runnable task;

		private boolean waits;

		private boolean hasWaited;

		Turn(Object owner, List<String> filters, Runnable task) {
			this.owner = owner;
			this.filters = filters;
			this.task = task;
		}

	}

}
