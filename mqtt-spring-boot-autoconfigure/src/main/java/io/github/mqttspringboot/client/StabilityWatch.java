package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Finds out when a connection has proven its worth: it has lasted, and something was
 * acknowledged on it. Not a CONNACK alone, which a server in trouble still sends. Used on
 * the engine's thread only.
 */
final class StabilityWatch {

	/** Until it is asked again whether a connection is doubted. */
	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final Scheduler scheduler;

	private final Duration stableAfter;

	private final BooleanSupplier doubted;

	private final Runnable stable;

	private Scheduler.@Nullable Timer timer;

	private boolean lasted;

	private boolean progress;

	/**
	 * Create a watch.
	 * @param scheduler the engine's clock
	 * @param stableAfter how long a connection must last
	 * @param doubted whether it does not count yet how long it has lasted
	 * @param stable told of a stable connection, once
	 */
	StabilityWatch(Scheduler scheduler, Duration stableAfter, BooleanSupplier doubted, Runnable stable) {
		this.scheduler = scheduler;
		this.stableAfter = stableAfter;
		this.doubted = doubted;
		this.stable = stable;
	}

	void connected() {
		this.lasted = false;
		this.progress = false;
		watch(this.stableAfter);
	}

	private void watch(Duration delay) {
		this.timer = this.scheduler.schedule(delay, () -> {
			this.timer = null;
			if (this.doubted.getAsBoolean()) {
				watch(PAUSE);
				return;
			}
			this.lasted = true;
			if (this.progress) {
				this.stable.run();
			}
		});
	}

	/** An acknowledgement or PINGRESP has come. */
	void progress() {
		if (!this.progress) {
			this.progress = true;
			if (this.lasted) {
				this.stable.run();
			}
		}
	}

	void disconnected() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
