package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Watches the time of publishes with one timer: all have the same timeout, so that they
 * come due in the order of the calls. Used on the engine's thread only.
 */
final class PublishDeadlines {

	private static final int MIN_COMPACT = 1024;

	private final Scheduler scheduler;

	private final Consumer<OutboundPublish> overdue;

	/** Everything unsettled, and some that is settled, in the order of its deadline. */
	private final Deque<OutboundPublish> publishes = new ArrayDeque<>();

	/** Size at which settled ones are thrown out. */
	private int compactAt = MIN_COMPACT;

	private Scheduler.@Nullable Timer timer;

	PublishDeadlines(Scheduler scheduler, Consumer<OutboundPublish> overdue) {
		this.scheduler = scheduler;
		this.overdue = overdue;
	}

	void watch(OutboundPublish publish) {
		if (this.publishes.size() >= this.compactAt) {
			this.publishes.removeIf((candidate) -> candidate.settled);
			this.compactAt = Math.max(MIN_COMPACT, 2 * this.publishes.size());
		}
		this.publishes.add(publish);
		arm();
	}

	void clear() {
		this.publishes.clear();
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private void arm() {
		OutboundPublish first = this.publishes.peek();
		if (this.timer == null && first != null) {
			long delay = first.deadline - this.scheduler.nanoTime();
			this.timer = this.scheduler.schedule(Duration.ofNanos(Math.max(0, delay)), this::due);
		}
	}

	private void due() {
		this.timer = null;
		long now = this.scheduler.nanoTime();
		OutboundPublish first = this.publishes.peek();
		while (first != null && (first.settled || first.deadline - now <= 0)) {
			this.publishes.remove();
			if (!first.settled) {
				this.overdue.accept(first);
			}
			first = this.publishes.peek();
		}
		arm();
	}

}
