package io.github.mqttspringboot.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * From the call of publish to the client's own handler, QoS 1 both ways, at 1,000
 * messages a second.
 */
final class RoundTrip implements Workload {

	private static final long INTERVAL_NANOS = 1_000_000;

	private final int count;

	RoundTrip(int count) {
		this.count = count;
	}

	@Override
	public List<Row> rows() {
		return List.of(Row.latency("round trip QoS 1 p50", 0.5), Row.latency("round trip QoS 1 p99"));
	}

	@Override
	public double[] sample(Contender contender, int port) throws Exception {
		long[] sent = new long[this.count];
		long[] received = new long[this.count];
		AtomicReference<Throwable> failure = new AtomicReference<>();
		CountDownLatch arrivals = new CountDownLatch(this.count);
		try (Contender.Client client = contender.create(port)) {
			client.connect();
			client.subscribe("bench/roundtrip", 1, (payload) -> {
				received[ByteBuffer.wrap(payload).getInt()] = System.nanoTime();
				arrivals.countDown();
			});
			long due = System.nanoTime();
			for (int i = 0; i < this.count; i++) {
				due += INTERVAL_NANOS;
				parkUntil(due);
				byte[] payload = ByteBuffer.allocate(Benchmarks.PAYLOAD).putInt(i).array();
				sent[i] = System.nanoTime();
				client.publish("bench/roundtrip", payload, 1, (error) -> {
					if (error != null) {
						failure.set(error);
					}
				});
			}
			if (!arrivals.await(30, TimeUnit.SECONDS) || failure.get() != null) {
				throw new IllegalStateException(arrivals.getCount() + " of " + this.count + " messages are missing",
						failure.get());
			}
		}
		double[] millis = new double[this.count];
		for (int i = 0; i < this.count; i++) {
			millis[i] = (received[i] - sent[i]) / 1e6;
		}
		return new double[] { Statistics.percentile(millis, 50), Statistics.percentile(millis, 99) };
	}

	private static void parkUntil(long due) {
		long rest = due - System.nanoTime();
		while (rest > 0) {
			LockSupport.parkNanos(rest);
			rest = due - System.nanoTime();
		}
	}

}
