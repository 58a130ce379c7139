package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.mqttspringboot.client.JournalRecord.Completed;
import io.github.mqttspringboot.client.JournalRecord.Ended;
import io.github.mqttspringboot.client.JournalRecord.NewSession;
import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.client.JournalRecord.Received;
import io.github.mqttspringboot.client.JournalRecord.Released;
import io.github.mqttspringboot.client.JournalRecord.Wiped;

/**
 * What a journal amounts to after its last record. Not thread-safe.
 */
final class JournalImage {

	private final Map<Long, Published> outbound = new LinkedHashMap<>();

	private final Set<Integer> inbound = new LinkedHashSet<>();

	private long lastKey;

	void apply(JournalRecord record) {
		if (record instanceof Published published) {
			this.outbound.put(published.key(), published);
			this.lastKey = Math.max(this.lastKey, published.key());
		}
		else if (record instanceof Released released) {
			this.outbound.computeIfPresent(released.key(), (key, published) -> published.withReleased());
		}
		else if (record instanceof Ended ended) {
			this.outbound.remove(ended.key());
		}
		else if (record instanceof Received received) {
			this.inbound.add(received.packetId());
		}
		else if (record instanceof Completed completed) {
			this.inbound.remove(completed.packetId());
		}
		else if (record instanceof NewSession) {
			this.inbound.clear();
			this.outbound.replaceAll((key, published) -> published.withLost());
		}
		else if (record instanceof Wiped) {
			this.inbound.clear();
			this.outbound.clear();
		}
	}

	/**
	 * Return the publishes that are not over.
	 * @return the live publishes, in the order of their keys
	 */
	Collection<Published> outbound() {
		return this.outbound.values();
	}

	/**
	 * Return the packet identifiers of inbound QoS 2 messages that are processed and not
	 * released.
	 * @return the packet identifiers
	 */
	Set<Integer> inbound() {
		return this.inbound;
	}

	long lastKey() {
		return this.lastKey;
	}

	boolean isEmpty() {
		return this.outbound.isEmpty() && this.inbound.isEmpty();
	}

	/**
	 * Return the shortest journal that amounts to the same.
	 * @return the records
	 */
	List<JournalRecord> records() {
		List<JournalRecord> records = new ArrayList<>(this.outbound.values());
		this.inbound.forEach((packetId) -> records.add(new Received(packetId)));
		return records;
	}

}
