package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The last incidents and rejections. Thread-safe.
 */
final class IncidentHistory {

	private final int capacity;

	private final Deque<MqttIncident> incidents = new ArrayDeque<>();

	IncidentHistory(int capacity) {
		this.capacity = capacity;
	}

	void add(MqttIncident incident) {
		synchronized (this.incidents) {
			this.incidents.addFirst(incident);
			if (this.incidents.size() > this.capacity) {
				this.incidents.removeLast();
			}
		}
	}

	List<MqttIncident> newestFirst() {
		synchronized (this.incidents) {
			return List.copyOf(this.incidents);
		}
	}

}
