package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.ReasonCode;

/**
 * Counts ends of connections in a row for the same reason while nothing was in flight:
 * client and server do not understand each other. Used on the engine's thread only.
 */
final class SameReason {

	private static final int HOPELESS = 3;

	private @Nullable ReasonCode last;

	private int repeats;

	/**
	 * A connection has ended.
	 * @param code the reason code, {@code null} if it is unknown
	 * @return what follows
	 */
	PoisonRuling again(@Nullable ReasonCode code) {
		this.repeats = (code == this.last) ? this.repeats + 1 : 1;
		this.last = code;
		return (this.repeats >= HOPELESS) ? new PoisonRuling(
				"for the " + this.repeats + "rd time in a row with this reason, while nothing was in flight", true)
				: PoisonRuling.NOTHING;
	}

	/**
	 * The row is broken.
	 * @return what follows: nothing
	 */
	PoisonRuling none() {
		this.repeats = 0;
		this.last = null;
		return PoisonRuling.NOTHING;
	}

}
