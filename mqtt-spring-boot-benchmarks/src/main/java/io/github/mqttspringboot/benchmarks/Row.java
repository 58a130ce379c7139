package io.github.mqttspringboot.benchmarks;

/**
 * One measured quantity.
 *
 * @param name the name
 * @param unit the unit
 * @param kind what is good and what is demanded
 * @param limit the largest median that meets the goal, for a {@link Kind#LATENCY_GOAL}
 */
record Row(String name, String unit, Kind kind, double limit) {

	static Row latency(String name) {
		return new Row(name, "ms", Kind.LATENCY, Double.POSITIVE_INFINITY);
	}

	static Row latency(String name, double limit) {
		return new Row(name, "ms", Kind.LATENCY_GOAL, limit);
	}

	static Row throughput(String name) {
		return new Row(name, "msg/s", Kind.THROUGHPUT, 0);
	}

	enum Kind {

		/** Less is better; reported only. */
		LATENCY,

		/** Less is better; has a limit. */
		LATENCY_GOAL,

		/** More is better; must not be below raw Paho. */
		THROUGHPUT

	}

}
