package io.github.mqttspringboot.benchmarks;

import java.util.Arrays;

/**
 * What the samples of one contender say.
 *
 * @param median the median
 * @param min the smallest
 * @param max the largest
 */
record Statistics(double median, double min, double max) {

	static Statistics of(double[] samples) {
		double[] sorted = samples.clone();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Statistics(median, sorted[0], sorted[sorted.length - 1]);
	}

	boolean overlaps(Statistics other) {
		return this.max >= other.min && other.max >= this.min;
	}

	/**
	 * Return a percentile (nearest rank).
	 * @param samples the samples, at least one
	 * @param percent the percentile, above 0 and at most 100
	 * @return the value
	 */
	static double percentile(double[] samples, int percent) {
		double[] sorted = samples.clone();
		Arrays.sort(sorted);
		return sorted[(int) Math.ceil(sorted.length * percent / 100.0) - 1];
	}

}
