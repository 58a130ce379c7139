package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is on probation. Nobody's before the server has answered a PINGREQ on the
 * connection: a server or network that ends each at once must make nobody guilty. And
 * nobody has it for longer than the suspect window. Used on the engine's thread only.
 */
final class ProbationTurn {

	/** How many times as long as with an operation a connection must last without it. */
	private static final int QUIET = 10;

	private final Scheduler scheduler;

	private final Duration patience;

	private final PoisonGuard.Host host;

	private final Consumer<Collection<?>> survived;

	private @Nullable Object operation;

	private Collection<?> keys = List.of();

	/** Whether the server has answered something on this connection. */
	private boolean proven;

	/** The number of the PINGREQ whose answer is awaited, 0 for none. */
	private long pinged;

	/** How long the connection must last first with nothing in flight. */
	private Duration quiet = Duration.ZERO;

	private Duration nextQuiet = Duration.ZERO;

	private boolean quieting;

	/** When the turn began, monotonic nanoseconds. */
	private long takenAt;

	private boolean freed;

	private Scheduler.@Nullable Timer timer;

	ProbationTurn(Scheduler scheduler, Duration patience, PoisonGuard.Host host, Consumer<Collection<?>> survived) {
		this.scheduler = scheduler;
		this.patience = patience;
		this.host = host;
		this.survived = survived;
	}

	/** A connection has begun or ended. */
	void reset() {
		cancelTimer();
		this.operation = null;
		this.proven = false;
		this.pinged = 0;
		this.quiet = Duration.ZERO;
		this.quieting = false;
	}

	/** The connection has ended while it was the turn of one that gets a strike. */
	void struck() {
		Duration quiet = Duration.ofNanos(this.scheduler.nanoTime() - this.takenAt).multipliedBy(QUIET);
		this.nextQuiet = (quiet.compareTo(this.patience) < 0) ? quiet : this.patience;
	}

	/**
	 * Somebody has a strike: on a network that ends connections as soon as that anyway,
	 * this one is to end with nothing in flight.
	 */
	void beQuiet() {
		this.quiet = this.nextQuiet;
	}

	boolean isFree() {
		if (this.operation != null || this.quieting) {
			return false;
		}
		if (!this.proven && this.pinged == 0) {
			this.pinged = this.host.ping();
			watch();
		}
		return this.proven;
	}

	/**
	 * Return whether the server has answered each PINGREQ that was sent for a turn.
	 * @return {@code false} if it may not have come to what was sent after one
	 */
	boolean isProven() {
		return this.proven && this.pinged == 0;
	}

	void take(Object operation, Collection<?> keys) {
		this.operation = operation;
		this.keys = keys;
		this.takenAt = this.scheduler.nanoTime();
		watch();
	}

	/** What was sent last has no answer but that to a PINGREQ after it. */
	void endAtPong() {
		this.pinged = this.host.ping();
	}

	/**
	 * Return the publish whose turn ends at a PINGRESP.
	 * @return the publish if it has left, {@code null} if it is another's turn
	 */
	@Nullable OutboundPublish unanswerable() {
		return (this.operation instanceof OutboundPublish publish && publish.qos() == 0 && publish.sent) ? publish
				: null;
	}

	void renew(Object operation) {
		if (operation == this.operation) {
			watch();
		}
	}

	void answered(Object operation) {
		this.proven = true;
		if (operation == this.operation) {
			// It was sent after the PINGREQ, and servers answer in order
			this.pinged = 0;
		}
		ended(operation);
	}

	void ended(Object operation) {
		if (operation == this.operation) {
			free();
		}
	}

	void pong(long number) {
		if (this.pinged == 0 || number < this.pinged) {
			return;
		}
		this.pinged = 0;
		this.proven = true;
		if (this.operation == null || this.keys.isEmpty()) {
			begin();
		}
	}

	private void begin() {
		if (this.quieting) {
			return;
		}
		if (this.quiet.isZero()) {
			free();
			return;
		}
		cancelTimer();
		this.quieting = true;
		this.timer = this.scheduler.schedule(this.quiet, () -> {
			this.quieting = false;
			free();
		});
		this.quiet = Duration.ZERO;
	}

	/** Let the next have its turn. */
	void free() {
		cancelTimer();
		this.operation = null;
		this.freed = true;
	}

	/**
	 * Return whether the next is to have its turn, once.
	 * @return {@code true} if a turn has ended since the last call
	 */
	boolean wasFreed() {
		boolean was = this.freed;
		this.freed = false;
		return was;
	}

	private void watch() {
		cancelTimer();
		this.timer = this.scheduler.schedule(this.patience, this::overdue);
	}

	private void overdue() {
		this.timer = null;
		if (this.operation != null) {
			this.survived.accept(this.keys);
			this.operation = null;
		}
		// A server that answers no PINGREQ is not waited for
		this.proven = true;
		begin();
	}

	private void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
