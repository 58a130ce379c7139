package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

/**
 * Who receives a message.
 *
 * @param handler the receiver
 * @param holder on whose behalf, {@code null} for the application itself
 * @param backlog what it, and others of its holder, have in hand
 */
record Recipient(MessageHandler handler, @Nullable SubscriptionHolder holder, Backlog backlog) {

	/** A message has come for it. */
	void expect() {
		this.backlog.add();
		if (this.holder != null) {
			this.holder.expect();
		}
	}

	/** Its handler has been called. */
	void handed() {
		if (this.holder != null) {
			this.holder.handed();
		}
	}

}
