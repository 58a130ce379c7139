package io.github.mqttspringboot.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.SubscribeAck;

/**
 * A SUBSCRIBE or UNSUBSCRIBE from the call to its end. Used on the engine's thread only.
 */
abstract class SubscribeOperation {

	final EngineContext context;

	final Subscriptions subscriptions;

	/** Ends the operation when its time runs out. */
	Scheduler.@Nullable Timer timer;

	/** Number of the packet among those sent. */
	long order;

	/** Number of the packet on its connection. */
	long sequence;

	/** When it was written, monotonic nanoseconds. */
	long writtenAt;

	private boolean settled;

	SubscribeOperation(EngineContext context, Subscriptions subscriptions) {
		this.context = context;
		this.subscriptions = subscriptions;
	}

	/**
	 * Check what is to be sent. Items that are refused end here.
	 * @param link the connection, {@code null} if there is none yet
	 * @return whether there is anything to send, now or later
	 */
	abstract boolean prepare(@Nullable Link link);

	abstract MqttPacket packet(int packetId);

	/** The packet is on its way. */
	void sent() {
	}

	/**
	 * Return whether the answer to a packet of another operation, which is under way, is
	 * the one that this operation wants.
	 * @return {@code true} if nothing is to be sent until that answer
	 */
	boolean waitsForAnother() {
		return false;
	}

	/**
	 * Return whether the same packet without subscription identifier may fare better.
	 * @param ack the answer
	 * @return {@code true} if it had one that the server does not support
	 */
	boolean isRefusedForItsIdentifier(SubscribeAck ack) {
		return false;
	}

	/**
	 * Return whether a further packet is to be sent, now that one is acknowledged.
	 * @return {@code true} if one could not carry all
	 */
	boolean hasMore() {
		return false;
	}

	abstract CompletableFuture<?> future();

	abstract PacketType acknowledgedBy();

	final PacketType packetType() {
		return (acknowledgedBy() == PacketType.SUBACK) ? PacketType.SUBSCRIBE : PacketType.UNSUBSCRIBE;
	}

	/**
	 * Return what of the packet may make the server end the connection.
	 * @return each topic filter, or all of them if they are sent together always
	 */
	abstract List<?> suspects();

	/**
	 * Fail what was found to end connections.
	 * @param key what that is, see {@link #suspects()}
	 * @param failure why
	 * @return whether nothing is left to do
	 */
	abstract boolean isRefusedWith(Object key, MqttFailure failure);

	/**
	 * Return whether a failure is that of what was found to end connections: it has ended
	 * those before, and not the one that there may be.
	 * @param failure the failure of a topic filter of this operation
	 * @return {@code true} if it was given up
	 */
	boolean isGivenUp(MqttFailure failure) {
		return false;
	}

	abstract void acknowledged(SubscribeAck ack);

	abstract void timeOut(boolean sent);

	abstract void notConnected(String detail, @Nullable MqttFailure cause);

	/**
	 * Take what this operation is going to subscribe itself off a list.
	 * @param entries the list
	 */
	void withoutOwn(List<HeldSubscription> entries) {
	}

	/**
	 * Return whether the operation restores subscriptions, so that nobody waits for it.
	 * @return {@code true} if it has no future
	 */
	boolean isRestore() {
		return false;
	}

	/**
	 * Return whether the caller has the outcome, or does not want it any more.
	 * @return {@code true} if the future has ended
	 */
	final boolean isSettled() {
		return this.settled || future().isCancelled();
	}

	final void settle() {
		this.settled = true;
		if (this.timer != null) {
			this.timer.cancel();
		}
	}

	final Classification classify(MqttFailure failure) {
		return this.context.reporter().classify(failure);
	}

	final MqttFailure failure(SubscribeAck ack, int index, String filter) {
		if (index >= ack.codes().size()) {
			return MqttFailure.local(LocalError.ACK_COUNT_MISMATCH)
				.topic(filter)
				.detail("the " + ack.type() + " has " + ack.codes().size() + " reason codes, none for this filter")
				.build();
		}
		return MqttFailure.of(ack.type(), ack.codes().get(index))
			.topic(filter)
			.reasonString(ack.reasonString())
			.userProperties(ack.userProperties())
			.build();
	}

	final String what(Classification classification) {
		return (classification.errorClass().endsConnection()) ? "connection ended, " : this.context.kept();
	}

	/**
	 * Return what a caller is told whose operation was refused.
	 * @param operation what was called
	 * @param failure why it was refused
	 * @param classification the verdict
	 * @return the message
	 */
	final String refusal(String operation, MqttFailure failure, Classification classification) {
		boolean ends = classification.errorClass().endsConnection() && !isGivenUp(failure);
		String kept = (ends) ? "The connection is ended, as '" + classification.rule() + "' demands"
				: this.context.keptConnection();
		return message(operation, failure) + ((kept != null) ? ". " + kept : "");
	}

	final String timeoutDetail(boolean sent) {
		return "within " + this.context.settings().subscribe().timeout().toMillis() + " ms ('"
				+ this.context.settings().property("subscribe.timeout") + "') "
				+ ((sent) ? "no acknowledgement came; its outcome is unknown" : "no connection came up");
	}

	final String message(String operation, MqttFailure failure) {
		return this.context.reporter().prefix() + operation + " failed: " + failure
				+ this.context.reporter().advice(failure);
	}

	static SubscribeOperation restore(EngineContext context, Subscriptions subscriptions,
			List<HeldSubscription> entries) {
		return new SubscribeCall(context, subscriptions, entries);
	}

}
