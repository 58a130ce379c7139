package io.github.mqttspringboot.observation;

import java.util.function.Consumer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.core.MqttPublishInterceptor;

/**
 * Observes what templates send, as {@link MqttObservation#PUBLISH}. Costs nothing while
 * the registry is a no-op. Thread-safe.
 *
 * @since 0.1.0
 */
public class ObservationPublishInterceptor implements MqttPublishInterceptor {

	private static final MqttPublishObservationConvention DEFAULT_CONVENTION = new DefaultMqttPublishObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable MqttPublishObservationConvention convention;

	/**
	 * Create the interceptor.
	 * @param registry the registry
	 * @param convention the convention, {@code null} for that of the registry, else
	 * {@link DefaultMqttPublishObservationConvention}
	 */
	public ObservationPublishInterceptor(ObservationRegistry registry,
			@Nullable MqttPublishObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public @Nullable Consumer<@Nullable Throwable> intercept(ManagedMqttClient client, Operation operation,
			PublishRequest.Builder message) {
		// First of all, before anything is allocated. A mock has no connection
		return (this.registry.isNoop() || client.connection() == null) ? null : start(client, operation, message);
	}

	private Consumer<@Nullable Throwable> start(ManagedMqttClient client, Operation operation,
			PublishRequest.Builder message) {
		Observation observation = MqttObservation.PUBLISH.start(this.convention, DEFAULT_CONVENTION,
				() -> new MqttSenderContext(client, operation, message), this.registry);
		return (failure) -> {
			if (failure != null) {
				observation.error(Keys.unwrap(failure));
			}
			observation.stop();
		};
	}

}
