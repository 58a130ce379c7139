package io.github.mqttspringboot.client;

/**
 * How much chaos there is, and from which seed. The defaults are for the suite; see
 * {@code docs/testing.md}.
 */
final class ChaosSettings {

	static final long SEED = Long.getLong("chaos.seed", 1);

	/** Messages a second. */
	static final int RATE = Integer.getInteger("chaos.rate", 500);

	/** How often the link is cut. */
	static final int CUTS = Integer.getInteger("chaos.cuts", 10);

	/** How often the broker that syncs is killed. */
	static final int KILLS = Integer.getInteger("chaos.kills", 3);

	/** How often Mosquitto is killed. */
	static final int MOSQUITTO_KILLS = Integer.getInteger("chaos.mosquitto-kills", 5);

	private ChaosSettings() {
	}

}
