package io.github.mqttspringboot.observation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MessageHandler;
import io.github.mqttspringboot.client.MqttClientInterceptor;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.core.MqttPublishInterceptor.Operation;

/**
 * Observes what is published by a client itself, and the calls of handlers that subscribe
 * with it, as {@link MqttObservation#PUBLISH} and {@link MqttObservation#PROCESS}. Costs
 * nothing while the registry is a no-op. Thread-safe.
 *
 * @since 0.1.0
 */
public class ObservationClientInterceptor implements MqttClientInterceptor {

	private static final MqttProcessObservationConvention DEFAULT_CONVENTION = new DefaultMqttProcessObservationConvention();

	private final ObservationRegistry registry;

	private final ObservationPublishInterceptor publishes;

	private final @Nullable MqttProcessObservationConvention processConvention;

	/**
	 * Create the interceptor.
	 * @param registry the registry
	 * @param publishConvention the convention, {@code null} for that of the registry,
	 * else {@link DefaultMqttPublishObservationConvention}
	 * @param processConvention the convention, {@code null} for that of the registry,
	 * else {@link DefaultMqttProcessObservationConvention}
	 */
	public ObservationClientInterceptor(ObservationRegistry registry,
			@Nullable MqttPublishObservationConvention publishConvention,
			@Nullable MqttProcessObservationConvention processConvention) {
		this.registry = registry;
		this.publishes = new ObservationPublishInterceptor(registry, publishConvention);
		this.processConvention = processConvention;
	}

	@Override
	public CompletableFuture<PublishResult> publish(ManagedMqttClient client, PublishRequest request,
			Function<PublishRequest, CompletableFuture<PublishResult>> publishing) {
		// First of all, before anything is allocated
		return (this.registry.isNoop()) ? publishing.apply(request) : observe(client, request, publishing);
	}

	private CompletableFuture<PublishResult> observe(ManagedMqttClient client, PublishRequest request,
			Function<PublishRequest, CompletableFuture<PublishResult>> publishing) {
		PublishRequest.Builder message = request.mutate();
		Consumer<@Nullable Throwable> ended = this.publishes.intercept(client, Operation.PUBLISH, message);
		CompletableFuture<PublishResult> outcome = publishing.apply(message.build());
		if (ended != null) {
			outcome.whenComplete((result, ex) -> ended.accept(ex));
		}
		return outcome;
	}

	@Override
	public MessageHandler around(ManagedMqttClient client, SubscribeRequest request, MessageHandler handler) {
		String name = (request.holder() != null) ? request.holder().name() : SubscriptionStatus.APPLICATION;
		return (message) -> (this.registry.isNoop()) ? handler.handle(message)
				: observe(client, name, message, handler);
	}

	// Without the topic filter: an application may subscribe to any number of them
	private @Nullable CompletionStage<?> observe(ManagedMqttClient client, String name, ReceivedMessage message,
			MessageHandler handler) throws Exception {
		Observation observation = MqttObservation.PROCESS.start(this.processConvention, DEFAULT_CONVENTION,
				() -> new MqttReceiverContext(client, message, name, null), this.registry);
		CompletionStage<?> stage = ProcessCall.within(observation, () -> handler.handle(message));
		if (stage != null) {
			stage.whenComplete((result, ex) -> ProcessCall.end(observation, ex));
		}
		return stage;
	}

}
