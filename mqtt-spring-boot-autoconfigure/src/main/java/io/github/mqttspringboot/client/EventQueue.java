package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.slf4j.event.Level;

import io.github.mqttspringboot.client.ClientLog.Line;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttRejectionEvent;

/**
 * Hands events to the application in order and without delaying the engine. When full,
 * rejection events, and only those, are dropped and counted. Used on the engine's thread
 * only.
 */
final class EventQueue {

	static final int CAPACITY = 10_000;

	private final SerialLane lane;

	private final Consumer<MqttEvent> listener;

	private final ClientStatistics statistics;

	private final Executor engine;

	private final FoldedLog drops;

	private final FoldedLog failures;

	/**
	 * Create a queue.
	 * @param executor calls the application
	 * @param listener the application
	 * @param statistics counts what is dropped
	 * @param log the log of the client
	 * @param engine the engine's thread
	 * @param scheduler the timers of that thread
	 * @param logInterval how often what is alike is logged, zero for always
	 */
	EventQueue(Executor executor, Consumer<MqttEvent> listener, ClientStatistics statistics, ClientLog log,
			Executor engine, Scheduler scheduler, Duration logInterval) {
		this.lane = new SerialLane(executor, log);
		this.listener = listener;
		this.statistics = statistics;
		this.engine = engine;
		this.drops = new FoldedLog(scheduler, logInterval, (line) -> log.write(Level.WARN, line));
		this.failures = new FoldedLog(scheduler, logInterval, (line) -> log.write(Level.ERROR, line));
	}

	/**
	 * Queue an event.
	 * @param event the event
	 */
	void publish(MqttEvent event) {
		int capacity = (event instanceof MqttRejectionEvent) ? CAPACITY : Integer.MAX_VALUE;
		if (this.lane.offer(() -> deliver(event), capacity)) {
			return;
		}
		this.statistics.eventDropped();
		// A slow listener makes room for one now and then: that is no end of it
		this.drops.write("dropped", "dropped",
				Line.of(CAPACITY + " events wait for a slow event listener; rejection events are dropped until it"
						+ " catches up (counted in mqtt.client.events.dropped)", null));
	}

	/**
	 * Write what was counted so far to the log.
	 */
	void flush() {
		this.drops.flush();
		this.failures.flush();
	}

	private void deliver(MqttEvent event) {
		try {
			this.listener.accept(event);
		}
		catch (Throwable ex) {
			this.engine.execute(() -> failed(event, ex));
		}
	}

	// One that fails on each event of a storm is told of as the storm is
	private void failed(MqttEvent event, Throwable cause) {
		String kind = event.getClass().getSimpleName();
		this.failures.write(kind + ' ' + cause.getClass().getName(), kind,
				Line.of("an event listener failed on " + event, cause));
	}

}
