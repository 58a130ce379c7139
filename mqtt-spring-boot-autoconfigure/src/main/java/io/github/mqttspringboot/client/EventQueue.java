package io.github.mqttspringboot.client;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttRejectionEvent;

/**
 * Hands events to the application in order and without delaying the engine. When full,
 * rejection events, and only those, are dropped and counted.
 */
final class EventQueue {

	static final int CAPACITY = 10_000;

	private final SerialLane lane;

	private final Consumer<MqttEvent> listener;

	private final ClientStatistics statistics;

	private final ClientLog log;

	private boolean dropping;

	EventQueue(Executor executor, Consumer<MqttEvent> listener, ClientStatistics statistics, ClientLog log) {
		this.lane = new SerialLane(executor, log);
		this.log = log;
		this.listener = listener;
		this.statistics = statistics;
	}

	/**
	 * Queue an event. Called on the engine's thread only.
	 * @param event the event
	 */
	void publish(MqttEvent event) {
		int capacity = (event instanceof MqttRejectionEvent) ? CAPACITY : Integer.MAX_VALUE;
		if (this.lane.offer(() -> deliver(event), capacity)) {
			this.dropping = false;
			return;
		}
		this.statistics.eventDropped();
		if (!this.dropping) {
			this.dropping = true;
			this.log.warn(CAPACITY + " events wait for a slow event listener; rejection events are dropped until it"
					+ " catches up (counted in mqtt.client.events.dropped)", null);
		}
	}

	private void deliver(MqttEvent event) {
		try {
			this.listener.accept(event);
		}
		catch (Throwable ex) {
			this.log.error("an event listener failed on " + event, ex);
		}
	}

}
