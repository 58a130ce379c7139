package io.github.mqttspringboot.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Finds out when a connection has proven its worth: it has lasted, and something was
 * acknowledged on it. Not a CONNACK alone, which a server in trouble still sends. Used on
 * the engine's thread only.
 */
final class StabilityWatch {

	private final Scheduler scheduler;

	private final Duration stableAfter;

	private final Runnable stable;

	private Scheduler.@Nullable Timer timer;

	private boolean lasted;

	private boolean progress;

	StabilityWatch(Scheduler scheduler, Duration stableAfter, Runnable stable) {
		this.scheduler = scheduler;
		this.stableAfter = stableAfter;
		this.stable = stable;
	}

	void connected() {
		this.lasted = false;
		this.progress = false;
		this.timer = this.scheduler.schedule(this.stableAfter, () -> {
			this.timer = null;
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
