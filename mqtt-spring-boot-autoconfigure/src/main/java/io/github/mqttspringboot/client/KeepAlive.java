package io.github.mqttspringboot.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.Ping;

/**
 * Pings when nothing has come in, or gone out, for the keep alive, and ends a connection
 * on which nothing answers (MQTT 5 §3.1.2.10). A PINGRESP that waits behind other packets
 * is not held against the server. Used on the engine's thread only.
 */
final class KeepAlive {

	private final EngineContext context;

	private @Nullable Link link;

	private Scheduler.@Nullable Timer timer;

	private long lastReceived;

	/** How many PINGREQs were sent on the connection, and how many were answered. */
	private long pings;

	private long pongs;

	/** The number of the PINGREQ on the connection. */
	private long pingNumber;

	/** Whether the PINGREQ has left, and does not wait behind other packets any more. */
	private boolean pingWritten;

	/** When the PINGREQ, or a part of what it waits behind, was written. */
	private long pinged;

	KeepAlive(EngineContext context) {
		this.context = context;
	}

	void linkUp(Link link) {
		this.link = link;
		this.pings = 0;
		this.pongs = 0;
		this.lastReceived = this.context.scheduler().nanoTime();
		link.sentNothingUntil(this.lastReceived);
		tick();
	}

	void linkDown() {
		this.link = null;
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	void received() {
		this.lastReceived = this.context.scheduler().nanoTime();
	}

	/** A part of what waits has been written. */
	void writing() {
		if (!this.pingWritten) {
			this.pinged = this.context.scheduler().nanoTime();
		}
	}

	void written(long total) {
		writing();
		this.pingWritten |= total >= this.pingNumber;
	}

	/**
	 * PINGRESP has come.
	 * @return how many have come on the connection
	 */
	long pingResponse() {
		return (this.pongs < this.pings) ? ++this.pongs : this.pongs;
	}

	/**
	 * Send a PINGREQ, whether or not one is due.
	 * @return its number among those on the connection
	 */
	long ping() {
		if (this.link != null) {
			this.pinged = this.context.scheduler().nanoTime();
			this.pingNumber = this.link.send(Ping.REQUEST, this.pinged);
			this.pings++;
			this.pingWritten = false;
		}
		return this.pings;
	}

	private void tick() {
		this.timer = null;
		if (this.link == null || this.link.keepAlive().isZero()) {
			return;
		}
		long now = this.context.scheduler().nanoTime();
		long interval = this.link.keepAlive().toNanos();
		if (this.pongs == this.pings) {
			long due = Math.min(this.lastReceived - now, this.link.lastSent() - now) + interval;
			if (due > 0) {
				tickAfter(due);
				return;
			}
			ping();
			tickAfter(interval / 2);
			return;
		}
		long patience = Math.max(this.lastReceived - now, this.pinged - now) + interval / 2;
		if (patience > 0) {
			tickAfter(patience);
			return;
		}
		MqttFailure failure = MqttFailure.local(LocalError.PING_TIMEOUT)
			.detail(detail(Duration.ofNanos(interval / 2).toMillis()))
			.build();
		this.context.control().endConnection(failure, this.context.reporter().classify(failure));
	}

	private String detail(long millis) {
		return (this.pingWritten) ? "no PINGRESP within " + millis + " ms after the PINGREQ, and nothing else came in"
				: "the PINGREQ could not be written, and nothing was written or came in for " + millis + " ms";
	}

	private void tickAfter(long nanos) {
		this.timer = this.context.scheduler().schedule(Duration.ofNanos(nanos), this::tick);
	}

}
