package io.github.mqttspringboot.paho;

import java.nio.ByteBuffer;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.PacketException;

/**
 * Decides on what the server sends, packet by packet: a state machine over bytes, without
 * a socket and without threads.
 */
final class InboundGate {

	private static final int UNSPECIFIED_ERROR = 0x80;

	private final PacketFramer framer;

	private final Failures failures;

	private final Outlet outlet;

	private boolean accepted;

	/**
	 * Create a gate.
	 * @param maximumPacketSize the limit in bytes, {@code null} for none
	 * @param failures how to describe what ends the connection
	 * @param outlet where the packets go
	 */
	InboundGate(@Nullable Long maximumPacketSize, Failures failures, Outlet outlet) {
		this.framer = new PacketFramer((maximumPacketSize != null) ? maximumPacketSize : Long.MAX_VALUE);
		this.failures = failures;
		this.outlet = outlet;
	}

	/**
	 * Take bytes from the server. Not to be called again after a verdict.
	 * @param bytes the bytes, all of which are taken unless there is a verdict
	 * @return why the connection must end, {@code null} if it goes on
	 */
	@Nullable Verdict consume(ByteBuffer bytes) {
		try {
			while (this.framer.next(bytes)) {
				Verdict verdict = decide(this.framer.header(), this.framer.body(), this.framer.payload());
				if (verdict != null) {
					return verdict;
				}
			}
			return null;
		}
		catch (PacketException ex) {
			return new Verdict(this.failures.inbound(ex), parting(ex.error()));
		}
	}

	/**
	 * Take the end of the server's bytes.
	 * @param cause the exception, {@code null} for a regular end
	 * @return why the connection ends
	 */
	Verdict end(@Nullable Exception cause) {
		if (cause instanceof WebSocketException) {
			PacketException violation = new PacketException(LocalError.INBOUND_PROTOCOL_ERROR,
					String.valueOf(cause.getMessage()));
			return new Verdict(this.failures.inbound(violation), parting(violation.error()));
		}
		return Verdict.silent(this.failures.ended(this.accepted, cause, this.framer.insidePacket()));
	}

	/**
	 * Return whether a packet has begun to arrive and is not complete.
	 * @return whether more of it is to come
	 */
	boolean insidePacket() {
		return this.framer.insidePacket();
	}

	/**
	 * Return whether a successful CONNACK has been seen.
	 * @return whether the server has accepted the connection
	 */
	boolean accepted() {
		return this.accepted;
	}

	private @Nullable Verdict decide(int header, ByteBuffer body, byte @Nullable [] payload) throws PacketException {
		int type = (header >> 4) & 0x0F;
		if (type == PacketType.AUTH.value()) {
			return auth(header, body);
		}
		if (type != 0) {
			requireExpected(PacketType.of(type));
		}
		MqttPacket packet = (payload != null) ? PacketCodec.decode(header, body, payload)
				: PacketCodec.decode(header, body);
		if (packet instanceof ConnAck connAck) {
			return connAck(connAck);
		}
		if (packet instanceof Disconnect disconnect) {
			return Verdict.silent(this.failures.disconnected(disconnect));
		}
		this.outlet.received(packet);
		return null;
	}

	// A DISCONNECT in place of CONNACK is as wrong as the rest [MQTT-3.14.0-1], but says
	// why
	private void requireExpected(PacketType type) throws PacketException {
		switch (type) {
			case CONNECT, SUBSCRIBE, UNSUBSCRIBE, PINGREQ ->
				throw protocolError(type, "only clients send it (MQTT 5 §2.1.2)");
			case CONNACK -> {
				if (this.accepted) {
					throw protocolError(type, "it is the second one [MQTT-3.2.0-2]");
				}
			}
			case DISCONNECT -> {
			}
			default -> {
				if (!this.accepted) {
					throw protocolError(type, "it came before CONNACK [MQTT-3.2.0-1]");
				}
			}
		}
	}

	private @Nullable Verdict connAck(ConnAck connAck) throws PacketException {
		if (connAck.code() > 0 && connAck.code() < UNSPECIFIED_ERROR) {
			throw protocolError(PacketType.CONNACK,
					String.format(Locale.ROOT, "0x%02X is no reason code of CONNACK [MQTT-3.2.2-8]", connAck.code()));
		}
		this.accepted = connAck.code() == 0;
		this.outlet.connAck(connAck);
		return (this.accepted) ? null : Verdict.silent(this.failures.refused(connAck));
	}

	private Verdict auth(int header, ByteBuffer body) throws PacketException {
		if ((header & 0x0F) != 0) {
			throw new PacketException(LocalError.INBOUND_MALFORMED,
					"AUTH: the flags of the fixed header must be 0 [MQTT-3.15.1-1]");
		}
		int code = (body.hasRemaining()) ? body.get(0) & 0xFF : 0;
		return new Verdict(this.failures.auth(code), parting(LocalError.INBOUND_PROTOCOL_ERROR));
	}

	private static PacketException protocolError(PacketType type, String message) {
		return new PacketException(LocalError.INBOUND_PROTOCOL_ERROR, type + ": " + message);
	}

	private static int parting(LocalError error) {
		return switch (error) {
			case MQTT_3_1_1_ONLY -> Verdict.SILENT;
			case INBOUND_MALFORMED -> 0x81;
			case INBOUND_TOPIC_ALIAS_INVALID -> 0x94;
			case INBOUND_TOO_LARGE -> 0x95;
			default -> 0x82;
		};
	}

	/**
	 * Where the packets go.
	 */
	interface Outlet {

		/**
		 * The CONNACK, whatever its reason code.
		 * @param connAck the packet
		 */
		void connAck(ConnAck connAck);

		/**
		 * A packet of type 3 to 11 or 13.
		 * @param packet the packet
		 */
		void received(MqttPacket packet);

	}

}
