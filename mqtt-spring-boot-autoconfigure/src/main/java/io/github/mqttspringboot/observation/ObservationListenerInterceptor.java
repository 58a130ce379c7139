package io.github.mqttspringboot.observation;

import java.util.concurrent.Executor;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;
import io.github.mqttspringboot.listener.MqttListenerInterceptor;
import io.github.mqttspringboot.listener.MqttMessageListener;

/**
 * Observes the calls of listeners, as {@link MqttObservation#PROCESS}. Costs nothing
 * while the registry is a no-op. Thread-safe.
 *
 * @since 0.1.0
 */
public class ObservationListenerInterceptor implements MqttListenerInterceptor {

	private static final Executor NOTHING_TO_CONTINUE = Runnable::run;

	private final ObservationRegistry registry;

	private final @Nullable MqttProcessObservationConvention convention;

	/**
	 * Create the interceptor.
	 * @param registry the registry
	 * @param convention the convention, {@code null} for that of the registry, else
	 * {@link DefaultMqttProcessObservationConvention}
	 */
	public ObservationListenerInterceptor(ObservationRegistry registry,
			@Nullable MqttProcessObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public MqttMessageListener intercept(MqttListenerEndpoint endpoint, ManagedMqttClient client,
			MqttMessageListener listener) {
		return new ObservedListener(this.registry, this.convention, endpoint, client, listener);
	}

	@Override
	public Executor continuation() {
		Observation current = (this.registry.isNoop()) ? null : this.registry.getCurrentObservation();
		return (current != null) ? (task) -> current.scoped(task) : NOTHING_TO_CONTINUE;
	}

}
