package io.github.mqttspringboot.client;

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * What PUBACK, PUBREC and PUBCOMP mean for the publishes in flight (MQTT 5 §4.3). Used on
 * the engine's thread only.
 */
final class OutboundAcks {

	private final EngineContext context;

	private final PublishOutcomes outcomes;

	private final InFlightPublishes inFlight;

	private final AckSender sender;

	/** Unknown identifiers whose PUBREC was answered: a PUBCOMP is going to come. */
	private final Set<Integer> strays = new HashSet<>();

	private @Nullable Link link;

	OutboundAcks(EngineContext context, PublishOutcomes outcomes, InFlightPublishes inFlight) {
		this.context = context;
		this.outcomes = outcomes;
		this.inFlight = inFlight;
		this.sender = new AckSender(context.scheduler());
	}

	void linkUp(Link link) {
		this.link = link;
		this.sender.linkUp(link);
	}

	void linkDown() {
		this.link = null;
		this.sender.linkDown();
		this.strays.clear();
	}

	void synced(long position) {
		this.sender.synced(position);
	}

	void acknowledged(PublishAck ack) {
		switch (ack.type()) {
			case PUBACK -> puback(ack);
			case PUBREC -> pubrec(ack);
			default -> pubcomp(ack);
		}
	}

	/**
	 * Send PUBREL for a publish, once the journal knows of its PUBREC: else a client that
	 * comes back from a crash sends the message again, to a server that is done with it.
	 * @param publish the publish
	 */
	void release(OutboundPublish publish) {
		publish.writtenAt = this.context.scheduler().nanoTime();
		publish.order = (this.link != null) ? this.link.sent() : 0;
		this.sender.send(PacketType.PUBREL, publish.packet.packetId(), 0, publish.releasedAt);
	}

	private void puback(PublishAck ack) {
		OutboundPublish publish = this.inFlight.get(ack.packetId());
		if (publish == null || publish.qos() != 1 || !isCarried(publish)) {
			unsolicited(ack);
			return;
		}
		end(publish);
		settle(publish, ack);
	}

	private void end(OutboundPublish publish) {
		this.context.guard().answered(publish);
		this.inFlight.end(publish);
	}

	private void pubrec(PublishAck ack) {
		OutboundPublish publish = this.inFlight.get(ack.packetId());
		if (publish == null || publish.qos() != 2 || !isCarried(publish)) {
			unsolicited(ack);
			if (ack.code() < 0x80) {
				this.strays.add(ack.packetId());
				this.sender.send(PacketType.PUBREL, ack.packetId(), ReasonCode.PACKET_IDENTIFIER_NOT_FOUND.value(),
						SessionStore.SYNCED);
			}
			return;
		}
		if (publish.released) {
			release(publish);
			return;
		}
		if (ack.code() >= 0x80) {
			end(publish);
			settle(publish, ack);
			return;
		}
		Classification classification = this.outcomes.classify(publish, ack);
		if (classification.errorClass().endsConnection()) {
			end(publish);
			settle(publish, ack);
			return;
		}
		this.outcomes.report(publish, ack, classification);
		this.inFlight.released(publish);
		publish.received = (ack.code() != 0) ? ack : null;
		this.context.guard().progressed(publish);
		release(publish);
	}

	private void pubcomp(PublishAck ack) {
		OutboundPublish publish = this.inFlight.get(ack.packetId());
		if (publish == null || !publish.released || !isCarried(publish)) {
			if (!this.strays.remove(ack.packetId())) {
				unsolicited(ack);
			}
			return;
		}
		end(publish);
		PublishAck received = publish.received;
		if (ack.code() == 0 && received != null) {
			this.outcomes.succeed(publish, PacketType.PUBREC, received.code(), received);
		}
		else {
			settle(publish, ack);
		}
	}

	// On another connection, or before it was sent again, an acknowledgement is for
	// something else
	private boolean isCarried(OutboundPublish publish) {
		return publish.carrier == this.link;
	}

	private void settle(OutboundPublish publish, PublishAck ack) {
		Classification classification = this.outcomes.classify(publish, ack);
		if (classification.errorClass() == ErrorClass.SUCCESS) {
			this.outcomes.succeed(publish, ack.type(), ack.code(), ack);
		}
		else if (classification.errorClass().endsConnection()) {
			MqttFailure failure = this.outcomes.reject(publish, ack, classification);
			this.context.control().endConnection(failure, classification);
		}
		else if (ack.code() < 0x80) {
			this.outcomes.report(publish, ack, classification);
			this.outcomes.succeed(publish, ack.type(), ack.code(), ack);
		}
		else {
			this.outcomes.reject(publish, ack, classification);
		}
	}

	private void unsolicited(PublishAck ack) {
		Anomalies.unsolicited(this.context.reporter(), ack.type(), ack.packetId(), ack.reasonString(),
				ack.userProperties());
	}

}
