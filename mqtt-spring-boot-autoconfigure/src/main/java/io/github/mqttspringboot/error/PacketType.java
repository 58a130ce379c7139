package io.github.mqttspringboot.error;

import java.util.Locale;

/**
 * MQTT 5 control packet types (MQTT 5 §2.1.2), and {@link #LOCAL} for failures that no
 * packet reported.
 *
 * @since 0.1.0
 */
public enum PacketType {

	/** Not a packet: the failure was found by the client itself. */
	LOCAL(0),

	/** Connection request. */
	CONNECT(1),

	/** Connect acknowledgement. */
	CONNACK(2),

	/** Publish message. */
	PUBLISH(3),

	/** Publish acknowledgement (QoS 1). */
	PUBACK(4),

	/** Publish received (QoS 2, part 1). */
	PUBREC(5),

	/** Publish release (QoS 2, part 2). */
	PUBREL(6),

	/** Publish complete (QoS 2, part 3). */
	PUBCOMP(7),

	/** Subscribe request. */
	SUBSCRIBE(8),

	/** Subscribe acknowledgement. */
	SUBACK(9),

	/** Unsubscribe request. */
	UNSUBSCRIBE(10),

	/** Unsubscribe acknowledgement. */
	UNSUBACK(11),

	/** Ping request. */
	PINGREQ(12),

	/** Ping response. */
	PINGRESP(13),

	/** Disconnect notification. */
	DISCONNECT(14),

	/** Authentication exchange. */
	AUTH(15);

	private static final PacketType[] VALUES = values();

	private final int value;

	private final String label;

	PacketType(int value) {
		this.value = value;
		this.label = name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Return the four-bit packet type of the fixed header.
	 * @return 1 to 15, or 0 for {@link #LOCAL}
	 */
	public int value() {
		return this.value;
	}

	/**
	 * Return the name as used in metric tags and property names.
	 * @return the lower case name, for example {@code puback}
	 */
	public String label() {
		return this.label;
	}

	/**
	 * Return the type for the four-bit value of a fixed header.
	 * @param value the value, 1 to 15
	 * @return the packet type
	 * @throws IllegalArgumentException if the value is reserved or out of range
	 */
	public static PacketType of(int value) {
		if (value < 1 || value > 15) {
			throw new IllegalArgumentException("No MQTT control packet has type " + value);
		}
		return VALUES[value];
	}

}
