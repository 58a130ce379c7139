package io.github.mqttspringboot.observation;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import com.sun.management.ThreadMXBean;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.MessageHandler;
import io.github.mqttspringboot.client.MqttClientInterceptor;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.core.MqttPublishInterceptor;
import io.github.mqttspringboot.core.MqttPublishInterceptor.Operation;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.listener.Acknowledgment;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;
import io.github.mqttspringboot.listener.MqttMessageListener;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shows that observations cost nothing where nobody observes.
 */
class ObservationAllocationTests {

	private static final int CALLS = 20_000;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final ConstantClient client = new ConstantClient();

	private final PublishRequest.Builder message = PublishRequest.to("a/b");

	private final ReceivedMessage received = new ReceivedMessage("a/b", new byte[0], 1, false, false,
			PublishProperties.NONE);

	private final Acknowledgment acknowledgment = () -> {
	};

	@Test
	void aNoopRegistryAllocatesNothingForAPublish() throws Exception {
		assertThat(allocated(intercepting(ObservationRegistry.NOOP))).isZero();
		assertThat(allocated(intercepting(ObservationRegistry.create()))).isZero();
		assertThat(allocated(intercepting(observed()))).isGreaterThan(100 * CALLS);
	}

	@Test
	void aNoopRegistryAllocatesNothingForAMessage() throws Exception {
		assertThat(allocated(processing(ObservationRegistry.NOOP))).isZero();
		assertThat(allocated(processing(ObservationRegistry.create()))).isZero();
		assertThat(allocated(processing(observed()))).isGreaterThan(100 * CALLS);
	}

	@Test
	void aNoopRegistryAllocatesNothingForWhatTheClientPublishesItself() throws Exception {
		assertThat(allocated(publishing(ObservationRegistry.NOOP))).isZero();
		assertThat(allocated(publishing(ObservationRegistry.create()))).isZero();
		assertThat(allocated(publishing(observed()))).isGreaterThan(100 * CALLS);
	}

	@Test
	void aNoopRegistryAllocatesNothingForAHandler() throws Exception {
		assertThat(allocated(handling(ObservationRegistry.NOOP))).isZero();
		assertThat(allocated(handling(ObservationRegistry.create()))).isZero();
		assertThat(allocated(handling(observed()))).isGreaterThan(100 * CALLS);
	}

	@Test
	void aTemplateWithANoopRegistryAllocatesWhatOneWithoutDoes() throws Exception {
		MqttTemplate without = new MqttTemplate(this.client);
		MqttTemplate with = new MqttTemplate(this.client);
		with.setPublishInterceptor(new ObservationPublishInterceptor(ObservationRegistry.NOOP, null));
		byte[] payload = { 1 };
		long least = allocated(() -> without.publish("a/b", payload));
		long found = allocated(() -> with.publish("a/b", payload));
		// The compiler may need a while until it knows both ways equally well
		for (int i = 0; i < 100 && found > least; i++) {
			least = Math.min(least, allocated(() -> without.publish("a/b", payload)));
			found = Math.min(found, allocated(() -> with.publish("a/b", payload)));
		}
		assertThat(found).isPositive().isLessThanOrEqualTo(least);
	}

	private static ObservationRegistry observed() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler((context) -> true);
		return registry;
	}

	private Call intercepting(ObservationRegistry registry) {
		MqttPublishInterceptor interceptor = new ObservationPublishInterceptor(registry, null);
		return () -> interceptor.intercept(this.client, Operation.PUBLISH, this.message);
	}

	private Call publishing(ObservationRegistry registry) {
		MqttClientInterceptor interceptor = new ObservationClientInterceptor(registry, null, null);
		PublishRequest request = this.message.build();
		Function<PublishRequest, CompletableFuture<PublishResult>> publishing = this.client::publish;
		return () -> interceptor.publish(this.client, request, publishing);
	}

	private Call handling(ObservationRegistry registry) {
		MessageHandler handler = new ObservationClientInterceptor(registry, null, null).around(this.client,
				SubscribeRequest.to("a/b").build(), (message) -> null);
		return () -> handler.handle(this.received);
	}

	private Call processing(ObservationRegistry registry) {
		MqttListenerEndpoint endpoint = MqttListenerEndpoint.withId("test")
			.topics("a/+")
			.listener((message, acknowledgment) -> null)
			.build();
		ObservationListenerInterceptor interceptor = new ObservationListenerInterceptor(registry, null);
		MqttMessageListener listener = interceptor.intercept(endpoint, this.client, (message, acknowledgment) -> null);
		return () -> {
			interceptor.continuation();
			listener.onMessage(this.received, this.acknowledgment);
		};
	}

	// The least of several rounds: others are compiled, or interrupted, on the way
	private long allocated(Call call) throws Exception {
		long id = Thread.currentThread().getId();
		long least = Long.MAX_VALUE;
		for (int round = 0; round < 10; round++) {
			long before = this.threads.getThreadAllocatedBytes(id);
			for (int i = 0; i < CALLS; i++) {
				call.run();
			}
			least = Math.min(least, this.threads.getThreadAllocatedBytes(id) - before);
		}
		return least;
	}

	/** What is measured. */
	private interface Call {

		void run() throws Exception;

	}

	/** Allocates nothing itself. */
	private static final class ConstantClient extends FakeMqttClient {

		private final CompletableFuture<PublishResult> outcome = CompletableFuture
			.completedFuture(new PublishResult("a/b", 1, PacketType.PUBACK, 0, ReasonCode.SUCCESS, null, List.of()));

		@Override
		public CompletableFuture<PublishResult> publish(PublishRequest request) {
			return this.outcome;
		}

	}

}
