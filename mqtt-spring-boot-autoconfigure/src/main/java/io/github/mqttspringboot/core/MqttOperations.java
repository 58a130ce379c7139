package io.github.mqttspringboot.core;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;

/**
 * Publishes objects. Methods never block and never throw for what they are given to
 * publish: each future completes exactly once, with the final outcome. Thread-safe.
 *
 * @since 0.1.0
 */
public interface MqttOperations {

	/**
	 * Publish an object with the QoS and the RETAIN flag of the {@code mqtt.publish}
	 * properties.
	 * @param topic the topic name
	 * @param payload a {@code byte[]}, sent as it is, a {@link String}, sent as UTF-8
	 * with Payload Format Indicator 1 (MQTT 5 §3.3.2.3.2), or an object for the message
	 * converter
	 * @return the outcome; fails with a
	 * {@link io.github.mqttspringboot.client.MqttOperationException} if the message was
	 * not accepted, or with a
	 * {@link org.springframework.messaging.converter.MessageConversionException} if the
	 * payload could not be converted
	 */
	CompletableFuture<PublishResult> publish(String topic, Object payload);

	/**
	 * Publish an object.
	 * @param topic the topic name
	 * @param payload a {@code byte[]}, sent as it is, a {@link String}, sent as UTF-8
	 * with Payload Format Indicator 1 (MQTT 5 §3.3.2.3.2), or an object for the message
	 * converter
	 * @param customizer sets what else the message carries, called on the calling thread
	 * once the payload and its content type are set; an exception fails the future
	 * @return the outcome; fails with a
	 * {@link io.github.mqttspringboot.client.MqttOperationException} if the message was
	 * not accepted, or with a
	 * {@link org.springframework.messaging.converter.MessageConversionException} if the
	 * payload could not be converted
	 */
	CompletableFuture<PublishResult> publish(String topic, Object payload, Consumer<PublishRequest.Builder> customizer);

}
