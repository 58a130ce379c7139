package io.github.mqttspringboot.matrix;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.mqttspringboot.event.MqttClientStateChangedEvent;
import io.github.mqttspringboot.event.MqttEvent;

/**
 * All that a client has told, or is expected to tell: nothing may be missing, and nothing
 * more be there.
 */
final class Tally {

	private final Map<String, Integer> counts = new TreeMap<>();

	Tally add(String key) {
		return add(key, 1);
	}

	Tally add(String key, int count) {
		if (count != 0) {
			this.counts.merge(key, count, Integer::sum);
		}
		return this;
	}

	Tally add(Class<? extends MqttEvent> event) {
		return add(event.getSimpleName());
	}

	int total() {
		return this.counts.values().stream().mapToInt(Integer::intValue).sum();
	}

	/** All but the changes of the state, which accompany others. */
	static Tally ofEvents(List<MqttEvent> events) {
		Tally tally = new Tally();
		events.stream()
			.filter((event) -> !(event instanceof MqttClientStateChangedEvent))
			.forEach((event) -> tally.add(event.getClass()));
		return tally;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Tally tally && this.counts.equals(tally.counts);
	}

	@Override
	public int hashCode() {
		return this.counts.hashCode();
	}

	@Override
	public String toString() {
		return this.counts.toString();
	}

}
