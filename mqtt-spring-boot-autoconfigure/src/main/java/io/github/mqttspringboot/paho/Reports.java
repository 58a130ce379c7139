package io.github.mqttspringboot.paho;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * Tells the listener, and sees to it that {@link WireListener#closed} comes once and
 * last, although two threads report: the last one to leave the listener says it. No lock
 * is held meanwhile.
 */
final class Reports {

	private final WireListener listener;

	// One for the open connection, one for each call under way; 0 is the end
	private final AtomicInteger users = new AtomicInteger(1);

	private final AtomicBoolean ending = new AtomicBoolean();

	private volatile @Nullable MqttFailure failure;

	/**
	 * Create the reports of one connection.
	 * @param listener whom to tell
	 */
	Reports(WireListener listener) {
		this.listener = listener;
	}

	/**
	 * Tell the listener something, unless the connection has ended.
	 * @param report what to tell
	 */
	void tell(Consumer<WireListener> report) {
		if (!enter()) {
			return;
		}
		try {
			report.accept(this.listener);
		}
		finally {
			leave();
		}
	}

	/**
	 * Tell the listener that the connection has ended, at once or when the call under way
	 * returns. Only the first call counts.
	 * @param failure why
	 */
	void closed(MqttFailure failure) {
		if (this.ending.compareAndSet(false, true)) {
			this.failure = failure;
			leave();
		}
	}

	private boolean enter() {
		while (!this.ending.get()) {
			int current = this.users.get();
			if (current == 0) {
				return false;
			}
			if (this.users.compareAndSet(current, current + 1)) {
				return true;
			}
		}
		return false;
	}

	private void leave() {
		if (this.users.decrementAndGet() == 0) {
			MqttFailure reason = this.failure;
			if (reason != null) {
				this.listener.closed(reason);
			}
		}
	}

}
