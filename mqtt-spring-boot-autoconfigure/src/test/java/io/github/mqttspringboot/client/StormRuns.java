package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.Arrays;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.Storm.Outage;

/**
 * The same {@link Storm} many times, with the seeds 1, 2, 3 and so on.
 */
final class StormRuns {

	static final int RUNS = 300;

	/** The means, for each window. */
	final double[] first;

	final double[] all;

	final double[] accepted;

	/** The highest window of first attempts in each run. */
	final int[] highestFirst = new int[RUNS];

	StormRuns(Reconnect settings, Outage outage, Duration horizon) {
		int windows = (int) Storm.windows(horizon);
		this.first = new double[windows];
		this.all = new double[windows];
		this.accepted = new double[windows];
		for (int run = 0; run < RUNS; run++) {
			Storm storm = Storm.simulate(settings, outage, horizon, run + 1);
			add(this.first, storm.first);
			add(this.all, storm.all);
			add(this.accepted, storm.accepted);
			this.highestFirst[run] = Arrays.stream(storm.first).max().orElseThrow();
		}
	}

	private static void add(double[] mean, int[] attempts) {
		for (int i = 0; i < mean.length; i++) {
			mean[i] += (double) attempts[i] / RUNS;
		}
	}

	static double highest(double[] windows) {
		return Arrays.stream(windows).max().orElseThrow();
	}

	static double mean(double[] windows, Duration from, Duration to) {
		return Arrays.stream(windows, (int) Storm.windows(from), (int) Storm.windows(to)).average().orElseThrow();
	}

}
