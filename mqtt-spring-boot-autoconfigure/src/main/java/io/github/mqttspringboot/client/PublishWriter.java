package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientStatistics.Direction;

/**
 * Hands publishes to a connection in their order, each once the journal has it on the
 * disk, and knows which are written. Used on the engine's thread only.
 */
final class PublishWriter {

	/** How much may wait in the writer of a connection before the flow holds back. */
	static final long MAX_UNWRITTEN_BYTES = 1024 * 1024;

	private static final int MAX_UNWRITTEN = 4096;

	private final Scheduler scheduler;

	private final ClientStatistics statistics;

	/** Given to the connection and not yet known to be written. */
	private final Deque<OutboundPublish> unwritten = new ArrayDeque<>();

	/** Waiting for the journal or for their identifier, or behind one that does. */
	private final Deque<OutboundPublish> heldBack = new ArrayDeque<>();

	private long bytes;

	private long synced;

	PublishWriter(Scheduler scheduler, ClientStatistics statistics) {
		this.scheduler = scheduler;
		this.statistics = statistics;
	}

	boolean isQuiet() {
		return Stream.concat(this.unwritten.stream(), this.heldBack.stream()).allMatch((publish) -> publish.settled);
	}

	boolean hasRoom() {
		return this.bytes < MAX_UNWRITTEN_BYTES && this.unwritten.size() + this.heldBack.size() < MAX_UNWRITTEN;
	}

	void write(OutboundPublish publish, Link link) {
		this.bytes += publish.size;
		if (mayLeave(publish) && this.heldBack.isEmpty()) {
			send(publish, link);
		}
		else {
			publish.heldBack = true;
			this.heldBack.add(publish);
		}
	}

	private boolean mayLeave(OutboundPublish publish) {
		return publish.key <= this.synced && !publish.uncleared;
	}

	private void send(OutboundPublish publish, Link link) {
		publish.carrier = link;
		publish.writtenAt = this.scheduler.nanoTime();
		publish.sequence = link.send(publish.packet, publish.writtenAt);
		publish.order = publish.sequence;
		if (!publish.counted) {
			publish.counted = true;
			this.statistics.message(Direction.OUTBOUND, publish.qos());
		}
		this.unwritten.add(publish);
	}

	/**
	 * The journal is on the disk.
	 * @param position up to which
	 * @param link the connection, {@code null} if there is none
	 */
	void synced(long position, @Nullable Link link) {
		this.synced = position;
		flush(link);
	}

	/**
	 * Send what need not wait any more.
	 * @param link the connection, {@code null} if there is none
	 */
	void flush(@Nullable Link link) {
		OutboundPublish first = this.heldBack.peek();
		while (first != null && link != null && mayLeave(first)) {
			this.heldBack.remove();
			first.heldBack = false;
			send(first, link);
			first = this.heldBack.peek();
		}
	}

	/**
	 * Do not send a publish.
	 * @param publish the publish
	 * @return whether it was to be sent
	 */
	boolean withdraw(OutboundPublish publish) {
		if (!publish.heldBack) {
			return false;
		}
		publish.heldBack = false;
		this.bytes -= publish.size;
		return this.heldBack.remove(publish);
	}

	void written(long total, Consumer<OutboundPublish> qos0) {
		OutboundPublish first = this.unwritten.peek();
		while (first != null && first.sequence <= total) {
			this.unwritten.remove();
			this.bytes -= first.size;
			first.sent = true;
			first.writtenAt = this.scheduler.nanoTime();
			if (first.qos() == 0) {
				qos0.accept(first);
			}
			first = this.unwritten.peek();
		}
	}

	/**
	 * The connection has ended.
	 * @return the QoS 0 publishes that have not left, in their order
	 */
	List<OutboundPublish> linkDown() {
		this.heldBack.forEach((publish) -> publish.heldBack = false);
		this.unwritten.addAll(this.heldBack);
		List<OutboundPublish> unsent = new ArrayList<>();
		for (OutboundPublish publish : this.unwritten) {
			if (publish.qos() == 0 && !publish.settled) {
				unsent.add(publish);
			}
		}
		this.heldBack.clear();
		this.unwritten.clear();
		this.bytes = 0;
		return unsent;
	}

}
