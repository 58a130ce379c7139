package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientLog.Line;

/**
 * Keeps a storm of the same message from flooding the log: the first is written at once,
 * the rest of an interval in one line at its end. Used on the engine's thread only.
 */
final class FoldedLog {

	private static final int MAX_FINE = 50;

	private final Scheduler scheduler;

	private final Duration interval;

	private final Consumer<Line> log;

	private final Map<String, Fold> folds = new HashMap<>();

	FoldedLog(Scheduler scheduler, Duration interval, Consumer<Line> log) {
		this.scheduler = scheduler;
		this.interval = interval;
		this.log = log;
	}

	/**
	 * Write a message, or count it if its like was written less than an interval ago.
	 * @param fine what makes messages alike
	 * @param coarse what makes them alike when there are many kinds
	 * @param line the message
	 */
	void write(String fine, String coarse, Line line) {
		String key = (this.folds.containsKey(fine) || this.folds.size() < MAX_FINE) ? fine : coarse;
		if (this.interval.isZero()) {
			this.log.accept(line);
			return;
		}
		Fold fold = this.folds.get(key);
		if (fold != null) {
			fold.count++;
			fold.last = line;
			return;
		}
		this.folds.put(key, new Fold(this.scheduler.schedule(this.interval, () -> end(key))));
		this.log.accept(line);
	}

	/**
	 * Write what was counted so far and wait for nothing more.
	 */
	void flush() {
		this.folds.values().forEach((fold) -> {
			fold.timer.cancel();
			write(fold);
		});
		this.folds.clear();
	}

	private void end(String key) {
		Fold fold = this.folds.remove(key);
		if (fold != null && write(fold)) {
			this.folds.put(key, new Fold(this.scheduler.schedule(this.interval, () -> end(key))));
		}
	}

	private boolean write(Fold fold) {
		if (fold.last == null) {
			return false;
		}
		this.log.accept(fold.last.standingFor(fold.count,
				" [" + fold.count + " like it within " + this.interval.toSeconds() + " s]"));
		return true;
	}

	private static final class Fold {

		private final Scheduler.Timer timer;

		private long count;

		private @Nullable Line last;

		Fold(Scheduler.Timer timer) {
			this.timer = timer;
		}

	}

}
