package io.github.mqttspringboot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of {@link MqttObservation#PUBLISH} and their keys. A bean of
 * this type replaces {@link DefaultMqttPublishObservationConvention}.
 *
 * @since 0.1.0
 */
public interface MqttPublishObservationConvention extends ObservationConvention<MqttSenderContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof MqttSenderContext;
	}

}
