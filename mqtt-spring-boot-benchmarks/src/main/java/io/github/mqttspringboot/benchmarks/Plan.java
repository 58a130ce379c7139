package io.github.mqttspringboot.benchmarks;

import java.util.List;

/**
 * How much is measured.
 *
 * @param warmUps samples that do not count
 * @param rounds samples that count
 * @param workloads what is measured
 */
record Plan(int warmUps, int rounds, List<Workload> workloads) {

	/**
	 * Return the plan that the goals are judged by.
	 * @param rounds how many samples of each client
	 * @return the plan, a few minutes long
	 */
	static Plan full(int rounds) {
		return new Plan(2, rounds,
				List.of(new RoundTrip(2000), new Connecting(7), new Publishing(0, 60_000), new Publishing(1, 30_000),
						new Publishing(2, 15_000), new Receiving(0, 60_000), new Receiving(1, 30_000)));
	}

	/**
	 * Return a plan that only shows that everything works.
	 * @return the plan, a few seconds long
	 */
	static Plan tiny() {
		return new Plan(0, 1, List.of(new RoundTrip(50), new Connecting(1), new Publishing(0, 500),
				new Publishing(1, 500), new Publishing(2, 500), new Receiving(0, 500), new Receiving(1, 500)));
	}

	/**
	 * Return a plan with some of the rows.
	 * @param name part of the name of a row
	 * @return the plan
	 */
	Plan only(String name) {
		return new Plan(this.warmUps, this.rounds,
				this.workloads.stream()
					.filter((workload) -> workload.rows().stream().anyMatch((row) -> row.name().contains(name)))
					.toList());
	}

}
