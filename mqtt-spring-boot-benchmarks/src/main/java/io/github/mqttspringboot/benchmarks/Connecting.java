package io.github.mqttspringboot.benchmarks;

import java.util.List;

/**
 * From the call of connect until the client says that it is connected.
 */
final class Connecting implements Workload {

	private final int count;

	Connecting(int count) {
		this.count = count;
	}

	@Override
	public List<Row> rows() {
		return List.of(Row.latency("connect p50", 30));
	}

	@Override
	public double[] sample(Contender contender, int port) throws Exception {
		double[] millis = new double[this.count];
		for (int i = 0; i < this.count; i++) {
			try (Contender.Client client = contender.create(port)) {
				long start = System.nanoTime();
				client.connect();
				millis[i] = (System.nanoTime() - start) / 1e6;
			}
		}
		return new double[] { Statistics.percentile(millis, 50) };
	}

}
