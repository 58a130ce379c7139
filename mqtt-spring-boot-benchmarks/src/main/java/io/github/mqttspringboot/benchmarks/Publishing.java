package io.github.mqttspringboot.benchmarks;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Publishes as fast as the client goes, with 1,000 publishes open at a time, to a topic
 * that nobody has subscribed to. At QoS 0 a QoS 1 message goes last: its acknowledgement
 * says that the broker has read all before.
 */
final class Publishing implements Workload {

	private static final int WINDOW = 1000;

	private static final String TOPIC = "bench/publish";

	private final int qos;

	private final int count;

	Publishing(int qos, int count) {
		this.qos = qos;
		this.count = count;
	}

	@Override
	public List<Row> rows() {
		return List.of(Row.throughput("publish QoS " + this.qos));
	}

	@Override
	public double[] sample(Contender contender, int port) throws Exception {
		Flow flow = new Flow(this.count, WINDOW);
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Consumer<@Nullable Throwable> done = (error) -> {
			if (error != null) {
				failure.set(error);
			}
			flow.end();
		};
		byte[] payload = new byte[Benchmarks.PAYLOAD];
		try (Contender.Client client = contender.create(port)) {
			client.connect();
			long start = System.nanoTime();
			for (int i = 1; i <= this.count; i++) {
				flow.begin();
				client.publish(TOPIC, payload, (this.qos == 0 && i == this.count) ? 1 : this.qos, done);
			}
			flow.awaitLast();
			long nanos = System.nanoTime() - start;
			if (failure.get() != null) {
				throw new IllegalStateException("A publish failed", failure.get());
			}
			return new double[] { this.count * 1e9 / nanos };
		}
	}

}
