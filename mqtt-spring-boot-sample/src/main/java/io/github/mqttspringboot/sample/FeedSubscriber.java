package io.github.mqttspringboot.sample;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * What one browser is still to be sent. Thread-safe.
 */
class FeedSubscriber {

	private static final int CAPACITY = 500;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Queue<FeedEvent> queue;

	private boolean closed;

	FeedSubscriber(Collection<FeedEvent> history) {
		this.queue = new ArrayDeque<>(history);
	}

	/**
	 * Queue an event. Never waits.
	 * @param event the event
	 * @return whether it was queued; if not, the subscriber is closed
	 */
	boolean offer(FeedEvent event) {
		this.lock.lock();
		try {
			if (this.queue.size() >= CAPACITY) {
				this.closed = true;
			}
			if (!this.closed) {
				this.queue.add(event);
			}
			this.changed.signalAll();
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait for the next event.
	 * @param timeout how long to wait
	 * @return the event, {@code null} if none came in time or the subscriber is closed
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable FeedEvent poll(Duration timeout) throws InterruptedException {
		this.lock.lock();
		try {
			long nanos = timeout.toNanos();
			while (this.queue.isEmpty() && !this.closed && nanos > 0) {
				nanos = this.changed.awaitNanos(nanos);
			}
			return (!this.closed) ? this.queue.poll() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isClosed() {
		this.lock.lock();
		try {
			return this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

}
