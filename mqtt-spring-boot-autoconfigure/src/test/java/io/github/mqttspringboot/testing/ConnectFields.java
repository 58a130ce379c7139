package io.github.mqttspringboot.testing;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * What a CONNECT said (MQTT 5 §3.1).
 *
 * @param protocolVersion the protocol version, 5 for MQTT 5
 * @param clientId the client identifier
 * @param cleanStart the Clean Start flag
 * @param keepAlive the Keep Alive in seconds
 * @param username the user name, or {@code null}
 * @param password the password, or {@code null}
 * @param will the will message, or {@code null}
 * @param properties the properties of CONNECT
 */
@SuppressWarnings("ArrayRecordComponent")
public record ConnectFields(int protocolVersion, String clientId, boolean cleanStart, int keepAlive,
		@Nullable String username, byte @Nullable [] password, @Nullable WillFields will, WireProperties properties) {

	/**
	 * Return the password as text.
	 * @return the password, or {@code null}
	 */
	public @Nullable String passwordText() {
		return (this.password != null) ? new String(this.password, StandardCharsets.UTF_8) : null;
	}

	/**
	 * Return the Session Expiry Interval.
	 * @return seconds, 0 if absent (MQTT 5 §3.1.2.11.2)
	 */
	public long sessionExpiry() {
		Long value = this.properties.number(WireProperties.SESSION_EXPIRY);
		return (value != null) ? value : 0;
	}

	/**
	 * Return the Receive Maximum.
	 * @return the maximum, 65,535 if absent (MQTT 5 §3.1.2.11.3)
	 */
	public long receiveMaximum() {
		Long value = this.properties.number(WireProperties.RECEIVE_MAXIMUM);
		return (value != null) ? value : 65_535;
	}

	/**
	 * Return the Maximum Packet Size.
	 * @return bytes, {@code null} for no limit (MQTT 5 §3.1.2.11.4)
	 */
	public @Nullable Long maximumPacketSize() {
		return this.properties.number(WireProperties.MAXIMUM_PACKET_SIZE);
	}

	/**
	 * Return the Topic Alias Maximum.
	 * @return the maximum, 0 if absent (MQTT 5 §3.1.2.11.5)
	 */
	public long topicAliasMaximum() {
		Long value = this.properties.number(WireProperties.TOPIC_ALIAS_MAXIMUM);
		return (value != null) ? value : 0;
	}

	/**
	 * Return the Request Problem Information flag.
	 * @return the flag, {@code true} if absent (MQTT 5 §3.1.2.11.7)
	 */
	public boolean requestProblemInformation() {
		Long value = this.properties.number(WireProperties.REQUEST_PROBLEM_INFORMATION);
		return value == null || value == 1;
	}

	static ConnectFields read(ByteReader body) {
		String protocol = body.text();
		if (!protocol.equals("MQTT")) {
			throw new IllegalStateException("The protocol name is '%s'".formatted(protocol));
		}
		int version = body.u8();
		int flags = body.u8();
		int keepAlive = body.u16();
		boolean five = version == 5;
		WireProperties properties = five ? WireProperties.read(body) : WireProperties.NONE;
		String clientId = body.text();
		WillFields will = ((flags & 0x04) != 0) ? WillFields.read(body, flags, five) : null;
		String username = ((flags & 0x80) != 0) ? body.text() : null;
		byte[] password = ((flags & 0x40) != 0) ? body.binary() : null;
		return new ConnectFields(version, clientId, (flags & 0x02) != 0, keepAlive, username, password, will,
				properties);
	}

	/**
	 * The will message of a CONNECT (MQTT 5 §3.1.3.2).
	 *
	 * @param topic the topic
	 * @param payload the payload
	 * @param qos 0, 1 or 2
	 * @param retain the Will Retain flag
	 * @param properties the will properties
	 */
	@SuppressWarnings("ArrayRecordComponent")
	public record WillFields(String topic, byte[] payload, int qos, boolean retain, WireProperties properties) {

		/**
		 * Return the payload as text.
		 * @return the payload
		 */
		public String payloadText() {
			return new String(this.payload, StandardCharsets.UTF_8);
		}

		/**
		 * Return the Will Delay Interval.
		 * @return seconds, 0 if absent
		 */
		public long delay() {
			Long value = this.properties.number(WireProperties.WILL_DELAY);
			return (value != null) ? value : 0;
		}

		private static WillFields read(ByteReader body, int flags, boolean five) {
			WireProperties properties = five ? WireProperties.read(body) : WireProperties.NONE;
			return new WillFields(body.text(), body.binary(), (flags >> 3) & 3, (flags & 0x20) != 0, properties);
		}

	}

}
