package io.github.mqttspringboot.core;

import org.springframework.messaging.MessageHeaders;

/**
 * Names of the headers of a {@link org.springframework.messaging.Message} that is sent or
 * was received with MQTT. They are those of Spring Integration's {@code MqttHeaders}, so
 * that a message can go from one to the other. The content type is in
 * {@link MessageHeaders#CONTENT_TYPE}; user properties are headers of their own names.
 *
 * @since 0.1.0
 */
public final class MqttMessageHeaders {

	/** The start of all names. */
	public static final String PREFIX = "mqtt_";

	/** The topic name to publish to, a {@link String}. */
	public static final String TOPIC = PREFIX + "topic";

	/** The QoS to publish with, an {@link Integer}: 0, 1 or 2. */
	public static final String QOS = PREFIX + "qos";

	/** The RETAIN flag to publish with, a {@link Boolean}. */
	public static final String RETAINED = PREFIX + "retained";

	/** The topic name of a received message, a {@link String}. */
	public static final String RECEIVED_TOPIC = PREFIX + "receivedTopic";

	/** The QoS of a received message, an {@link Integer}: 0, 1 or 2. */
	public static final String RECEIVED_QOS = PREFIX + "receivedQos";

	/** The RETAIN flag of a received message, a {@link Boolean}. */
	public static final String RECEIVED_RETAINED = PREFIX + "receivedRetained";

	/** The DUP flag of a received message, a {@link Boolean}. */
	public static final String DUPLICATE = PREFIX + "duplicate";

	/**
	 * The message expiry interval in seconds, a {@link Long} from 0 to 4,294,967,295. To
	 * publish, a whole number of any type, its text, or a {@link java.time.Duration} will
	 * do.
	 */
	public static final String MESSAGE_EXPIRY_INTERVAL = PREFIX + "messageExpiryInterval";

	/** The response topic, a {@link String}. */
	public static final String RESPONSE_TOPIC = PREFIX + "responseTopic";

	/**
	 * The correlation data, a {@code byte[]}. To publish, a {@link String} will do and is
	 * sent as UTF-8.
	 */
	public static final String CORRELATION_DATA = PREFIX + "correlationData";

	private MqttMessageHeaders() {
	}

}
