package io.github.mqttspringboot.client;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.SubscribeAck;

/**
 * Hands what the wire reports to the parts of the engine that it is for. Used on the
 * engine's thread only.
 */
final class WireReports {

	private final EngineContext context;

	private final Supervisor supervisor;

	private final KeepAlive keepAlive;

	private final OutboundFlow outbound;

	private final InboundFlow inbound;

	private final SubscribeFlow subscribes;

	WireReports(EngineContext context, Supervisor supervisor, EngineSession session) {
		this.context = context;
		this.supervisor = supervisor;
		this.keepAlive = session.keepAlive();
		this.outbound = session.outbound();
		this.inbound = session.inbound();
		this.subscribes = session.subscribes();
	}

	void opened(Attempt attempt) {
		this.supervisor.opened(attempt);
	}

	void connAck(Attempt attempt, ConnAck connAck) {
		this.supervisor.connAck(attempt, connAck);
	}

	void receiving(Attempt attempt) {
		if (this.supervisor.isCurrent(attempt)) {
			this.keepAlive.received();
		}
	}

	void writing(Attempt attempt) {
		if (this.supervisor.isCurrent(attempt)) {
			this.keepAlive.writing();
		}
	}

	void written(Attempt attempt, long total) {
		Link link = attempt.link;
		if (link != null && this.supervisor.isCurrent(attempt)) {
			link.written(total);
			this.keepAlive.written(total);
			this.outbound.written(total);
		}
	}

	void closed(Attempt attempt, MqttFailure failure) {
		this.supervisor.closed(attempt, failure);
	}

	void received(Attempt attempt, MqttPacket packet) {
		Link link = attempt.link;
		if (link == null || !this.supervisor.isCurrent(attempt)) {
			return;
		}
		this.keepAlive.received();
		if (packet instanceof Publish publish) {
			this.inbound.publish(publish, link);
		}
		else {
			this.supervisor.progress();
			answered(packet);
		}
		if (link.isFlooded() && this.supervisor.isCurrent(attempt)) {
			flooded();
		}
	}

	private void answered(MqttPacket packet) {
		if (packet instanceof PublishAck ack) {
			if (ack.type() == PacketType.PUBREL) {
				this.inbound.release(ack);
			}
			else {
				this.outbound.acknowledged(ack);
				this.subscribes.packetIdsFreed();
			}
		}
		else if (packet instanceof SubscribeAck ack) {
			this.subscribes.acknowledged(ack);
			this.outbound.packetIdsFreed();
		}
		else if (packet == Ping.RESPONSE) {
			this.context.guard().pong(this.keepAlive.pingResponse());
		}
	}

	private void flooded() {
		MqttFailure failure = MqttFailure.local(LocalError.INBOUND_PROTOCOL_ERROR)
			.detail("the server sends packets that ask for an answer, but does not read the answers")
			.build();
		this.supervisor.endConnection(failure, this.context.reporter().classify(failure));
	}

}
