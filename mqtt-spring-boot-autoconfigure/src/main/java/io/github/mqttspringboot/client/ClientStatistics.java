package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * Exact counts of a client since it was created. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClientStatistics {

	private static final Logger logger = LoggerFactory.getLogger(ClientStatistics.class);

	private final Series errors = new Series();

	private final Series reconnects = new Series();

	private final LongAdder connections = new LongAdder();

	private final LongAdder droppedEvents = new LongAdder();

	private final LongAdder unmatchedMessages = new LongAdder();

	private final LongAdder queuedMessages = new LongAdder();

	private final LongAdder droppedMessages = new LongAdder();

	private volatile Supplier<Duration> unacknowledgedAge = () -> Duration.ZERO;

	/**
	 * Return the failures by class, packet and reason.
	 * @return the live series
	 */
	public Series errors() {
		return this.errors;
	}

	/**
	 * Return the reconnects by class, packet and reason of the failure that ended the
	 * connection before.
	 * @return the live series
	 */
	public Series reconnects() {
		return this.reconnects;
	}

	/**
	 * Return how many network connections the server has accepted.
	 * @return the count
	 */
	public long connections() {
		return this.connections.sum();
	}

	/**
	 * Return how many rejection events were dropped because the event queue was full.
	 * @return the count
	 */
	public long droppedEvents() {
		return this.droppedEvents.sum();
	}

	/**
	 * Return how many messages came that no handler is registered for.
	 * @return the count
	 */
	public long unmatchedMessages() {
		return this.unmatchedMessages.sum();
	}

	/**
	 * Return how many messages are with handlers: handed over, and not ended. One that
	 * several handlers have counts as often.
	 * @return the current number
	 */
	public long queuedMessages() {
		return this.queuedMessages.sum();
	}

	/**
	 * Return how many messages of QoS 0 were not handed over because the handler had
	 * {@code mqtt.listener.queue-capacity} in hand.
	 * @return the count
	 */
	public long droppedMessages() {
		return this.droppedMessages.sum();
	}

	/**
	 * Return how long the oldest message of QoS 1 or 2 has waited for its
	 * acknowledgement.
	 * @return the time since it came, zero if there is none
	 */
	public Duration unacknowledgedAge() {
		return this.unacknowledgedAge.get();
	}

	void unacknowledgedAge(Supplier<Duration> age) {
		this.unacknowledgedAge = age;
	}

	void queued(int change) {
		this.queuedMessages.add(change);
	}

	void messageDropped() {
		this.droppedMessages.increment();
	}

	void unmatched() {
		this.unmatchedMessages.increment();
	}

	void connected() {
		this.connections.increment();
	}

	void eventDropped() {
		this.droppedEvents.increment();
	}

	/**
	 * What a count is counted by.
	 *
	 * @param errorClass the class of the failure
	 * @param packet the packet in lower case, {@code local}, or {@code none}
	 * @param reason the reason in kebab case, {@code 0xNN}, or {@code none}
	 */
	public record Key(ErrorClass errorClass, String packet, String reason) {

	}

	/**
	 * Counts by {@link Key}. Each class has a key with {@code none} from the start.
	 */
	public static final class Series {

		private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

		private final List<BiConsumer<Key, LongAdder>> observers = new CopyOnWriteArrayList<>();

		Series() {
			for (ErrorClass errorClass : ErrorClass.values()) {
				if (errorClass != ErrorClass.SUCCESS) {
					this.counts.put(new Key(errorClass, "none", "none"), new LongAdder());
				}
			}
		}

		/**
		 * Return the sum over all keys.
		 * @return the sum
		 */
		public long total() {
			return this.counts.values().stream().mapToLong(LongAdder::sum).sum();
		}

		/**
		 * Return the sum over the keys of a class.
		 * @param errorClass the class
		 * @return the sum
		 */
		public long total(ErrorClass errorClass) {
			return this.counts.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().errorClass() == errorClass)
				.mapToLong((entry) -> entry.getValue().sum())
				.sum();
		}

		/**
		 * Call back for each key there is, and for each that comes later.
		 * @param observer called at least once a key, on the thread that counts first
		 */
		public void observe(BiConsumer<Key, LongAdder> observer) {
			this.observers.add(observer);
			this.counts.forEach(observer);
		}

		void increment(MqttFailure failure, ErrorClass errorClass) {
			Key key = new Key(errorClass, failure.packet().label(), failure.reason());
			LongAdder known = this.counts.get(key);
			if (known != null) {
				known.increment();
				return;
			}
			LongAdder created = this.counts.computeIfAbsent(key, (absent) -> new LongAdder());
			created.increment();
			this.observers.forEach((observer) -> tell(observer, key, created));
		}

		private static void tell(BiConsumer<Key, LongAdder> observer, Key key, LongAdder count) {
			try {
				observer.accept(key, count);
			}
			catch (Throwable ex) {
				// A meter registry must not break the engine, which counts here
				logger.error("The count {} could not be made known", key, ex);
			}
		}

	}

}
