package io.github.mqttspringboot.benchmarks;

import java.util.List;

/**
 * Receives what a load generator publishes, until the last message is in the handler. Not
 * more than 800 messages are under way: the HiveMQ client drops what exceeds its Receive
 * Maximum of 1,000 at QoS 0.
 */
final class Receiving implements Workload {

	private static final int WINDOW = 800;

	private static final String TOPIC = "bench/receive";

	private final int qos;

	private final int count;

	Receiving(int qos, int count) {
		this.qos = qos;
		this.count = count;
	}

	@Override
	public List<Row> rows() {
		return List.of(Row.throughput("receive QoS " + this.qos));
	}

	@Override
	public double[] sample(Contender contender, int port) throws Exception {
		Flow flow = new Flow(this.count, WINDOW);
		try (Contender.Client client = contender.create(port); LoadGenerator load = new LoadGenerator(port)) {
			client.connect();
			client.subscribe(TOPIC, this.qos, (payload) -> flow.end());
			long start = System.nanoTime();
			load.publish(TOPIC, new byte[Benchmarks.PAYLOAD], this.qos, this.count, flow);
			flow.awaitLast();
			return new double[] { this.count * 1e9 / (System.nanoTime() - start) };
		}
	}

}
