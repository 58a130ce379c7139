package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.JournalRecord.Published;
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

	/** Its name in the journal, and the position there; 0 while it is in none. */
	long key;

	/** The generation of the permit that it holds. */
	int permit;

	/** Where the journal has the PUBREC. */
	long releasedAt;

	/** Whether it waits for the journal before it may leave. */
	boolean heldBack;

	/** Size on the wire, in bytes. */
	final long size;

	/** The packet's number on the connection it was written to last. */
	long sequence;

	/** The place on the connection of the packet that was sent last for it. */
	long order;

	/** When its last packet was written, or is being written, monotonic nanoseconds. */
	long writtenAt;

	/** The connection that it was given to last. */
	@Nullable Link carrier;

	/** Whether it was given to a connection before, in this JVM. */
	boolean counted;

	/**
	 * Whether it has an identifier under which the server may hold another message, so
	 * that it is in no journal and does not leave yet (QoS 2).
	 */
	boolean uncleared;

	/** Whether it has left on some connection, or may have. */
	boolean sent;

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

	/**
	 * Return a publish of a JVM that has ended.
	 * @param published what the journal knows of it
	 * @param scheduler the engine's clock
	 * @return the publish, whose future nobody holds
	 */
	static OutboundPublish of(Published published, Scheduler scheduler) {
		long now = scheduler.nanoTime();
		long left = (published.expiresAt() != 0)
				? TimeUnit.MILLISECONDS.toNanos(published.expiresAt() - scheduler.now().toEpochMilli()) : 0;
		OutboundPublish publish = new OutboundPublish(published.packet(), new CompletableFuture<>(), now, now + left,
				Preflight.size(published.packet()));
		publish.key = published.key();
		publish.released = published.released();
		publish.sent = true;
		return publish;
	}

	void settle() {
		this.settled = true;
		if (this.expiryTimer != null) {
			this.expiryTimer.cancel();
			this.expiryTimer = null;
		}
	}

	/**
	 * Return what has become of it so far.
	 * @return in words, for a failure while it waits
	 */
	String fate() {
		return (this.sent) ? Preflight.SENT_BEFORE : "it was not sent";
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
