package io.github.mqttspringboot.listener;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.util.backoff.BackOffExecution;

import io.github.mqttspringboot.client.AbandonableStage;
import io.github.mqttspringboot.client.ClientLogs;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.Printable;

/**
 * One message on its way through a listener: its attempts, its recovery and its
 * acknowledgement. One step at a time; the steps may run on different threads.
 */
final class Delivery implements Acknowledgment {

	private static final Logger logger = LoggerFactory.getLogger(MqttListenerContainer.class);

	private final ListenerWork work;

	private final ReceivedMessage message;

	private final Runnable ended;

	private final Stage acknowledged = new Stage();

	private final CompletableFuture<@Nullable Void> processed = new CompletableFuture<>();

	private @Nullable Retries retries;

	private @Nullable BackOffExecution recoveryBackOff;

	/** Whether the message cannot be acknowledged any more. */
	private volatile boolean abandoned;

	private int attempts;

	/** Whether the message cannot be made the arguments of the listener. */
	private boolean unreadable;

	/**
	 * Create a delivery.
	 * @param work what is done with it
	 * @param message the message
	 * @param ended told once, when the listener is done with the message
	 */
	Delivery(ListenerWork work, ReceivedMessage message, Runnable ended) {
		this.work = work;
		this.message = message;
		this.ended = ended;
	}

	/**
	 * Return the stage whose end acknowledges the message.
	 * @return the stage
	 */
	CompletableFuture<@Nullable Void> acknowledged() {
		return this.acknowledged;
	}

	ListenerWork work() {
		return this.work;
	}

	ReceivedMessage message() {
		return this.message;
	}

	@Override
	public void acknowledge() {
		if (this.work.ackMode() == AckMode.MANUAL) {
			this.acknowledged.complete(null);
		}
	}

	/** The container has taken the message. */
	void accepted() {
		if (this.work.ackMode() == AckMode.ON_RECEIPT) {
			this.acknowledged.complete(null);
		}
	}

	/**
	 * Process the message.
	 * @param lane the lane that it is the turn of
	 * @return a stage that ends normally when the lane may go on
	 */
	CompletableFuture<@Nullable Void> process(Lane lane) {
		attempt(lane);
		return this.processed;
	}

	private void attempt(Lane lane) {
		this.attempts++;
		try {
			CompletionStage<?> stage = this.work.listener().onMessage(this.message, this);
			if (stage == null) {
				succeeded();
				return;
			}
			stage.whenComplete((result, ex) -> {
				if (ex == null) {
					succeeded();
				}
				else {
					failed(lane, unwrap(ex));
				}
			});
		}
		catch (Throwable ex) {
			failed(lane, ex);
		}
	}

	private void succeeded() {
		if (this.work.ackMode() != AckMode.MANUAL || this.message.qos() == 0) {
			this.acknowledged.complete(null);
		}
		processed();
	}

	private void failed(Lane lane, Throwable ex) {
		if (this.work.ackMode() == AckMode.MANUAL && this.acknowledged.isDone()) {
			finish("the listener had acknowledged the message before", ex);
			return;
		}
		if (ex instanceof ReplyException) {
			finish("the message was processed, and is acknowledged, but not answered", ex);
			return;
		}
		boolean hopeless = ex instanceof ListenerArgumentException;
		this.unreadable = hopeless;
		Throwable cause = (hopeless && ex.getCause() != null) ? ex.getCause() : ex;
		long delay = BackOffExecution.STOP;
		try {
			delay = (hopeless) ? BackOffExecution.STOP : retries().next(cause);
		}
		catch (RuntimeException policyFailure) {
			cause.addSuppressed(policyFailure);
		}
		if (delay == BackOffExecution.STOP) {
			recover(lane, cause);
			return;
		}
		if (logger.isDebugEnabled()) {
			ClientLogs.write(logger, Level.DEBUG, this.work.client(),
					"listener '" + this.work.id() + "' failed on attempt " + this.attempts + " at a message on topic "
							+ Printable.escape(this.message.topic()) + "; it is called again in " + delay + " ms",
					cause);
		}
		later(lane, delay, () -> attempt(lane));
	}

	private Retries retries() {
		if (this.retries == null) {
			this.retries = new Retries(this.work.settings().retryPolicy());
		}
		return this.retries;
	}

	private static void later(Lane lane, long delay, Runnable task) {
		CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS, lane::proceed).execute(task);
	}

	private void recover(Lane lane, Throwable cause) {
		MqttMessageRecoverer recoverer = this.work.recoverer();
		if (recoverer == null) {
			finish("the message is acknowledged and dropped: there is neither 'mqtt.listener.dead-letter-topic' nor a "
					+ "MqttMessageRecoverer", cause);
			return;
		}
		try {
			CompletionStage<?> stage = recoverer.recover(this.message, failure(null, cause));
			if (stage == null) {
				finish(recovered(recoverer), cause);
				return;
			}
			stage.whenComplete((result, ex) -> {
				if (ex == null) {
					finish(recovered(recoverer), cause);
				}
				else {
					notRecovered(lane, cause, unwrap(ex));
				}
			});
		}
		catch (Throwable ex) {
			notRecovered(lane, cause, ex);
		}
	}

	private static String recovered(MqttMessageRecoverer recoverer) {
		return (recoverer instanceof DeadLetterPublishingRecoverer) ? "the message is acknowledged, and " + recoverer
				: "the message is acknowledged; the MqttMessageRecoverer has taken it";
	}

	private void notRecovered(Lane lane, Throwable cause, Throwable ex) {
		long delay = BackOffExecution.STOP;
		if (ex instanceof MqttOperationException) {
			boolean first = this.recoveryBackOff == null;
			if (this.recoveryBackOff == null) {
				this.recoveryBackOff = this.work.settings().recoveryBackOff().start();
			}
			delay = this.recoveryBackOff.nextBackOff();
			if (first && delay != BackOffExecution.STOP) {
				ClientLogs.write(logger, Level.WARN, this.work.client(),
						"listener '" + this.work.id() + "' could not process a message on topic "
								+ Printable.escape(this.message.topic())
								+ ", which could not be handed to the recoverer either: " + ex.getMessage()
								+ ". It is tried again until that works; the message stays unacknowledged, and holds"
								+ " back the acknowledgements behind it",
						null);
			}
		}
		if (delay == BackOffExecution.STOP) {
			cause.addSuppressed(ex);
			finish("the message is acknowledged and dropped, as "
					+ ((ex instanceof NoDeadLetterException) ? "it cannot be a dead letter: " + ex.getMessage()
							: "its recoverer failed with " + ex.getClass().getName()),
					cause);
			return;
		}
		later(lane, delay, () -> recover(lane, cause));
	}

	private MqttListenerException failure(@Nullable String outcome, Throwable cause) {
		return new MqttListenerException(this.work.id(), this.message.topic(), this.attempts, outcome, cause,
				this.unreadable);
	}

	private void finish(String outcome, Throwable cause) {
		MqttListenerException failure = failure(outcome, cause);
		if (!this.acknowledged.completeExceptionally(failure)) {
			this.work.client().listenerFailed(this.message.topic(), failure);
		}
		processed();
	}

	private void processed() {
		this.ended.run();
		this.processed.complete(null);
		endIfAbandoned();
	}

	/** Once nobody works on the message, it does not count any more. */
	private void endIfAbandoned() {
		if (this.abandoned && this.processed.isDone()) {
			this.acknowledged.complete(null);
		}
	}

	private static Throwable unwrap(Throwable ex) {
		return (ex instanceof CompletionException && ex.getCause() != null) ? ex.getCause() : ex;
	}

	/**
	 * Ends with the acknowledgement.
	 */
	private final class Stage extends CompletableFuture<@Nullable Void> implements AbandonableStage<@Nullable Void> {

		@Override
		public void abandoned() {
			Delivery.this.abandoned = true;
			endIfAbandoned();
		}

	}

}
