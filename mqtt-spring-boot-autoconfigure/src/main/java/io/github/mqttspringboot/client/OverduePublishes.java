package io.github.mqttspringboot.client;

import io.github.mqttspringboot.error.LocalError;

/**
 * Ends publishes whose time is over, and tells what they waited for. Used on the engine's
 * thread only.
 */
final class OverduePublishes {

	private final EngineContext context;

	private final PublishOutcomes outcomes;

	private final InFlightPublishes inFlight;

	OverduePublishes(EngineContext context, PublishOutcomes outcomes, InFlightPublishes inFlight) {
		this.context = context;
		this.outcomes = outcomes;
		this.inFlight = inFlight;
	}

	// An acknowledgement, or the end of writing, has not come
	void unanswered(OutboundPublish publish) {
		this.outcomes.timeOut(publish, LocalError.ACK_TIMEOUT, within() + ((publish.qos() == 0)
				? "it could not be written" : "no acknowledgement came; its outcome is unknown"));
	}

	// The server has not said that the publish's packet identifier is free
	void uncleared(OutboundPublish publish) {
		this.outcomes.timeOut(publish, LocalError.ACK_TIMEOUT, within() + "no PUBCOMP came for packet identifier "
				+ publish.packet.packetId() + ", under which the server may hold an older message; " + publish.fate());
	}

	void unsent(OutboundPublish publish, boolean connected) {
		if (!connected) {
			this.outcomes.timeOut(publish, LocalError.NOT_CONNECTED,
					within() + "no connection came up; " + publish.fate());
		}
		else if (this.inFlight.hasPermit() && this.context.ids().inUse() >= PacketIds.MAX) {
			this.outcomes.timeOut(publish, LocalError.PACKET_IDENTIFIERS_EXHAUSTED,
					within() + "no packet identifier came free; " + publish.fate());
		}
		else if (this.context.guard().isOnProbation()) {
			this.outcomes.timeOut(publish, LocalError.IN_FLIGHT_WINDOW_FULL,
					within() + "it was not its turn: one operation at a time is sent, to find out which ends the"
							+ " connection ('" + this.context.settings().property("poison.enabled") + "'); "
							+ publish.fate());
		}
		else {
			this.outcomes.timeOut(publish, LocalError.IN_FLIGHT_WINDOW_FULL,
					within() + "the in-flight window of " + this.inFlight.window() + " stayed full ("
							+ this.inFlight.outstanding() + " in flight); " + publish.fate());
		}
	}

	void expired(OutboundPublish publish, boolean connected) {
		this.outcomes.timeOut(publish, (connected) ? LocalError.IN_FLIGHT_WINDOW_FULL : LocalError.NOT_CONNECTED,
				"its message expiry of " + publish.packet.properties().messageExpiryInterval()
						+ " s passed while it waited; " + publish.fate());
	}

	private String within() {
		ClientSettings settings = this.context.settings();
		return "within " + settings.publish().timeout().toMillis() + " ms ('" + settings.property("publish.timeout")
				+ "') ";
	}

}
