package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The received messages of the current connection that are not acknowledged, in the order
 * of arrival. Acknowledgements leave in that order, so that the first one holds back all
 * others: notices when it does so for long. Used on the engine's thread only, but for
 * {@link #age()}.
 */
final class UnacknowledgedMessages {

	private final Scheduler scheduler;

	private final Duration patience;

	private final Consumer<InboundMessage> blocked;

	private final Deque<InboundMessage> messages = new ArrayDeque<>();

	private volatile @Nullable InboundMessage first;

	/** Since when it is the first. */
	private long firstSince;

	private @Nullable InboundMessage reported;

	private Scheduler.@Nullable Timer watch;

	/**
	 * Create an empty queue.
	 * @param scheduler the engine's thread and clock
	 * @param patience how long the first message may hold back the others
	 * @param blocked called once for each message that holds back the others for long
	 */
	UnacknowledgedMessages(Scheduler scheduler, Duration patience, Consumer<InboundMessage> blocked) {
		this.scheduler = scheduler;
		this.patience = patience;
		this.blocked = blocked;
	}

	void add(InboundMessage message) {
		this.messages.add(message);
		firstMayHaveChanged();
		if (this.watch == null) {
			watch(this.patience);
		}
	}

	void remove(InboundMessage message) {
		this.messages.remove(message);
		firstMayHaveChanged();
	}

	boolean contains(InboundMessage message) {
		return this.messages.contains(message);
	}

	void forEach(Consumer<InboundMessage> consumer) {
		this.messages.forEach(consumer);
	}

	int size() {
		return this.messages.size();
	}

	/**
	 * Take the first message if the application is done with it.
	 * @return the message, {@code null} if there is none to acknowledge
	 */
	@Nullable InboundMessage pollProcessed() {
		InboundMessage head = this.messages.peek();
		if (head == null || !head.processed) {
			return null;
		}
		this.messages.remove();
		firstMayHaveChanged();
		return head;
	}

	void clear() {
		this.messages.clear();
		firstMayHaveChanged();
		this.reported = null;
		if (this.watch != null) {
			this.watch.cancel();
			this.watch = null;
		}
	}

	/**
	 * Return how long the oldest message has waited. Called on any thread.
	 * @return the time since it came, zero if there is none
	 */
	Duration age() {
		InboundMessage oldest = this.first;
		return (oldest != null) ? Duration.ofNanos(this.scheduler.nanoTime() - oldest.since) : Duration.ZERO;
	}

	private void firstMayHaveChanged() {
		InboundMessage head = this.messages.peek();
		if (this.first != head) {
			this.first = head;
			this.firstSince = this.scheduler.nanoTime();
		}
	}

	private void watch(Duration delay) {
		this.watch = this.scheduler.schedule(delay, this::look);
	}

	private void look() {
		this.watch = null;
		InboundMessage head = this.messages.peek();
		if (head == null) {
			return; // until the next one comes
		}
		Duration left = this.patience.minusNanos(this.scheduler.nanoTime() - this.firstSince);
		if (!left.isNegative() && !left.isZero()) {
			watch(left);
			return;
		}
		if (this.reported != head) {
			this.reported = head;
			this.blocked.accept(head);
		}
		watch(this.patience);
	}

}
