package io.github.mqttspringboot.error;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Anything that went wrong, as one immutable value: either a reason code that a packet
 * carried, or a {@link LocalError}.
 * <p>
 * The reason string, user properties, server reference and topic may come from the
 * network and are kept as they came; {@link #toString()} escapes their control
 * characters.
 *
 * @since 0.1.0
 */
public final class MqttFailure {

	private final PacketType packet;

	private final int code;

	private final @Nullable ReasonCode reasonCode;

	private final @Nullable LocalError localError;

	private final @Nullable String topic;

	private final @Nullable String detail;

	private final @Nullable String reasonString;

	private final List<UserProperty> userProperties;

	private final @Nullable String serverReference;

	private final int httpStatus;

	private final @Nullable Throwable cause;

	private MqttFailure(Builder builder) {
		this.packet = builder.packet;
		this.code = builder.code;
		this.localError = builder.localError;
		this.reasonCode = (builder.localError != null) ? null : ReasonCode.find(builder.packet, builder.code);
		this.topic = builder.topic;
		this.detail = builder.detail;
		this.reasonString = builder.reasonString;
		this.userProperties = builder.userProperties;
		this.serverReference = builder.serverReference;
		this.httpStatus = builder.httpStatus;
		this.cause = builder.cause;
	}

	/**
	 * Start a failure that a packet reported.
	 * @param packet the packet type
	 * @param code the reason code on the wire, 0 to 255
	 * @return a builder
	 */
	public static Builder of(PacketType packet, int code) {
		if (packet == PacketType.LOCAL || code < 0 || code > 255) {
			throw new IllegalArgumentException("No packet " + packet + " carries the reason code " + code);
		}
		return new Builder(packet, code, null);
	}

	/**
	 * Start a failure that a packet reported.
	 * @param packet the packet type
	 * @param reasonCode the reason code
	 * @return a builder
	 */
	public static Builder of(PacketType packet, ReasonCode reasonCode) {
		return of(packet, reasonCode.value());
	}

	/**
	 * Start a failure that the client found itself.
	 * @param error the error
	 * @return a builder
	 */
	public static Builder local(LocalError error) {
		return new Builder(PacketType.LOCAL, -1, Objects.requireNonNull(error, "'error' must not be null"));
	}

	/**
	 * Return the packet that reported the failure.
	 * @return the packet type, {@link PacketType#LOCAL} if there was none
	 */
	public PacketType packet() {
		return this.packet;
	}

	/**
	 * Return the reason code on the wire.
	 * @return 0 to 255, or -1 for a local error
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Return the reason code if MQTT 5 knows it for the packet.
	 * @return the reason code, {@code null} for a local error and for unknown codes
	 */
	public @Nullable ReasonCode reasonCode() {
		return this.reasonCode;
	}

	/**
	 * Return the local error.
	 * @return the error, {@code null} if a packet reported the failure
	 */
	public @Nullable LocalError localError() {
		return this.localError;
	}

	/**
	 * Return the topic name or topic filter that the failure is about.
	 * @return the topic, {@code null} if it is about none
	 */
	public @Nullable String topic() {
		return this.topic;
	}

	/**
	 * Return what happened, in words of the client.
	 * @return the detail, {@code null} if the reason says it all
	 */
	public @Nullable String detail() {
		return this.detail;
	}

	/**
	 * Return the server's reason string (MQTT 5 §3.4.2.2.2).
	 * @return the reason string, {@code null} if the server sent none
	 */
	public @Nullable String reasonString() {
		return this.reasonString;
	}

	/**
	 * Return the user properties of the packet.
	 * @return the properties in their order, never {@code null}
	 */
	public List<UserProperty> userProperties() {
		return this.userProperties;
	}

	/**
	 * Return the server's reference to another server (MQTT 5 §4.11).
	 * @return the reference, {@code null} if the server sent none
	 */
	public @Nullable String serverReference() {
		return this.serverReference;
	}

	/**
	 * Return the HTTP status with which the server refused the WebSocket upgrade.
	 * @return the status, or -1 if the failure is no
	 * {@link LocalError#WEBSOCKET_HANDSHAKE_REFUSED} or the status is unknown
	 */
	public int httpStatus() {
		return this.httpStatus;
	}

	/**
	 * Return the exception behind the failure.
	 * @return the cause, {@code null} if there is none
	 */
	public @Nullable Throwable cause() {
		return this.cause;
	}

	/**
	 * Return the reason as used in metric tags and property names.
	 * @return the kebab case name, or {@code 0xNN} for an unknown code
	 */
	public String reason() {
		if (this.localError != null) {
			return this.localError.label();
		}
		return (this.reasonCode != null) ? this.reasonCode.label() : hex();
	}

	/**
	 * Return the reason code in hexadecimal.
	 * @return {@code 0xNN}, or {@code -} for a local error
	 */
	public String hex() {
		return (this.localError != null) ? "-" : String.format(Locale.ROOT, "0x%02X", this.code);
	}

	/**
	 * Return the failure's name for people, for example
	 * {@code PUBACK 0x87 Not authorized} or {@code CONNECTION_REFUSED}.
	 * @return the name
	 */
	public String title() {
		if (this.localError != null) {
			return this.localError.name();
		}
		String title = this.packet + " " + hex();
		return (this.reasonCode != null) ? title + " " + this.reasonCode.description() : title;
	}

	/**
	 * Return a builder that starts from this failure.
	 * @return a builder
	 */
	public Builder mutate() {
		return new Builder(this);
	}

	/**
	 * Describe the failure in one line for people. Control characters are escaped.
	 * @return the description
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(title());
		if (this.topic != null) {
			text.append(" for ").append(Printable.escape(this.topic));
		}
		if (this.detail != null) {
			text.append(": ").append(Printable.escape(this.detail));
		}
		if (this.reasonString != null) {
			text.append(" (server says: ").append(Printable.escape(this.reasonString)).append(')');
		}
		if (this.serverReference != null) {
			text.append(" (server refers to: ").append(Printable.escape(this.serverReference)).append(')');
		}
		return text.toString();
	}

	/**
	 * Builder of a {@link MqttFailure}.
	 */
	public static final class Builder {

		private final PacketType packet;

		private final int code;

		private final @Nullable LocalError localError;

		private @Nullable String topic;

		private @Nullable String detail;

		private @Nullable String reasonString;

		private List<UserProperty> userProperties = List.of();

		private @Nullable String serverReference;

		private int httpStatus = -1;

		private @Nullable Throwable cause;

		private Builder(PacketType packet, int code, @Nullable LocalError localError) {
			this.packet = packet;
			this.code = code;
			this.localError = localError;
		}

		private Builder(MqttFailure source) {
			this(source.packet, source.code, source.localError);
			this.topic = source.topic;
			this.detail = source.detail;
			this.reasonString = source.reasonString;
			this.userProperties = source.userProperties;
			this.serverReference = source.serverReference;
			this.httpStatus = source.httpStatus;
			this.cause = source.cause;
		}

		/**
		 * Set the topic name or topic filter.
		 * @param topic the topic
		 * @return this builder
		 */
		public Builder topic(@Nullable String topic) {
			this.topic = topic;
			return this;
		}

		/**
		 * Set what happened, in words of the client.
		 * @param detail the detail
		 * @return this builder
		 */
		public Builder detail(@Nullable String detail) {
			this.detail = detail;
			return this;
		}

		/**
		 * Set the server's reason string.
		 * @param reasonString the reason string
		 * @return this builder
		 */
		public Builder reasonString(@Nullable String reasonString) {
			this.reasonString = reasonString;
			return this;
		}

		/**
		 * Set the user properties of the packet.
		 * @param userProperties the properties
		 * @return this builder
		 */
		public Builder userProperties(List<UserProperty> userProperties) {
			this.userProperties = List.copyOf(userProperties);
			return this;
		}

		/**
		 * Set the server's reference to another server.
		 * @param serverReference the reference
		 * @return this builder
		 */
		public Builder serverReference(@Nullable String serverReference) {
			this.serverReference = serverReference;
			return this;
		}

		/**
		 * Set the HTTP status with which the server refused the WebSocket upgrade.
		 * @param httpStatus the status, or -1 if it is unknown
		 * @return this builder
		 */
		public Builder httpStatus(int httpStatus) {
			this.httpStatus = httpStatus;
			return this;
		}

		/**
		 * Set the exception behind the failure.
		 * @param cause the cause
		 * @return this builder
		 */
		public Builder cause(@Nullable Throwable cause) {
			this.cause = cause;
			return this;
		}

		/**
		 * Build the failure.
		 * @return the failure
		 */
		public MqttFailure build() {
			return new MqttFailure(this);
		}

	}

}
