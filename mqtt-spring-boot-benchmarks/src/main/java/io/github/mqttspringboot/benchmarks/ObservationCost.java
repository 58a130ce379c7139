package io.github.mqttspringboot.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import com.sun.management.ThreadMXBean;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.MessageHandler;
import io.github.mqttspringboot.client.MqttClientInterceptor;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.listener.Acknowledgment;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;
import io.github.mqttspringboot.listener.MqttListenerInterceptor;
import io.github.mqttspringboot.listener.MqttMessageListener;
import io.github.mqttspringboot.observation.ObservationClientInterceptor;
import io.github.mqttspringboot.observation.ObservationListenerInterceptor;
import io.github.mqttspringboot.observation.ObservationPublishInterceptor;
import io.github.mqttspringboot.packet.PublishProperties;

/**
 * What observations cost the calling thread: without a network, with a client that
 * accepts everything at once.
 */
final class ObservationCost {

	private final int calls;

	private final int rounds;

	private final List<Measurement> measurements;

	/**
	 * Create the measurement.
	 * @param calls how many calls a round
	 * @param rounds how many rounds, of which the best counts
	 */
	ObservationCost(int calls, int rounds) {
		this.calls = calls;
		this.rounds = rounds;
		this.measurements = new ArrayList<>();
		measure("publish", ObservationCost::publish);
		measure("process", ObservationCost::process);
		measure("publish by the client", ObservationCost::publishByTheClient);
		measure("process by a handler", ObservationCost::handle);
	}

	private void measure(String name, Function<@Nullable ObservationRegistry, Call> call) {
		this.measurements.add(new Measurement(name, call.apply(null)));
		this.measurements.add(new Measurement(name + ", no-op registry", call.apply(ObservationRegistry.NOOP)));
		this.measurements
			.add(new Measurement(name + ", registry without handlers", call.apply(ObservationRegistry.create())));
		this.measurements.add(new Measurement(name + ", observed", call.apply(observed())));
	}

	/**
	 * Measure, in turns: what the compiler has learnt counts for all alike.
	 * @return the best of all rounds until now
	 * @throws Exception if a call fails
	 */
	List<Line> run() throws Exception {
		for (int round = 0; round < this.rounds; round++) {
			for (Measurement measurement : this.measurements) {
				measurement.round(this.calls);
			}
		}
		return this.measurements.stream().map((measurement) -> measurement.line(this.calls)).toList();
	}

	static String table(List<Line> lines) {
		StringBuilder table = new StringBuilder(
				String.format(Locale.ROOT, "%-50s %12s %12s%n", "observations", "bytes/call", "ns/call"));
		lines.forEach((line) -> table.append(
				String.format(Locale.ROOT, "%-50s %12.1f %12.0f%n", line.name(), line.bytes(), line.nanoseconds())));
		return table.toString();
	}

	private static Call publish(@Nullable ObservationRegistry registry) {
		MqttTemplate template = new MqttTemplate(new AcceptingClient());
		if (registry != null) {
			template.setPublishInterceptor(new ObservationPublishInterceptor(registry, null));
		}
		byte[] payload = new byte[Benchmarks.PAYLOAD];
		return () -> template.publish("bench/observations", payload);
	}

	private static Call process(@Nullable ObservationRegistry registry) {
		MqttMessageListener listener = (message, acknowledgment) -> null;
		MqttListenerInterceptor interceptor = (registry != null) ? new ObservationListenerInterceptor(registry, null)
				: (endpoint, client, intercepted) -> intercepted;
		MqttListenerEndpoint endpoint = MqttListenerEndpoint.withId("bench")
			.topics("bench/+")
			.listener(listener)
			.build();
		MqttMessageListener called = interceptor.intercept(endpoint, new AcceptingClient(), listener);
		ReceivedMessage message = message();
		Acknowledgment acknowledgment = () -> {
		};
		return () -> called.onMessage(message, acknowledgment);
	}

	private static Call publishByTheClient(@Nullable ObservationRegistry registry) {
		AcceptingClient client = new AcceptingClient();
		PublishRequest request = PublishRequest.to("bench/observations").payload(new byte[Benchmarks.PAYLOAD]).build();
		if (registry == null) {
			return () -> client.publish(request);
		}
		MqttClientInterceptor interceptor = new ObservationClientInterceptor(registry, null, null);
		Function<PublishRequest, CompletableFuture<PublishResult>> publishing = client::publish;
		return () -> interceptor.publish(client, request, publishing);
	}

	private static Call handle(@Nullable ObservationRegistry registry) {
		MessageHandler handler = (message) -> null;
		MessageHandler called = (registry != null) ? new ObservationClientInterceptor(registry, null, null)
			.around(new AcceptingClient(), SubscribeRequest.to("bench/+").build(), handler) : handler;
		ReceivedMessage message = message();
		return () -> called.handle(message);
	}

	private static ReceivedMessage message() {
		return new ReceivedMessage("bench/observations", new byte[Benchmarks.PAYLOAD], 1, false, false,
				PublishProperties.NONE);
	}

	private static ObservationRegistry observed() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		return registry;
	}

	/**
	 * What was measured.
	 *
	 * @param name what was called
	 * @param bytes allocated by a call
	 * @param nanoseconds that a call took
	 */
	record Line(String name, double bytes, double nanoseconds) {

	}

	/** What is measured. */
	private interface Call {

		void run() throws Exception;

	}

	/** The best rounds of a call. */
	private static final class Measurement {

		private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

		private final String name;

		private final Call call;

		private long bytes = Long.MAX_VALUE;

		private long nanoseconds = Long.MAX_VALUE;

		Measurement(String name, Call call) {
			this.name = name;
			this.call = call;
		}

		void round(int calls) throws Exception {
			long id = Thread.currentThread().getId();
			long allocated = this.threads.getThreadAllocatedBytes(id);
			long begun = System.nanoTime();
			for (int i = 0; i < calls; i++) {
				this.call.run();
			}
			this.nanoseconds = Math.min(this.nanoseconds, System.nanoTime() - begun);
			this.bytes = Math.min(this.bytes, this.threads.getThreadAllocatedBytes(id) - allocated);
		}

		Line line(int calls) {
			return new Line(this.name, (double) this.bytes / calls, (double) this.nanoseconds / calls);
		}

	}

}
