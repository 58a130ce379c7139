package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * Exact counts of a client since it was created. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClientStatistics {

	private final Series errors;

	private final Series reconnects;

	private final Map<AttemptOutcome, LongAdder> attempts = new EnumMap<>(AttemptOutcome.class);

	private final Map<Direction, LongAdder[]> messages = new EnumMap<>(Direction.class);

	private volatile int inFlight;

	private volatile int buffered;

	private final LongAdder droppedEvents = new LongAdder();

	private final LongAdder unmatchedMessages = new LongAdder();

	private final LongAdder queuedMessages = new LongAdder();

	private final LongAdder droppedMessages = new LongAdder();

	private final LongAdder quarantined = new LongAdder();

	private volatile Supplier<Duration> unacknowledgedAge = () -> Duration.ZERO;

	ClientStatistics(ClientLog log) {
		this.errors = new Series(log);
		this.reconnects = new Series(log);
		for (AttemptOutcome outcome : AttemptOutcome.values()) {
			this.attempts.put(outcome, new LongAdder());
		}
		for (Direction direction : Direction.values()) {
			this.messages.put(direction, new LongAdder[] { new LongAdder(), new LongAdder(), new LongAdder() });
		}
	}

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
		return attempts(AttemptOutcome.SUCCESS);
	}

	/**
	 * Return how many attempts to connect have ended, each server that was tried for one.
	 * @param outcome how they ended
	 * @return the count
	 */
	public long attempts(AttemptOutcome outcome) {
		return counter(outcome).sum();
	}

	/**
	 * Return how many messages were sent or received. One that is sent again counts once,
	 * and so does one of QoS 2 that is received again.
	 * @param direction which way
	 * @param qos 0, 1 or 2
	 * @return the count
	 */
	public long messages(Direction direction, int qos) {
		return counter(direction, qos).sum();
	}

	/**
	 * Return how many publishes of QoS 1 and 2 were sent and are not acknowledged.
	 * @return the current number
	 */
	public int inFlight() {
		return this.inFlight;
	}

	/**
	 * Return how many publishes wait for a connection, or for room in the in-flight
	 * window.
	 * @return the current number
	 */
	public int buffered() {
		return this.buffered;
	}

	/**
	 * Return how many rejection events were dropped because the event queue was full.
	 * @return the count
	 */
	public long droppedEvents() {
		return this.droppedEvents.sum();
	}

	/**
	 * Return how many operations, mostly publishes, are not sent any more because the
	 * server ended the connection each time.
	 * @return the count
	 */
	public long quarantined() {
		return this.quarantined.sum();
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

	void attempted(AttemptOutcome outcome) {
		counter(outcome).increment();
	}

	void message(Direction direction, int qos) {
		counter(direction, qos).increment();
	}

	void outbound(int inFlight, int buffered) {
		this.inFlight = inFlight;
		this.buffered = buffered;
	}

	private LongAdder counter(AttemptOutcome outcome) {
		return Objects.requireNonNull(this.attempts.get(outcome));
	}

	private LongAdder counter(Direction direction, int qos) {
		return Objects.requireNonNull(this.messages.get(direction))[qos];
	}

	void quarantinedOne() {
		this.quarantined.increment();
	}

	void eventDropped() {
		this.droppedEvents.increment();
	}

	/**
	 * How an attempt to connect has ended.
	 */
	public enum AttemptOutcome {

		/** The server has accepted the connection. */
		SUCCESS,

		/** The server, the network or the client itself has refused. */
		FAILURE,

		/** The client was told to stop or to begin anew before there was an answer. */
		CANCELLED;

		/**
		 * Return the outcome as used in metric tags.
		 * @return the name in lower case
		 */
		public String label() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * Which way a message goes.
	 */
	public enum Direction {

		/** From the server to the client. */
		INBOUND,

		/** From the client to the server. */
		OUTBOUND;

		/**
		 * Return the direction as used in metric tags.
		 * @return the name in lower case
		 */
		public String label() {
			return name().toLowerCase(Locale.ROOT);
		}

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

		private final ClientLog log;

		Series(ClientLog log) {
			this.log = log;
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
		 * @return ends it: no call begins after that
		 */
		public Runnable observe(BiConsumer<Key, LongAdder> observer) {
			this.observers.add(observer);
			this.counts.forEach(observer);
			return () -> this.observers.remove(observer);
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

		private void tell(BiConsumer<Key, LongAdder> observer, Key key, LongAdder count) {
			try {
				observer.accept(key, count);
			}
			catch (Throwable ex) {
				// A meter registry must not break the engine, which counts here
				this.log.error("the count " + key + " could not be made known", ex);
			}
		}

	}

}
