package io.github.mqttspringboot.client;

import java.util.concurrent.Executor;

import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;

/**
 * What the wire reports of one connection, made into messages to the engine.
 */
final class AttemptReports implements WireListener {

	private final Attempt attempt;

	private final Executor mailbox;

	private final Engine engine;

	AttemptReports(Attempt attempt, Executor mailbox, Engine engine) {
		this.attempt = attempt;
		this.mailbox = mailbox;
		this.engine = engine;
	}

	@Override
	public void opened() {
		this.mailbox.execute(() -> this.engine.opened(this.attempt));
	}

	@Override
	public void connAck(ConnAck connAck) {
		this.mailbox.execute(() -> this.engine.connAck(this.attempt, connAck));
	}

	@Override
	public void received(MqttPacket packet) {
		this.mailbox.execute(() -> this.engine.received(this.attempt, packet));
	}

	@Override
	public void receiving() {
		this.mailbox.execute(() -> this.engine.receiving(this.attempt));
	}

	@Override
	public void writing() {
		this.mailbox.execute(() -> this.engine.writing(this.attempt));
	}

	@Override
	public void written(long total) {
		this.mailbox.execute(() -> this.engine.written(this.attempt, total));
	}

	@Override
	public void closed(MqttFailure failure) {
		this.mailbox.execute(() -> this.engine.closed(this.attempt, failure));
	}

}
