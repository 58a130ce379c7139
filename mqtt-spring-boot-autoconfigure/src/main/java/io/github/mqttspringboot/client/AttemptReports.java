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

	private final WireReports reports;

	AttemptReports(Attempt attempt, Executor mailbox, WireReports reports) {
		this.attempt = attempt;
		this.mailbox = mailbox;
		this.reports = reports;
	}

	@Override
	public void opened() {
		this.mailbox.execute(() -> this.reports.opened(this.attempt));
	}

	@Override
	public void connAck(ConnAck connAck) {
		this.mailbox.execute(() -> this.reports.connAck(this.attempt, connAck));
	}

	@Override
	public void received(MqttPacket packet) {
		this.mailbox.execute(() -> this.reports.received(this.attempt, packet));
	}

	@Override
	public void receiving() {
		this.mailbox.execute(() -> this.reports.receiving(this.attempt));
	}

	@Override
	public void writing() {
		this.mailbox.execute(() -> this.reports.writing(this.attempt));
	}

	@Override
	public void written(long total) {
		this.mailbox.execute(() -> this.reports.written(this.attempt, total));
	}

	@Override
	public void closed(MqttFailure failure) {
		this.mailbox.execute(() -> this.reports.closed(this.attempt, failure));
	}

}
