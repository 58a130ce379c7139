package io.github.mqttspringboot.paho;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Remembers what a wire reports, and what it must not do.
 */
class RecordingListener implements WireListener {

	final CompletableFuture<ConnAck> connAck = new CompletableFuture<>();

	final CompletableFuture<MqttFailure> closed = new CompletableFuture<>();

	final List<MqttPacket> received = new CopyOnWriteArrayList<>();

	final List<String> violations = new CopyOnWriteArrayList<>();

	final List<String> threads = new CopyOnWriteArrayList<>();

	final CompletableFuture<Void> opened = new CompletableFuture<>();

	final AtomicLong written = new AtomicLong();

	final AtomicLong partsReceived = new AtomicLong();

	final AtomicLong partsWritten = new AtomicLong();

	@Override
	public void opened() {
		check("opened");
		if (!this.opened.complete(null)) {
			this.violations.add("second opened");
		}
	}

	@Override
	public void connAck(ConnAck connAck) {
		check("connAck");
		if (!this.connAck.complete(connAck)) {
			this.violations.add("second connAck");
		}
	}

	@Override
	public void received(MqttPacket packet) {
		check("received");
		if (!this.connAck.isDone()) {
			this.violations.add("received before connAck");
		}
		this.received.add(packet);
	}

	@Override
	public void receiving() {
		check("receiving");
		this.partsReceived.incrementAndGet();
	}

	@Override
	public void writing() {
		check("writing");
		this.partsWritten.incrementAndGet();
	}

	@Override
	public void written(long total) {
		check("written");
		if (total <= this.written.getAndSet(total)) {
			this.violations.add("written did not grow");
		}
	}

	@Override
	public void closed(MqttFailure failure) {
		check("closed");
		this.closed.complete(failure);
	}

	private void check(String call) {
		this.threads.add(Thread.currentThread().getName());
		if (this.closed.isDone()) {
			this.violations.add(call + " after closed");
		}
	}

	ConnAck awaitConnAck() throws Exception {
		return this.connAck.get(10, TimeUnit.SECONDS);
	}

	MqttFailure awaitClosed() throws Exception {
		MqttFailure failure = this.closed.get(10, TimeUnit.SECONDS);
		assertThat(this.violations).isEmpty();
		return failure;
	}

}
