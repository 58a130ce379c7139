package io.github.mqttspringboot.observation;

import java.util.concurrent.CompletionException;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.observation.MqttObservation.HighCardinalityKeyNames;

/**
 * The values of keys that both observations have.
 */
final class Keys {

	static final String SYSTEM = "mqtt";

	private Keys() {
	}

	static KeyValues highCardinality(ManagedMqttClient client, String topic) {
		return KeyValues.of(HighCardinalityKeyNames.MESSAGING_DESTINATION_NAME.withValue(Printable.escape(topic)),
				HighCardinalityKeyNames.MESSAGING_CLIENT_ID
					.withValue(Printable.escape(client.connection().clientId())));
	}

	static String errorType(@Nullable Throwable error) {
		if (error == null) {
			return KeyValue.NONE_VALUE;
		}
		return (error instanceof MqttOperationException failed) ? failed.getFailure().reason()
				: error.getClass().getName();
	}

	static Throwable unwrap(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

}
