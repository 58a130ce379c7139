package io.github.mqttspringboot.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The samples of a row.
 *
 * @param row the row
 * @param samples by the name of the contender, in the order of the report; the first is
 * ours
 */
record Result(Row row, Map<String, double[]> samples) {

	private static final double TOLERANCE = 0.9;

	List<String> contenders() {
		return List.copyOf(this.samples.keySet());
	}

	Statistics statistics(String contender) {
		return Statistics.of(Objects.requireNonNull(this.samples.get(contender)));
	}

	/**
	 * Return how ours compares.
	 * @param contender the other
	 * @return our median by theirs
	 */
	double ratio(String contender) {
		return ours().median() / statistics(contender).median();
	}

	/**
	 * Return what misses the goal.
	 * @return the problem, {@code null} if there is none
	 */
	@Nullable String problem() {
		return switch (this.row.kind()) {
			case LATENCY -> null;
			case LATENCY_GOAL -> (ours().median() <= this.row.limit()) ? null
					: String.format(Locale.ROOT, "%.3f ms is above %.1f ms", ours().median(), this.row.limit());
			case THROUGHPUT -> throughputProblem();
		};
	}

	private @Nullable String throughputProblem() {
		double ratio = ratio(PahoContender.NAME);
		if (ratio >= TOLERANCE || ours().overlaps(statistics(PahoContender.NAME))) {
			return null;
		}
		return String.format(Locale.ROOT, "%.2f of raw Paho, and the ranges do not overlap", ratio);
	}

	private Statistics ours() {
		return statistics(contenders().get(0));
	}

}
