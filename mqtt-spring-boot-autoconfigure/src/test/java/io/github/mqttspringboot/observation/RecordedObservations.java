package io.github.mqttspringboot.observation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;

/**
 * A registry that remembers its observations. Like a tracer it puts something of its own
 * into what is sent.
 */
public final class RecordedObservations implements ObservationHandler<Observation.Context> {

	public final ObservationRegistry registry = ObservationRegistry.create();

	public final List<Observation.Context> started = new CopyOnWriteArrayList<>();

	public final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

	public final Map<String, String> injected = new LinkedHashMap<>();

	public RecordedObservations() {
		this.registry.observationConfig().observationHandler(this);
	}

	@Override
	public void onStart(Observation.Context context) {
		this.started.add(context);
		if (context instanceof MqttSenderContext sender) {
			this.injected.forEach((name, value) -> sender.getSetter().set(sender.getCarrier(), name, value));
		}
	}

	@Override
	public void onStop(Observation.Context context) {
		this.stopped.add(context);
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return true;
	}

	public static Map<String, String> asMap(KeyValues keyValues) {
		Map<String, String> map = new LinkedHashMap<>();
		for (KeyValue keyValue : keyValues) {
			map.put(keyValue.getKey(), keyValue.getValue());
		}
		return map;
	}

}
