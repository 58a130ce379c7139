package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;

/**
 * What the threads of one connection tell each other: how far it has come, what is to be
 * written, and why it ends. The first reason counts.
 */
final class Link {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Deque<MqttPacket> queue = new ArrayDeque<>();

	/** How many packets have left the queue to be written. */
	private long taken;

	private @Nullable Thread connector;

	private boolean connectSent;

	private boolean readerReleased;

	private boolean accepted;

	private boolean answerWaiting;

	private boolean readerDone;

	private @Nullable Disconnect farewell;

	private @Nullable MqttFailure outcome;

	/**
	 * The transport is up, and Paho's connect thread about to start its others.
	 * @param thread the connect thread of Paho
	 * @throws IOException if the connection has ended meanwhile
	 */
	void transportReady(Thread thread) throws IOException {
		this.lock.lock();
		try {
			if (this.outcome != null) {
				throw new IOException("The attempt was abandoned");
			}
			this.connector = thread;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * CONNECT has left, or failed to: from here on Paho's threads bear an end.
	 */
	void connectSent() {
		change(() -> this.connectSent = true);
	}

	/**
	 * Let Paho's receiver read although no CONNECT has left.
	 */
	void releaseReader() {
		change(() -> this.readerReleased = true);
	}

	/**
	 * The server has accepted the connection.
	 */
	void accepted() {
		change(() -> this.accepted = true);
	}

	/**
	 * The transport has an answer of its own to send.
	 */
	void answerWaiting() {
		change(() -> this.answerWaiting = true);
	}

	/**
	 * Nothing more is read.
	 */
	void readerDone() {
		change(() -> this.readerDone = true);
	}

	/**
	 * Queue a packet, unless the connection has ended or is about to.
	 * @param packet the packet
	 */
	void offer(MqttPacket packet) {
		change(() -> {
			if (this.outcome == null && this.farewell == null) {
				this.queue.add(packet);
			}
		});
	}

	/**
	 * Ask for a DISCONNECT behind what is queued.
	 * @param disconnect the packet
	 */
	void leave(Disconnect disconnect) {
		change(() -> {
			if (this.outcome == null && this.farewell == null) {
				this.farewell = disconnect;
			}
		});
	}

	/**
	 * End the connection: what is queued is dropped.
	 * @param reason why
	 * @param disconnect the packet to send before, {@code null} for none
	 * @return whether this is the first reason
	 */
	boolean end(MqttFailure reason, @Nullable Disconnect disconnect) {
		this.lock.lock();
		try {
			if (this.outcome != null) {
				return false;
			}
			this.outcome = reason;
			this.farewell = disconnect;
			this.queue.clear();
			this.changed.signalAll();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait for something to write.
	 * @return what to do
	 * @throws InterruptedException if interrupted
	 */
	Work awaitWork() throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (true) {
				Work work = work();
				if (work != null) {
					return work;
				}
				this.changed.await();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Work work() {
		if (this.outcome == null && this.accepted && !this.queue.isEmpty()) {
			return Work.PACKETS;
		}
		if (this.outcome == null && this.connectSent && this.answerWaiting) {
			this.answerWaiting = false;
			return Work.ANSWER;
		}
		if (this.farewell != null && this.connectSent) {
			return Work.FAREWELL;
		}
		return (this.outcome != null || this.farewell != null) ? Work.NOTHING : null;
	}

	/**
	 * Take the next packet.
	 * @return the packet, {@code null} if none may be written now
	 */
	@Nullable MqttPacket poll() {
		this.lock.lock();
		try {
			MqttPacket packet = this.queue.poll();
			if (packet != null) {
				this.taken++;
			}
			return packet;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Drop what is queued.
	 * @return how many packets were taken before
	 */
	long withdraw() {
		this.lock.lock();
		try {
			this.queue.clear();
			return this.taken;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the DISCONNECT to send.
	 * @return the packet, {@code null} for none
	 */
	@Nullable Disconnect farewell() {
		this.lock.lock();
		try {
			return this.farewell;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return why the connection ends.
	 * @return the reason, {@code null} as long as it does not
	 */
	@Nullable MqttFailure outcome() {
		this.lock.lock();
		try {
			return this.outcome;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return Paho's connect thread.
	 * @return the thread, {@code null} before the transport is up
	 */
	@Nullable Thread connector() {
		this.lock.lock();
		try {
			return this.connector;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether the server has accepted the connection.
	 * @return whether a successful CONNACK has been seen
	 */
	boolean isAccepted() {
		return awaitUninterruptibly(() -> this.accepted, 0);
	}

	/**
	 * Return whether CONNECT has left.
	 * @return whether it has
	 */
	boolean isConnectSent() {
		return awaitUninterruptibly(() -> this.connectSent, 0);
	}

	/**
	 * Wait for the transport, or the end.
	 * @throws InterruptedException if interrupted
	 */
	void awaitTransport() throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (this.connector == null && this.outcome == null && this.farewell == null) {
				this.changed.await();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until Paho's receiver may read. Without limit: no end of the stream and no
	 * exception may reach Paho before.
	 */
	void awaitReadable() {
		awaitUninterruptibly(() -> this.connectSent || this.readerReleased, Long.MAX_VALUE);
	}

	/**
	 * Wait for CONNECT to leave.
	 * @param millis the limit
	 * @return whether it has left
	 */
	boolean awaitConnectSent(long millis) {
		return awaitUninterruptibly(() -> this.connectSent, millis);
	}

	/**
	 * Wait for the end of reading.
	 * @param millis the limit
	 * @return whether nothing more is read
	 */
	boolean awaitReaderDone(long millis) {
		return awaitUninterruptibly(() -> this.readerDone, millis);
	}

	private void change(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean awaitUninterruptibly(BooleanSupplier condition, long millis) {
		boolean interrupted = false;
		long rest = TimeUnit.MILLISECONDS.toNanos(millis);
		this.lock.lock();
		try {
			while (!condition.getAsBoolean() && rest > 0) {
				try {
					rest = this.changed.awaitNanos(rest);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
			return condition.getAsBoolean();
		}
		finally {
			this.lock.unlock();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * What the writer has to do.
	 */
	enum Work {

		/** Write what is queued. */
		PACKETS,

		/** Flush: the transport has an answer of its own to send. */
		ANSWER,

		/** Write the DISCONNECT. */
		FAREWELL,

		/** Write nothing more. */
		NOTHING

	}

}
