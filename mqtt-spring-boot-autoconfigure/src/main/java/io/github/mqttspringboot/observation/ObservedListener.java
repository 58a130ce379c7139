package io.github.mqttspringboot.observation;

import java.util.concurrent.CompletionStage;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.listener.Acknowledgment;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;
import io.github.mqttspringboot.listener.MqttMessageListener;

/**
 * Observes each call of a listener.
 */
final class ObservedListener implements MqttMessageListener {

	private static final MqttProcessObservationConvention DEFAULT_CONVENTION = new DefaultMqttProcessObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable MqttProcessObservationConvention convention;

	private final MqttListenerEndpoint endpoint;

	private final ManagedMqttClient client;

	private final MqttMessageListener listener;

	ObservedListener(ObservationRegistry registry, @Nullable MqttProcessObservationConvention convention,
			MqttListenerEndpoint endpoint, ManagedMqttClient client, MqttMessageListener listener) {
		this.registry = registry;
		this.convention = convention;
		this.endpoint = endpoint;
		this.client = client;
		this.listener = listener;
	}

	@Override
	public @Nullable CompletionStage<?> onMessage(ReceivedMessage message, Acknowledgment acknowledgment)
			throws Exception {
		// First of all, before anything is allocated
		return (this.registry.isNoop()) ? this.listener.onMessage(message, acknowledgment)
				: observe(message, acknowledgment);
	}

	private @Nullable CompletionStage<?> observe(ReceivedMessage message, Acknowledgment acknowledgment)
			throws Exception {
		Observation observation = MqttObservation.PROCESS.start(this.convention, DEFAULT_CONVENTION,
				() -> new MqttReceiverContext(this.client, message, this.endpoint.id(),
						this.endpoint.matchingFilter(message.topic())),
				this.registry);
		CompletionStage<?> stage = ProcessCall.within(observation,
				() -> this.listener.onMessage(message, acknowledgment));
		return (stage != null) ? stage.whenComplete((result, ex) -> ProcessCall.end(observation, ex)) : null;
	}

}
