package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * One message on its way through its handlers, on threads of the application.
 */
final class Delivery {

	private final ReceivedMessage message;

	private final List<Recipient> recipients;

	private final Listener listener;

	/** Those that have been called and whose handling has not ended. */
	private final List<Recipient> open = new ArrayList<>();

	/** Want to hear if the message is abandoned. Used by who calls the handlers only. */
	private final List<AbandonableStage<?>> abandonable = new ArrayList<>();

	/** Those whose handling has not ended, called or not. */
	private int left;

	/**
	 * Create a delivery.
	 * @param message the message
	 * @param recipients who receives it, at least one
	 * @param listener told of each end
	 */
	Delivery(ReceivedMessage message, List<Recipient> recipients, Listener listener) {
		this.message = message;
		this.recipients = recipients;
		this.listener = listener;
		this.left = recipients.size();
	}

	ReceivedMessage message() {
		return this.message;
	}

	/** Call the handlers, one after the other. */
	void run() {
		this.recipients.forEach(this::handle);
	}

	/** Tell the handlers that the message cannot be acknowledged any more. */
	void abandon() {
		this.abandonable.forEach(AbandonableStage::abandoned);
		this.abandonable.clear();
	}

	/**
	 * Return who has been called and whose handling has not ended. Called on any thread.
	 * @return the recipients, none if it is not the turn of this delivery yet
	 */
	List<Recipient> open() {
		synchronized (this.open) {
			return List.copyOf(this.open);
		}
	}

	private void handle(Recipient recipient) {
		synchronized (this.open) {
			this.open.add(recipient);
		}
		try {
			var stage = call(recipient);
			if (stage instanceof AbandonableStage<?> waiting) {
				this.abandonable.add(waiting);
			}
			if (stage != null) {
				stage.whenComplete((result, cause) -> ended(recipient, cause));
				return;
			}
			ended(recipient, null);
		}
		catch (Throwable ex) {
			ended(recipient, ex);
		}
	}

	private @Nullable CompletionStage<?> call(Recipient recipient) throws Exception {
		try {
			return recipient.handler().handle(this.message);
		}
		finally {
			recipient.handed();
		}
	}

	private void ended(Recipient recipient, @Nullable Throwable cause) {
		boolean last;
		synchronized (this.open) {
			this.open.remove(recipient);
			last = --this.left == 0;
		}
		this.listener.ended(recipient, last, cause);
	}

	/**
	 * Hears of the ends.
	 */
	@FunctionalInterface
	interface Listener {

		/**
		 * The handling of a recipient has ended, on any thread.
		 * @param recipient the recipient
		 * @param last whether all others have ended too
		 * @param cause why it failed, {@code null} if it did not
		 */
		void ended(Recipient recipient, boolean last, @Nullable Throwable cause);

	}

}
