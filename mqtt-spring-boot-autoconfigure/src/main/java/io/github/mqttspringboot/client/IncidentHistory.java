package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The last incidents and rejections. Those of one kind leave up to half of the room to
 * the other, so that a storm of rejections does not push out why the connection was lost.
 * Thread-safe.
 */
final class IncidentHistory {

	private final int capacity;

	private final Deque<MqttIncident> incidents = new ArrayDeque<>();

	private int rejections;

	IncidentHistory(int capacity) {
		this.capacity = capacity;
	}

	void add(MqttIncident incident) {
		synchronized (this.incidents) {
			this.incidents.addFirst(incident);
			this.rejections += (incident.isRejection()) ? 1 : 0;
			if (this.incidents.size() > this.capacity) {
				removeOldest();
			}
		}
	}

	private void removeOldest() {
		int others = this.incidents.size() - this.rejections;
		boolean rejection = this.rejections > others
				|| (this.rejections == others && this.incidents.getLast().isRejection());
		Iterator<MqttIncident> oldestFirst = this.incidents.descendingIterator();
		while (oldestFirst.hasNext()) {
			if (oldestFirst.next().isRejection() == rejection) {
				oldestFirst.remove();
				this.rejections -= (rejection) ? 1 : 0;
				return;
			}
		}
	}

	List<MqttIncident> newestFirst() {
		synchronized (this.incidents) {
			return List.copyOf(this.incidents);
		}
	}

}
