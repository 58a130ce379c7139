package io.github.mqttspringboot.core;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;

import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;

/**
 * Publishes objects, and asks for replies. Methods never block and never throw for what
 * they are given to publish: each future completes exactly once, with the final outcome,
 * on an executor of the client. Thread-safe.
 * <p>
 * A payload is a {@code byte[]}, sent as it is, a {@link String}, sent as UTF-8 with
 * Payload Format Indicator 1 (MQTT 5 §3.3.2.3.2) and the content type {@code text/plain},
 * or an object for the message converter, which sets the content type.
 * <p>
 * A publish fails with a {@link io.github.mqttspringboot.client.MqttOperationException}
 * if the message was not accepted, or with a
 * {@link org.springframework.messaging.converter.MessageConversionException} if the
 * payload could not be converted.
 *
 * @since 0.1.0
 */
public interface MqttOperations {

	/**
	 * Publish an object with the QoS and the RETAIN flag of the {@code mqtt.publish}
	 * properties.
	 * @param topic the topic name
	 * @param payload the payload
	 * @return the outcome
	 */
	CompletableFuture<PublishResult> publish(String topic, Object payload);

	/**
	 * Publish an object.
	 * @param topic the topic name
	 * @param payload the payload
	 * @param customizer sets what else the message carries, called on the calling thread
	 * once the payload and its content type are set; an exception fails the future
	 * @return the outcome
	 */
	CompletableFuture<PublishResult> publish(String topic, Object payload, Consumer<PublishRequest.Builder> customizer);

	/**
	 * Publish a message with the {@link MqttMessageHeaders} that it has. Its content type
	 * goes to the message converter and counts instead of the converter's own. Headers of
	 * other names become user properties if their values are strings, but for {@code id},
	 * {@code timestamp}, {@code replyChannel}, {@code errorChannel},
	 * {@code nativeHeaders}, {@code lookupDestination}, {@code conversionHint} and names
	 * that start with {@code mqtt_}, {@code spring} or {@code simp}.
	 * @param message the message; without {@link MqttMessageHeaders#TOPIC} and without a
	 * default topic the future fails with an {@link IllegalArgumentException}, as it does
	 * if a header has a value of no use
	 * @return the outcome
	 */
	CompletableFuture<PublishResult> send(Message<?> message);

	/**
	 * Publish a request and wait for its reply (MQTT 5 §4.10).
	 * @param topic the topic name of the request
	 * @param payload the payload of the request
	 * @param replyType the type of the reply: {@code byte[]}, {@link String},
	 * {@link io.github.mqttspringboot.client.ReceivedMessage}, {@link Message} with a
	 * {@code byte[]}, or what the message converter makes of it
	 * @param <T> the type of the reply
	 * @return the reply; see
	 * {@link #request(String, Object, ParameterizedTypeReference, Consumer)}
	 */
	<T> CompletableFuture<T> request(String topic, Object payload, Class<T> replyType);

	/**
	 * Publish a request and wait for its reply (MQTT 5 §4.10).
	 * @param topic the topic name of the request
	 * @param payload the payload of the request
	 * @param replyType the type of the reply: {@code byte[]}, {@link String},
	 * {@link io.github.mqttspringboot.client.ReceivedMessage}, {@link Message} with a
	 * {@code byte[]}, or what the message converter makes of it
	 * @param customizer sets what else the request carries
	 * @param <T> the type of the reply
	 * @return the reply; see
	 * {@link #request(String, Object, ParameterizedTypeReference, Consumer)}
	 */
	<T> CompletableFuture<T> request(String topic, Object payload, Class<T> replyType,
			Consumer<PublishRequest.Builder> customizer);

	/**
	 * Publish a request and wait for its reply (MQTT 5 §4.10).
	 * @param topic the topic name of the request
	 * @param payload the payload of the request
	 * @param replyType the type of the reply
	 * @param <T> the type of the reply
	 * @return the reply; see
	 * {@link #request(String, Object, ParameterizedTypeReference, Consumer)}
	 */
	<T> CompletableFuture<T> request(String topic, Object payload, ParameterizedTypeReference<T> replyType);

	/**
	 * Publish a request and wait for its reply (MQTT 5 §4.10). Whoever replies publishes
	 * to the response topic of the request, with its correlation data. Before the first
	 * request the reply topic is subscribed, once for all requests.
	 * <p>
	 * A lost connection does not end the wait: the reply comes when the session goes on.
	 * The future fails as that of a publish does, and with
	 * {@link io.github.mqttspringboot.client.MqttSubscribeRejectedException} if the reply
	 * topic is refused,
	 * {@link io.github.mqttspringboot.client.MqttOperationTimeoutException} if no reply
	 * came within {@code mqtt.request.timeout} from the call,
	 * {@link io.github.mqttspringboot.client.MqttNotConnectedException} at once when the
	 * client stops, and
	 * {@link org.springframework.messaging.converter.MessageConversionException} if the
	 * reply could not be converted. To cancel it is to forget the request, which the
	 * server may have.
	 * @param topic the topic name of the request
	 * @param payload the payload of the request
	 * @param replyType the type of the reply
	 * @param customizer sets what else the request carries, called on the calling thread
	 * once the payload and its content type are set; an exception fails the future. The
	 * response topic and the correlation data are set after it
	 * @param <T> the type of the reply
	 * @return the reply
	 */
	<T> CompletableFuture<T> request(String topic, Object payload, ParameterizedTypeReference<T> replyType,
			Consumer<PublishRequest.Builder> customizer);

}
