package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * A publish from the call to its end: waiting, written, in flight. Used on the engine's
 * thread only.
 */
final class OutboundPublish {

	/** The message; its packet identifier is 0 until one is taken. */
	Publish packet;

	final CompletableFuture<PublishResult> future;

	/** When the time of the call runs out, monotonic nanoseconds. */
	final long deadline;

	/**
	 * When the message expires, monotonic nanoseconds. Meaningful with an expiry only.
	 */
	final long expiry;

	/** Size on the wire, in bytes. */
	final long size;

	/** The packet's number on the connection it was written to last. */
	long sequence;

	/** The connection that it was given to last. */
	@Nullable Link carrier;

	/** Whether a PUBREC has handed the message to the server (QoS 2). */
	boolean released;

	/** That PUBREC, if it had something to say; {@code null} if it was plain success. */
	@Nullable PublishAck received;

	/** Whether it waits to be sent for the first time, or anew. */
	boolean waiting;

	/** Whether the future has its outcome. */
	boolean settled;

	/** Ends the wait of a message that expires. */
	Scheduler.@Nullable Timer expiryTimer;

	OutboundPublish(Publish packet, CompletableFuture<PublishResult> future, long deadline, long expiry, long size) {
		this.packet = packet;
		this.future = future;
		this.deadline = deadline;
		this.expiry = expiry;
		this.size = size;
	}

	void settle() {
		this.settled = true;
		if (this.expiryTimer != null) {
			this.expiryTimer.cancel();
			this.expiryTimer = null;
		}
	}

	String topic() {
		return this.packet.topic();
	}

	int qos() {
		return this.packet.qos();
	}

	boolean expires() {
		return this.packet.properties().messageExpiryInterval() != null;
	}

}
