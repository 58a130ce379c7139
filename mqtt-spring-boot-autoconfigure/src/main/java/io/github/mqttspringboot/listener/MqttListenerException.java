package io.github.mqttspringboot.listener;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.SelfDescribingFailure;
import io.github.mqttspringboot.error.MaskedException;
import io.github.mqttspringboot.error.Printable;

/**
 * A listener could not process a message. The cause is what it threw, which the message
 * names only by its type; a
 * {@link io.github.mqttspringboot.event.MqttListenerFailedEvent} carries this as the
 * cause of its failure.
 *
 * @since 0.1.0
 */
public class MqttListenerException extends RuntimeException implements SelfDescribingFailure {

	private final String listenerId;

	private final String topic;

	private final int attempts;

	private final @Nullable String outcome;

	private final boolean unreadable;

	/**
	 * Create the exception.
	 * @param listenerId the id of the listener
	 * @param topic the topic name of the message
	 * @param attempts how often the listener was tried, 1 or more
	 * @param outcome what became of the message, {@code null} if that is still open
	 * @param cause why the listener failed
	 */
	public MqttListenerException(String listenerId, String topic, int attempts, @Nullable String outcome,
			Throwable cause) {
		this(listenerId, topic, attempts, outcome, cause, false);
	}

	MqttListenerException(String listenerId, String topic, int attempts, @Nullable String outcome, Throwable cause,
			boolean unreadable) {
		super(describe(listenerId, attempts, outcome, cause), cause);
		this.listenerId = listenerId;
		this.topic = topic;
		this.attempts = attempts;
		this.outcome = outcome;
		this.unreadable = unreadable;
	}

	// Not what the cause says, which may have the payload in it
	private static String describe(String listenerId, int attempts, @Nullable String outcome, Throwable cause) {
		return "listener '" + Printable.escape(listenerId) + "' failed after " + attempts
				+ ((attempts == 1) ? " attempt" : " attempts") + " with " + cause.getClass().getName()
				+ ((outcome != null) ? "; " + outcome : "");
	}

	@Override
	public String describe() {
		return String.valueOf(getMessage());
	}

	// What converters and validators say has parts of the payload in it, whatever the
	// application does
	@Override
	public Throwable trace() {
		return (this.unreadable) ? MaskedException.of(this) : this;
	}

	/**
	 * Return the id of the listener.
	 * @return the id
	 */
	public String getListenerId() {
		return this.listenerId;
	}

	/**
	 * Return the topic name of the message.
	 * @return the topic name
	 */
	public String getTopic() {
		return this.topic;
	}

	/**
	 * Return how often the listener was tried.
	 * @return the number of attempts, 1 or more
	 */
	public int getAttempts() {
		return this.attempts;
	}

	/**
	 * Return what became of the message.
	 * @return the outcome in words, {@code null} if that is still open
	 */
	public @Nullable String getOutcome() {
		return this.outcome;
	}

}
