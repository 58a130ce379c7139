package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Utf8;

/**
 * A message to publish (MQTT 5 §3.3). Immutable; the topic and the response topic are
 * checked when it is published, so that a bad one fails the future like any other
 * rejection.
 *
 * @since 0.1.0
 */
public final class PublishRequest {

	private static final byte[] EMPTY = {};

	private final String topic;

	private final byte[] payload;

	private final @Nullable Integer qos;

	private final @Nullable Boolean retain;

	private final boolean text;

	private final @Nullable Duration messageExpiry;

	private final @Nullable String contentType;

	private final @Nullable String responseTopic;

	private final byte @Nullable [] correlationData;

	private final List<UserProperty> userProperties;

	private final boolean observed;

	private PublishRequest(Builder builder) {
		this.topic = builder.topic;
		this.payload = (builder.payloadIsOurs) ? builder.payload : builder.payload.clone();
		this.qos = builder.qos;
		this.retain = builder.retain;
		this.text = builder.text;
		this.messageExpiry = builder.messageExpiry;
		this.contentType = builder.contentType;
		this.responseTopic = builder.responseTopic;
		this.correlationData = (builder.correlationData != null) ? builder.correlationData.clone() : null;
		this.userProperties = List.copyOf(builder.userProperties);
		this.observed = builder.observed;
	}

	/**
	 * Start a message.
	 * @param topic the topic name
	 * @return a builder
	 */
	public static Builder to(String topic) {
		return new Builder(topic);
	}

	/**
	 * Return a request for the same message.
	 * @param packet the message
	 * @return the request
	 */
	static PublishRequest of(Publish packet) {
		PublishProperties properties = packet.properties();
		Builder builder = to(packet.topic()).payload(packet.payload())
			.qos(packet.qos())
			.retain(packet.retain())
			.contentType(properties.contentType())
			.responseTopic(properties.responseTopic())
			.correlationData(properties.correlationData());
		builder.text = Objects.equals(properties.payloadFormatIndicator(), 1);
		Long expiry = properties.messageExpiryInterval();
		if (expiry != null) {
			builder.messageExpiry(Duration.ofSeconds(expiry));
		}
		properties.userProperties().forEach((property) -> builder.userProperty(property.name(), property.value()));
		return builder.build();
	}

	/**
	 * Return the topic name.
	 * @return the topic name
	 */
	public String topic() {
		return this.topic;
	}

	/**
	 * Return the payload, not copied.
	 * @return the payload, not to be changed
	 */
	public byte[] payload() {
		return this.payload;
	}

	/**
	 * Return the QoS.
	 * @return 0, 1 or 2, {@code null} for {@code mqtt.publish.qos}
	 */
	public @Nullable Integer qos() {
		return this.qos;
	}

	/**
	 * Return the RETAIN flag.
	 * @return the flag, {@code null} for {@code mqtt.publish.retain}
	 */
	public @Nullable Boolean retain() {
		return this.retain;
	}

	/**
	 * Return whether the payload is declared as UTF-8 text (Payload Format Indicator 1).
	 * @return {@code true} if it is text
	 */
	public boolean isText() {
		return this.text;
	}

	/**
	 * Return the message expiry.
	 * @return the expiry in whole seconds, {@code null} for none
	 */
	public @Nullable Duration messageExpiry() {
		return this.messageExpiry;
	}

	/**
	 * Return the content type.
	 * @return the content type, {@code null} for none
	 */
	public @Nullable String contentType() {
		return this.contentType;
	}

	/**
	 * Return the response topic.
	 * @return the response topic, {@code null} for none
	 */
	public @Nullable String responseTopic() {
		return this.responseTopic;
	}

	/**
	 * Return the correlation data, not copied.
	 * @return the correlation data, not to be changed, {@code null} for none
	 */
	public byte @Nullable [] correlationData() {
		return this.correlationData;
	}

	/**
	 * Return the user properties.
	 * @return the user properties in their order
	 */
	public List<UserProperty> userProperties() {
		return this.userProperties;
	}

	/**
	 * Return whether the client's {@link MqttClientInterceptor} sees the message.
	 * @return {@code false} if whatever sends it sees to that
	 */
	public boolean isObserved() {
		return this.observed;
	}

	/**
	 * Start a message like this one. The payload is not copied.
	 * @return a builder with all that this message has
	 */
	public Builder mutate() {
		return new Builder(this);
	}

	@Override
	public String toString() {
		return "PublishRequest[topic=" + Printable.escape(this.topic) + ", qos=" + this.qos + ", retain=" + this.retain
				+ ", " + this.payload.length + " bytes]";
	}

	/**
	 * Builder of a {@link PublishRequest}.
	 */
	public static final class Builder {

		private final String topic;

		private byte[] payload = EMPTY;

		/** Whether nobody else can change the payload. */
		private boolean payloadIsOurs;

		private @Nullable Integer qos;

		private @Nullable Boolean retain;

		private boolean text;

		private @Nullable Duration messageExpiry;

		private @Nullable String contentType;

		private @Nullable String responseTopic;

		private byte @Nullable [] correlationData;

		private final List<UserProperty> userProperties = new ArrayList<>();

		private boolean observed = true;

		private Builder(String topic) {
			this.topic = Objects.requireNonNull(topic, "'topic' must not be null");
		}

		private Builder(PublishRequest request) {
			this.topic = request.topic;
			this.payload = request.payload;
			this.payloadIsOurs = true;
			this.qos = request.qos;
			this.retain = request.retain;
			this.text = request.text;
			this.messageExpiry = request.messageExpiry;
			this.contentType = request.contentType;
			this.responseTopic = request.responseTopic;
			this.correlationData = request.correlationData;
			this.userProperties.addAll(request.userProperties);
			this.observed = request.observed;
		}

		/**
		 * Return the topic name.
		 * @return the topic name
		 */
		public String topic() {
			return this.topic;
		}

		/**
		 * Set the payload. The array is copied by {@link #build()} and may be changed
		 * after it.
		 * @param payload the payload
		 * @return this builder
		 */
		public Builder payload(byte[] payload) {
			this.payload = Objects.requireNonNull(payload, "'payload' must not be null");
			this.payloadIsOurs = false;
			return this;
		}

		/**
		 * Set a text payload, with Payload Format Indicator 1.
		 * @param payload the payload
		 * @return this builder
		 */
		public Builder payload(String payload) {
			this.payload = payload.getBytes(StandardCharsets.UTF_8);
			this.payloadIsOurs = true;
			this.text = true;
			return this;
		}

		/**
		 * Set the QoS.
		 * @param qos 0, 1 or 2; the default is {@code mqtt.publish.qos}
		 * @return this builder
		 * @throws IllegalArgumentException if the QoS is out of range
		 */
		public Builder qos(int qos) {
			if (qos < 0 || qos > 2) {
				throw new IllegalArgumentException("QoS must be 0, 1 or 2, but is " + qos);
			}
			this.qos = qos;
			return this;
		}

		/**
		 * Set the RETAIN flag.
		 * @param retain the flag; the default is {@code mqtt.publish.retain}
		 * @return this builder
		 */
		public Builder retain(boolean retain) {
			this.retain = retain;
			return this;
		}

		/**
		 * Set the message expiry.
		 * @param messageExpiry 0 to 4,294,967,295 seconds; parts of a second are rounded
		 * up
		 * @return this builder
		 * @throws IllegalArgumentException if the expiry is out of range
		 */
		public Builder messageExpiry(Duration messageExpiry) {
			long seconds = messageExpiry.plusNanos(999_999_999).getSeconds();
			if (messageExpiry.isNegative() || seconds > 4_294_967_295L) {
				throw new IllegalArgumentException(
						"Message expiry must be 0 to 4294967295 seconds, but is " + messageExpiry);
			}
			this.messageExpiry = Duration.ofSeconds(seconds);
			return this;
		}

		/**
		 * Set the content type.
		 * @param contentType the content type, at most 65,535 bytes in UTF-8
		 * @return this builder
		 * @throws IllegalArgumentException if the text is too long, or contains U+0000 or
		 * a lone surrogate (MQTT 5 §1.5.4)
		 */
		public Builder contentType(@Nullable String contentType) {
			if (contentType != null) {
				check("Content type", contentType);
			}
			this.contentType = contentType;
			return this;
		}

		/**
		 * Set the response topic.
		 * @param responseTopic the response topic, a topic name
		 * @return this builder
		 */
		public Builder responseTopic(@Nullable String responseTopic) {
			this.responseTopic = responseTopic;
			return this;
		}

		/**
		 * Set the correlation data. The array is copied by {@link #build()} and may be
		 * changed after it.
		 * @param correlationData the correlation data
		 * @return this builder
		 */
		public Builder correlationData(byte @Nullable [] correlationData) {
			this.correlationData = correlationData;
			return this;
		}

		/**
		 * Add a user property.
		 * @param name the name, at most 65,535 bytes in UTF-8
		 * @param value the value, at most 65,535 bytes in UTF-8
		 * @return this builder
		 * @throws IllegalArgumentException if one of them is too long, or contains U+0000
		 * or a lone surrogate (MQTT 5 §1.5.4)
		 */
		public Builder userProperty(String name, String value) {
			UserProperty userProperty = new UserProperty(name, value);
			check("The name of a user property", name);
			check("The value of the user property " + Printable.escape(name), value);
			this.userProperties.add(userProperty);
			return this;
		}

		/**
		 * Set a user property, instead of those that have its name already.
		 * @param name the name, at most 65,535 bytes in UTF-8
		 * @param value the value, at most 65,535 bytes in UTF-8
		 * @return this builder
		 * @throws IllegalArgumentException if one of them is too long, or contains U+0000
		 * or a lone surrogate (MQTT 5 §1.5.4)
		 */
		public Builder replaceUserProperty(String name, String value) {
			userProperty(name, value);
			UserProperty userProperty = this.userProperties.remove(this.userProperties.size() - 1);
			this.userProperties.removeIf((other) -> other.name().equals(name));
			this.userProperties.add(userProperty);
			return this;
		}

		/**
		 * Set whether the client's {@link MqttClientInterceptor} sees the message, which
		 * is what observes it.
		 * @param observed {@code false} if whatever sends it sees to that; the default is
		 * {@code true}
		 * @return this builder
		 */
		public Builder observed(boolean observed) {
			this.observed = observed;
			return this;
		}

		private static void check(String field, String text) {
			String problem = Utf8.check(text);
			if (problem != null) {
				throw new IllegalArgumentException(field + " " + problem);
			}
		}

		/**
		 * Build the message, with copies of the payload and the correlation data.
		 * @return the message
		 */
		public PublishRequest build() {
			return new PublishRequest(this);
		}

	}

}
