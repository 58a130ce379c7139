package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Publishes at a steady rate, QoS 1 and 2 in turns and some QoS 0, and remembers what
 * became of each message. The payload is the message's number, and noise so that the
 * sizes differ.
 */
final class ChaosLoad implements AutoCloseable {

	private static final int MAX_NOISE = 400;

	private static final int QOS_0_EVERY = 5;

	private final DefaultManagedMqttClient client;

	private final Thread thread = new Thread(this::run, "chaos-load");

	private final List<CompletableFuture<PublishResult>> futures = new ArrayList<>();

	private final Map<Integer, Integer> receipts = new ConcurrentHashMap<>();

	private final LongAdder acknowledged = new LongAdder();

	private final LongAdder ended = new LongAdder();

	private volatile boolean ending;

	ChaosLoad(DefaultManagedMqttClient client) {
		this.client = client;
	}

	ChaosLoad start() {
		this.thread.setDaemon(true);
		this.thread.start();
		return this;
	}

	/** What the subscriber does. */
	void receive(ReceivedMessage message) {
		String payload = new String(message.payload(), StandardCharsets.UTF_8);
		this.receipts.merge(Integer.parseInt(payload, 0, payload.indexOf(' '), 10), 1, Integer::sum);
	}

	private void run() {
		Random noise = new Random(ChaosSettings.SEED);
		long interval = TimeUnit.SECONDS.toNanos(1) / ChaosSettings.RATE;
		long next = System.nanoTime();
		while (!this.ending) {
			publish(noise.nextInt(MAX_NOISE));
			next += interval;
			while (next - System.nanoTime() > 0) {
				LockSupport.parkNanos(next - System.nanoTime());
			}
		}
	}

	/**
	 * Publish many at once.
	 * @param count how many
	 */
	void burst(int count) {
		for (int i = 0; i < count; i++) {
			publish(i % MAX_NOISE);
		}
	}

	private void publish(int noise) {
		synchronized (this.futures) {
			int number = this.futures.size();
			CompletableFuture<PublishResult> future = this.client.publish(PublishRequest.to("load/" + qos(number))
				.payload(number + " " + "x".repeat(noise))
				.qos(qos(number))
				.build());
			this.futures.add(future);
			future.whenComplete((result, cause) -> {
				this.ended.increment();
				if (cause == null && result.qos() > 0) {
					this.acknowledged.increment();
				}
			});
		}
	}

	private static int qos(int number) {
		return (number % QOS_0_EVERY == 0) ? 0 : 1 + number % 2;
	}

	/** Publish no more. */
	@Override
	public void close() {
		this.ending = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	int sent() {
		synchronized (this.futures) {
			return this.futures.size();
		}
	}

	private CompletableFuture<PublishResult> future(int number) {
		synchronized (this.futures) {
			return this.futures.get(number);
		}
	}

	private Stream<Integer> numbers() {
		return Stream.iterate(0, (number) -> number + 1).limit(sent());
	}

	long acknowledged() {
		return this.acknowledged.sum();
	}

	/** How many publishes have not ended. */
	long backlog() {
		return sent() - this.ended.sum();
	}

	List<Integer> open() {
		return numbers().filter((number) -> !future(number).isDone()).toList();
	}

	/**
	 * The numbers of those whose future ended well and that were not received. QoS 0 may
	 * be lost.
	 */
	List<Integer> lost() {
		return numbers()
			.filter((number) -> qos(number) > 0 && succeeded(future(number)) && !this.receipts.containsKey(number))
			.toList();
	}

	/** The numbers of the QoS 2 messages that were received more than once. */
	List<Integer> twice() {
		return twice(2);
	}

	/**
	 * Return what was received more than once.
	 * @param qos the QoS of interest
	 * @return the numbers of the messages
	 */
	List<Integer> twice(int qos) {
		return numbers().filter((number) -> qos(number) == qos && receipts(number) > 1).toList();
	}

	int receipts(int number) {
		return this.receipts.getOrDefault(number, 0);
	}

	int received() {
		return this.receipts.size();
	}

	/** Why publishes failed, but QoS 0. */
	List<Throwable> failures() {
		return numbers().filter((number) -> qos(number) > 0)
			.map(this::future)
			.filter(CompletableFuture::isCompletedExceptionally)
			.map((future) -> future.handle((result, cause) -> cause).join())
			.toList();
	}

	private static boolean succeeded(CompletableFuture<PublishResult> future) {
		return future.isDone() && !future.isCompletedExceptionally();
	}

	@Override
	public String toString() {
		return "%d published, %d acknowledged, %d failed, %d received, %d lost, %d of QoS 2 and %d of QoS 0 received twice"
			.formatted(sent(), acknowledged(), failures().size(), received(), lost().size(), twice().size(),
					twice(0).size());
	}

}
