package io.github.mqttspringboot.integration;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Has topic filters tried again some time after they were barred, on the connection that
 * there is then. Thread-safe.
 */
final class Probes {

	/** The clock of the guard is another. */
	private static final Duration SLACK = Duration.ofMillis(100);

	private final Duration interval;

	private final Consumer<Collection<String>> probe;

	private final Set<CompletableFuture<@Nullable Void>> timers = ConcurrentHashMap.newKeySet();

	/**
	 * Create the probes.
	 * @param interval how long a filter is barred, zero for ever
	 * @param probe has filters subscribed again; must not block
	 */
	Probes(Duration interval, Consumer<Collection<String>> probe) {
		this.interval = interval;
		this.probe = probe;
	}

	void schedule(Collection<String> filters) {
		if (filters.isEmpty() || this.interval.isZero()) {
			return;
		}
		CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();
		this.timers.add(timer);
		timer.whenComplete((result, cancelled) -> {
			this.timers.remove(timer);
			if (cancelled == null) {
				this.probe.accept(filters);
			}
		});
		timer.completeOnTimeout(null, this.interval.plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
	}

	/** Nobody is to be tried any more. */
	void cancel() {
		this.timers.forEach((timer) -> timer.cancel(false));
	}

}
