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
	}

	boolean isFree() {
		if (this.operation != null) {
			return false;
		}
		if (!this.proven && this.pinged == 0) {
			this.pinged = this.host.ping();
			watch();
		}
		return this.proven;
	}

	void take(Object operation, Collection<?> keys) {
		this.operation = operation;
		this.keys = keys;
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
			free();
		}
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
		}
		// A server that answers no PINGREQ is not waited for
		this.proven = true;
		free();
	}

	private void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
