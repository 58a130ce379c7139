package io.github.mqttspringboot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of {@link MqttObservation#PROCESS} and their keys. A bean of
 * this type replaces {@link DefaultMqttProcessObservationConvention}.
 *
 * @since 0.1.0
 */
public interface MqttProcessObservationConvention extends ObservationConvention<MqttReceiverContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof MqttReceiverContext;
	}

}
