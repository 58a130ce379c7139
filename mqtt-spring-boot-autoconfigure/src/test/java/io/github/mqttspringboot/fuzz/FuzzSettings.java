package io.github.mqttspringboot.fuzz;

/**
 * How much is tried, and from which seed on. The defaults are for the suite; see
 * {@code docs/testing.md}.
 */
final class FuzzSettings {

	static final long SEED = Long.getLong("fuzz.seed", 1);

	static final int STREAMS = Integer.getInteger("fuzz.streams", 50_000);

	/** Network connections that the hostile broker accepts, those it refuses apart. */
	static final int CONNECTIONS = Integer.getInteger("fuzz.connections", 2_000);

	private FuzzSettings() {
	}

	/**
	 * Return a seed that differs in all bits from that of the next number.
	 * @param seed the common seed
	 * @param number which of the seeds
	 * @return the seed
	 */
	static long mix(long seed, long number) {
		long mixed = seed * 0x9E3779B97F4A7C15L + number;
		mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
		mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
		return mixed ^ (mixed >>> 33);
	}

}
