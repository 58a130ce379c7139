package io.github.mqttspringboot.listener;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import io.github.mqttspringboot.client.ClientLogs;

/**
 * Processes deliveries one after the other, and holds no thread while one waits: for its
 * stage, or for the next attempt. Thread-safe.
 */
final class Lane {

	private static final Logger logger = LoggerFactory.getLogger(Lane.class);

	private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run);

	private final Executor executor;

	private final Executor later;

	private final int capacity;

	private final Deque<Delivery> queue = new ArrayDeque<>();

	/** Queued above the capacity. */
	private final Deque<Delivery> notAccepted = new ArrayDeque<>();

	/** Of the deliveries, {@code null} before the first. */
	private volatile @Nullable ListenerWork work;

	private boolean busy;

	private boolean paused;

	/** What goes on with the delivery under way, once the pause is over. */
	private @Nullable Runnable held;

	/** Whether the executor did not take the last task. */
	private volatile boolean refusing;

	/** What neither the executor took nor a timer. */
	private @Nullable Runnable refused;

	Lane(Executor executor, int capacity) {
		this(executor, capacity, LATER);
	}

	/**
	 * Create a lane.
	 * @param executor runs the deliveries
	 * @param capacity how many deliveries are accepted before they are processed
	 * @param later tries again, after a pause, what the executor did not take
	 */
	Lane(Executor executor, int capacity, Executor later) {
		this.executor = executor;
		this.capacity = capacity;
		this.later = later;
	}

	void add(Delivery delivery) {
		this.work = delivery.work();
		boolean accepted;
		boolean idle;
		Runnable refused;
		synchronized (this.queue) {
			refused = this.refused;
			this.refused = null;
			this.queue.add(delivery);
			accepted = this.queue.size() <= this.capacity;
			if (!accepted) {
				this.notAccepted.add(delivery);
			}
			idle = begin();
		}
		if (accepted) {
			delivery.accepted();
		}
		if (refused != null) {
			proceed(refused);
		}
		if (idle) {
			execute(this::run);
		}
	}

	// Used under the lock
	private boolean begin() {
		if (this.busy || this.paused || this.queue.isEmpty()) {
			return false;
		}
		this.busy = true;
		return true;
	}

	/**
	 * Go on with the delivery under way, unless the lane pauses.
	 * @param task what to do
	 */
	void proceed(Runnable task) {
		synchronized (this.queue) {
			if (this.paused) {
				this.held = task;
				return;
			}
		}
		execute(task);
	}

	void pause() {
		synchronized (this.queue) {
			this.paused = true;
		}
	}

	void resume() {
		Runnable task;
		boolean idle;
		synchronized (this.queue) {
			this.paused = false;
			task = this.held;
			this.held = null;
			idle = begin();
		}
		if (task != null) {
			execute(task);
		}
		if (idle) {
			execute(this::run);
		}
	}

	private void run() {
		for (Delivery delivery = next(); delivery != null; delivery = next()) {
			CompletableFuture<?> processed = delivery.process(this);
			if (!processed.isDone()) {
				processed.whenComplete((result, ex) -> execute(this::run));
				return;
			}
		}
	}

	private @Nullable Delivery next() {
		Delivery next;
		Delivery accepted;
		synchronized (this.queue) {
			next = (this.paused) ? null : this.queue.poll();
			if (next == null) {
				this.busy = false;
				return null;
			}
			accepted = this.notAccepted.poll();
		}
		if (accepted != null) {
			accepted.accepted();
		}
		return next;
	}

	private void execute(Runnable task) {
		AtomicBoolean begun = new AtomicBoolean();
		Runnable once = () -> {
			if (begun.compareAndSet(false, true)) {
				task.run();
			}
		};
		try {
			this.executor.execute(once);
			this.refusing = false;
		}
		catch (Throwable ex) {
			// Full, or without a thread. A container that is closed pauses before
			if (!this.refusing) {
				this.refusing = true;
				warn("takes no task (" + ex + "); it is asked again every second");
			}
			again(once);
		}
	}

	private void warn(String problem) {
		ListenerWork work = this.work;
		if (work != null) {
			ClientLogs.write(logger, Level.WARN, work.client(),
					"the executor of listener '" + work.id() + "' " + problem, null);
		}
	}

	private void again(Runnable task) {
		try {
			this.later.execute(() -> proceed(task));
		}
		catch (Throwable ex) {
			// There is no thread to wait on either: the next message tries again
			synchronized (this.queue) {
				this.refused = task;
			}
		}
	}

}
