package io.github.mqttspringboot.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a {@link ScriptedBroker} does, instead of its friendly default, when a packet
 * comes. Steps are done in the order they were given. A rule without a step does not
 * apply yet; to write one while packets are coming, say {@link #once()} first and then
 * one step.
 */
public final class Rule {

	private final When when;

	private final List<Step> steps = new CopyOnWriteArrayList<>();

	private final AtomicInteger hits = new AtomicInteger();

	private volatile int limit = Integer.MAX_VALUE;

	private volatile boolean removed;

	Rule(When when) {
		this.when = when;
	}

	/**
	 * Send packets.
	 * @param replies the packets
	 * @return this
	 */
	public Rule answer(Reply... replies) {
		return then((packet, connection) -> {
			for (Reply reply : replies) {
				connection.send(reply.encode(packet.packetId()));
			}
		});
	}

	/**
	 * Send bytes as they are.
	 * @param bytes the bytes, of which the low eight bits count
	 * @return this
	 */
	public Rule answerRaw(int... bytes) {
		return answerRaw(ByteWriter.bytes(bytes));
	}

	/**
	 * Send bytes as they are.
	 * @param bytes the bytes
	 * @return this
	 */
	public Rule answerRaw(byte[] bytes) {
		return then((packet, connection) -> connection.send(bytes));
	}

	/**
	 * Do what would have been done without this rule.
	 * @return this
	 */
	public Rule answerAsUsual() {
		return then((packet, connection) -> connection.answerAsUsual(packet));
	}

	/**
	 * Do not answer.
	 * @return this
	 */
	public Rule withhold() {
		return then((packet, connection) -> {
		});
	}

	/**
	 * Close the network connection with FIN.
	 * @return this
	 */
	public Rule close() {
		return then((packet, connection) -> connection.close());
	}

	/**
	 * Close the network connection with FIN, after what was said before.
	 * @return this
	 */
	public Rule thenClose() {
		return close();
	}

	/**
	 * End the network connection with RST.
	 * @return this
	 */
	public Rule reset() {
		return then((packet, connection) -> connection.reset());
	}

	/**
	 * End the network connection with RST, after what was said before.
	 * @return this
	 */
	public Rule thenReset() {
		return reset();
	}

	/**
	 * Do something else, on the thread that reads the connection.
	 * @param step what to do
	 * @return this
	 */
	public Rule then(Step step) {
		this.steps.add(step);
		return this;
	}

	public Rule once() {
		return times(1);
	}

	/**
	 * Apply only to the first packets that match.
	 * @param limit how many
	 * @return this
	 */
	public Rule times(int limit) {
		this.limit = limit;
		return this;
	}

	/**
	 * Stop applying.
	 */
	public void remove() {
		this.removed = true;
	}

	/**
	 * Return how often the rule applied.
	 * @return the number of packets
	 */
	public int hits() {
		return this.hits.get();
	}

	boolean claims(ReceivedPacket packet) {
		if (this.removed || this.steps.isEmpty() || !this.when.matches(packet)) {
			return false;
		}
		int most = this.limit;
		return this.hits.getAndUpdate((count) -> Math.min(count + 1, most)) < most;
	}

	void apply(ReceivedPacket packet, ServerConnection connection) {
		this.steps.forEach((step) -> step.apply(packet, connection));
	}

	@Override
	public String toString() {
		return "Rule on " + this.when;
	}

	/**
	 * One step of a rule.
	 */
	@FunctionalInterface
	public interface Step {

		/**
		 * Do the step.
		 * @param packet the packet that matched
		 * @param connection the connection it came on
		 */
		void apply(ReceivedPacket packet, ServerConnection connection);

	}

}
