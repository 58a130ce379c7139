package io.github.mqttspringboot.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

/**
 * Recognises the copies of one message that come because several filters of one holder
 * match it, each with the identifier of its own filter (MQTT 5 §3.3.4). The first copy is
 * for the holder, so that none has to be waited for; of equal messages as many are as
 * copies came by the filter that most came by. Used on the engine's thread only.
 */
final class Copies {

	/** Of messages whose copies have not all come; some never do. */
	private static final int MAXIMUM = 1000;

	private final Map<Message, Count> counts = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * Count a copy.
	 * @param publish the packet
	 * @param holder whose filters match
	 * @param filters the identifiers of all its filters that match
	 * @param carried those of them that the packet has, at least one
	 * @return whether the holder has had the message by another of its filters
	 */
	boolean isFurtherCopy(Publish publish, SubscriptionHolder holder, Set<Integer> filters, Set<Integer> carried) {
		Message message = new Message(holder, Set.copyOf(filters), publish.qos() > 0, content(publish));
		Count count = this.counts.computeIfAbsent(message, (key) -> new Count());
		boolean further = count.add(carried);
		if (count.isComplete(filters)) {
			this.counts.remove(message);
		}
		else if (this.counts.size() > MAXIMUM) {
			this.counts.remove(this.counts.keySet().iterator().next());
		}
		return further;
	}

	/** The session has ended: what has not come does not come any more. */
	void clear() {
		this.counts.clear();
	}

	// What the copies of a message have in common; the time to its expiry they have not
	private static ByteBuffer content(Publish publish) {
		MessageDigest digest = sha256();
		PublishProperties properties = publish.properties();
		add(digest, publish.topic());
		add(digest, publish.payload());
		add(digest, properties.contentType());
		add(digest, properties.responseTopic());
		add(digest, properties.correlationData());
		properties.userProperties().forEach((property) -> {
			add(digest, property.name());
			add(digest, property.value());
		});
		return ByteBuffer.wrap(digest.digest());
	}

	private static void add(MessageDigest digest, @Nullable String text) {
		add(digest, (text != null) ? text.getBytes(StandardCharsets.UTF_8) : null);
	}

	private static void add(MessageDigest digest, byte @Nullable [] bytes) {
		digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, (bytes != null) ? bytes.length : -1));
		if (bytes != null) {
			digest.update(bytes);
		}
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex); // each JDK has it
		}
	}

	/**
	 * A message, or several that are equal.
	 *
	 * @param holder who gets it
	 * @param filters the filters that copies come by: once they are others, what came by
	 * those before stands for nothing any more
	 * @param acknowledged whether it is: one that is not must not stand for one that is
	 * @param content its content
	 */
	private record Message(SubscriptionHolder holder, Set<Integer> filters, boolean acknowledged, ByteBuffer content) {

	}

	/**
	 * How many copies came by each filter.
	 */
	private static final class Count {

		private final Map<Integer, Integer> byFilter = new HashMap<>();

		private int handed;

		boolean add(Set<Integer> filters) {
			int most = 0;
			for (Integer filter : filters) {
				most = Math.max(most, this.byFilter.merge(filter, 1, Integer::sum));
			}
			if (most <= this.handed) {
				return true;
			}
			this.handed = most;
			return false;
		}

		boolean isComplete(Set<Integer> filters) {
			return filters.stream().allMatch((filter) -> this.byFilter.getOrDefault(filter, 0) == this.handed);
		}

	}

}
