package io.github.mqttspringboot.listener;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mqttspringboot.annotation.MqttListenerConfigurer;
import io.github.mqttspringboot.testing.InboundLedger;
import io.github.mqttspringboot.testing.PacketTrace;
import io.github.mqttspringboot.testing.TcpProxy;

/**
 * Twenty listeners, a publisher that does not wait for them, and a trace of what passes
 * between their client and its server.
 */
final class FlowRun implements AutoCloseable {

	private static final int LISTENERS = 20;

	private final PacketTrace trace = new PacketTrace();

	private final TcpProxy proxy;

	private final ListenerApp app;

	private final ListenerApp publisher;

	private final Handled handled;

	/**
	 * Start.
	 * @param port the server's
	 * @param qos 1 or 2
	 * @param receiveMaximum of the client with the listeners
	 */
	FlowRun(int port, int qos, int receiveMaximum) {
		this.proxy = TcpProxy.to(port, this.trace);
		this.app = ListenerApp.start(this.proxy.uri(), Handled.class, "mqtt.listener.concurrency=4",
				"mqtt.subscribe.qos=" + qos, "mqtt.receive-maximum=" + receiveMaximum, "mqtt.client-id=flow");
		this.publisher = ListenerApp.start("mqtt://127.0.0.1:" + port, Nobody.class, "mqtt.client-id=flow-publisher");
		this.handled = this.app.bean(Handled.class);
	}

	/**
	 * Publish, in turn to each listener.
	 * @param messages how many
	 * @param qos 1 or 2
	 * @throws InterruptedException if the thread was interrupted
	 */
	void publish(int messages, int qos) throws InterruptedException {
		int most = 2000;
		Semaphore open = new Semaphore(most);
		AtomicInteger failed = new AtomicInteger();
		for (int i = 0; i < messages; i++) {
			open.acquire();
			this.publisher.publish("flow/" + i % LISTENERS, String.valueOf(i), qos).whenComplete((result, ex) -> {
				if (ex != null) {
					failed.incrementAndGet();
				}
				open.release();
			});
		}
		open.acquire(most);
		if (failed.get() != 0) {
			throw new IllegalStateException(failed + " messages were not published");
		}
	}

	/**
	 * Wait until nothing is handled any more.
	 * @param messages how many should be
	 * @param patience how long nothing must happen before it is taken for the end
	 * @return how many were
	 * @throws InterruptedException if the thread was interrupted
	 */
	int awaitEnd(int messages, Duration patience) throws InterruptedException {
		int before = -1;
		long since = System.nanoTime();
		while (this.handled.count.get() < messages && System.nanoTime() - since < patience.toNanos()) {
			if (this.handled.count.get() != before) {
				before = this.handled.count.get();
				since = System.nanoTime();
			}
			Thread.sleep(20);
		}
		return this.handled.count.get();
	}

	/**
	 * Publish one more message to each listener.
	 * @param qos 1 or 2
	 */
	void nudge(int qos) {
		for (int i = 0; i < LISTENERS; i++) {
			this.publisher.publish("flow/" + i, "-1", qos).join();
		}
	}

	/**
	 * Return what each listener has handled, by topic.
	 * @return the numbers of the messages
	 */
	Map<String, List<Integer>> handled() {
		return this.handled.byTopic;
	}

	ListenerApp app() {
		return this.app;
	}

	List<InboundLedger.Summary> links() {
		return this.trace.links();
	}

	@Override
	public void close() {
		this.publisher.close();
		this.app.close();
		this.proxy.close();
	}

	static class Nobody {

	}

	static class Handled implements MqttListenerConfigurer {

		private final Map<String, List<Integer>> byTopic = new ConcurrentHashMap<>();

		private final AtomicInteger count = new AtomicInteger();

		@Override
		public void configureMqttListeners(MqttListenerEndpointRegistrar registrar) {
			for (int i = 0; i < LISTENERS; i++) {
				registrar.registerEndpoint(
						MqttListenerEndpoint.withId("flow-" + i).topics("flow/" + i).listener((message, ack) -> {
							this.byTopic.computeIfAbsent(message.topic(), (topic) -> new CopyOnWriteArrayList<>())
								.add(Integer.valueOf(new String(message.payload(), StandardCharsets.UTF_8)));
							this.count.incrementAndGet();
							return null;
						}).build());
			}
		}

	}

}
