package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * What becomes of publishes whose session or client has ended. Used on the engine's
 * thread only.
 */
final class StrandedPublishes {

	private final EngineContext context;

	private final PublishOutcomes outcomes;

	private final WaitingPublishes waiting;

	private final InFlightPublishes inFlight;

	StrandedPublishes(EngineContext context, PublishOutcomes outcomes, WaitingPublishes waiting,
			InFlightPublishes inFlight) {
		this.context = context;
		this.outcomes = outcomes;
		this.waiting = waiting;
		this.inFlight = inFlight;
	}

	/**
	 * The server has lost the session that publishes were in flight in.
	 * @param lost the publishes in their order
	 */
	void sessionLost(List<OutboundPublish> lost) {
		List<OutboundPublish> again = new ArrayList<>();
		for (OutboundPublish publish : lost) {
			boolean resend = publish.qos() == 1
					&& this.context.settings().publish().onSessionLoss() == OnSessionLoss.RESEND;
			if (!publish.settled && (resend || publish.uncleared)) {
				publish.uncleared = false;
				publish.packet = publish.packet.with(0, false);
				again.add(publish);
				continue;
			}
			strike(publish);
			if (!publish.settled) {
				this.outcomes.sessionLost(publish);
			}
		}
		this.waiting.putBack(again);
	}

	/**
	 * Refuse a publish that cannot wait for a connection.
	 * @param publish the publish
	 * @return whether it was refused
	 */
	boolean isRefused(OutboundPublish publish) {
		ClientSettings.Publish settings = this.context.settings().publish();
		String problem = null;
		if (settings.whenDisconnected() == WhenDisconnected.FAIL) {
			problem = "not connected, and " + whenDisconnected();
		}
		else if (this.waiting.size() >= settings.bufferSize()) {
			problem = "not connected, and the buffer of " + settings.bufferSize() + " messages ("
					+ name("publish.buffer-size") + ") is full";
		}
		if (problem != null) {
			this.outcomes.notConnected(publish, problem, null);
		}
		return problem != null;
	}

	/** The connection has ended: what cannot wait for another fails. */
	void linkDown() {
		if (this.context.settings().publish().whenDisconnected() == WhenDisconnected.FAIL) {
			failWaiting("the connection was lost while it waited, and " + whenDisconnected(), null);
		}
	}

	private String whenDisconnected() {
		return name("publish.when-disconnected") + " is 'fail'";
	}

	private String name(String property) {
		return "'" + this.context.settings().property(property) + "'";
	}

	/**
	 * Nothing is going to be sent or acknowledged.
	 * @param detail why, for the failures
	 * @param cause the failure that stopped the client, {@code null} if it was told to
	 */
	void stopped(String detail, @Nullable MqttFailure cause) {
		failWaiting(detail, cause);
		for (OutboundPublish publish : this.inFlight.all()) {
			if (!publish.settled) {
				this.outcomes.notConnected(publish,
						detail + "; "
								+ ((publish.uncleared) ? publish.fate() : "it was sent and its outcome is unknown"),
						cause);
			}
		}
	}

	void failWaiting(String detail, @Nullable MqttFailure cause) {
		for (OutboundPublish publish : this.waiting.drain()) {
			strike(publish);
			if (!publish.settled) {
				this.outcomes.notConnected(publish, (publish.sent) ? detail + "; " + publish.fate() : detail, cause);
			}
		}
	}

	/**
	 * Strike a publish off the journal, which has it from an earlier session.
	 * @param publish the publish
	 */
	void strike(OutboundPublish publish) {
		if (publish.key != SessionStore.SYNCED) {
			this.context.store().ended(publish.key);
			publish.key = SessionStore.SYNCED;
		}
	}

}
