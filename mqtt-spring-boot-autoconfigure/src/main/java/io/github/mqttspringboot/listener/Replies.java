package io.github.mqttspringboot.listener;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.core.MqttMessageHeaders;
import io.github.mqttspringboot.core.MqttOperations;

/**
 * Publishes the results of a listener method: to the response topic of the request (MQTT
 * 5 §4.10), else to a topic of the listener's.
 */
final class Replies {

	private final MqttOperations operations;

	private final @Nullable String sendTo;

	Replies(MqttOperations operations, @Nullable String sendTo) {
		this.operations = operations;
		this.sendTo = sendTo;
	}

	/**
	 * Publish a result.
	 * @param request the message
	 * @param result the result, {@code null} for none
	 * @return a stage that ends with the outcome of the publish, {@code null} if there is
	 * nothing to publish, or nowhere
	 */
	@Nullable CompletableFuture<?> publish(ReceivedMessage request, @Nullable Object result) {
		String responseTopic = request.properties().responseTopic();
		String topic = (responseTopic != null) ? responseTopic : this.sendTo;
		if (result == null || topic == null) {
			return null;
		}
		byte[] correlationData = request.properties().correlationData();
		CompletableFuture<?> published = (result instanceof Message<?> message)
				? this.operations.send(addressed(message, topic, correlationData))
				: this.operations.publish(topic, result, (builder) -> {
					builder.retain(false);
					if (correlationData != null) {
						builder.correlationData(correlationData);
					}
				});
		return published.handle((outcome, ex) -> {
			if (ex != null) {
				throw new ReplyException(topic,
						(ex instanceof CompletionException && ex.getCause() != null) ? ex.getCause() : ex);
			}
			return outcome;
		});
	}

	private static Message<?> addressed(Message<?> message, String topic, byte @Nullable [] correlationData) {
		MessageBuilder<?> builder = MessageBuilder.withPayload(message.getPayload())
			.copyHeaders(message.getHeaders())
			.setHeader(MqttMessageHeaders.TOPIC, topic)
			.setHeaderIfAbsent(MqttMessageHeaders.RETAINED, false);
		if (correlationData != null) {
			builder.setHeader(MqttMessageHeaders.CORRELATION_DATA, correlationData);
		}
		if (topic.equals(message.getHeaders().get(MqttMessageHeaders.RESPONSE_TOPIC))) {
			// Copied from the request: an answer to the answer would never end
			builder.removeHeader(MqttMessageHeaders.RESPONSE_TOPIC);
		}
		return builder.build();
	}

}
