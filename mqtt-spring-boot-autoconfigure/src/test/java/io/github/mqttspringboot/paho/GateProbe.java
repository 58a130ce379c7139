package io.github.mqttspringboot.paho;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;

/**
 * Opens the gate to tests of other packages.
 */
public final class GateProbe {

	private static final Failures FAILURES = new Failures(URI.create("mqtt://fuzz:1883"));

	private final List<MqttPacket> packets = new ArrayList<>();

	private final InboundGate gate;

	private @Nullable Verdict verdict;

	/**
	 * Create a gate.
	 * @param maximumPacketSize the limit in bytes, {@code null} for none
	 */
	public GateProbe(@Nullable Long maximumPacketSize) {
		this.gate = new InboundGate(maximumPacketSize, FAILURES, new InboundGate.Outlet() {

			@Override
			public void connAck(ConnAck connAck) {
				GateProbe.this.packets.add(connAck);
			}

			@Override
			public void received(MqttPacket packet) {
				GateProbe.this.packets.add(packet);
			}

		});
	}

	/**
	 * Take bytes from the server.
	 * @param bytes the bytes
	 * @return whether the gate wants more
	 */
	public boolean consume(ByteBuffer bytes) {
		this.verdict = this.gate.consume(bytes);
		return this.verdict == null;
	}

	/**
	 * Take the end of the server's bytes, if they have not been enough.
	 */
	public void end() {
		if (this.verdict == null) {
			this.verdict = this.gate.end(null);
		}
	}

	/**
	 * Return what went through.
	 * @return the packets in their order, the CONNACK included
	 */
	public List<MqttPacket> packets() {
		return this.packets;
	}

	/**
	 * Return why the connection ends.
	 * @return the failure in words and the reason code of the DISCONNECT
	 */
	public String verdict() {
		Verdict known = this.verdict;
		if (known == null) {
			throw new IllegalStateException("The stream has not ended");
		}
		return known.failure() + ", then DISCONNECT " + known.parting();
	}

}
