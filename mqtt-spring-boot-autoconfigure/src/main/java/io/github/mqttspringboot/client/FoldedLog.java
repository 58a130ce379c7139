package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a storm of the same message from flooding the log: the first is written at once,
 * the rest of an interval in one line at its end. Used on the engine's thread only.
 */
final class FoldedLog {

	private static final int MAX_FINE = 50;

	private final Scheduler scheduler;

	private final Duration interval;

	private final BiConsumer<String, @Nullable Throwable> log;

	private final Map<String, Fold> folds = new HashMap<>();

	FoldedLog(Scheduler scheduler, Duration interval, BiConsumer<String, @Nullable Throwable> log) {
		this.scheduler = scheduler;
		this.interval = interval;
		this.log = log;
	}

	/**
	 * Write a message, or count it if its like was written less than an interval ago.
	 * @param fine what makes messages alike
	 * @param coarse what makes them alike when there are many kinds
	 * @param message the message
	 * @param cause the exception behind it, {@code null} for none
	 */
	void write(String fine, String coarse, String message, @Nullable Throwable cause) {
		String key = (this.folds.containsKey(fine) || this.folds.size() < MAX_FINE) ? fine : coarse;
		if (this.interval.isZero()) {
			this.log.accept(message, cause);
			return;
		}
		Fold fold = this.folds.get(key);
		if (fold != null) {
			fold.count++;
			fold.last = message;
			return;
		}
		this.folds.put(key, new Fold(this.scheduler.schedule(this.interval, () -> end(key))));
		this.log.accept(message, cause);
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
		if (fold.count > 0) {
			this.log.accept(fold.last + " [" + fold.count + " like it within " + this.interval.toSeconds() + " s]",
					null);
		}
		return fold.count > 0;
	}

	private static final class Fold {

		private final Scheduler.Timer timer;

		private long count;

		private String last = "";

		Fold(Scheduler.Timer timer) {
			this.timer = timer;
		}

	}

}
