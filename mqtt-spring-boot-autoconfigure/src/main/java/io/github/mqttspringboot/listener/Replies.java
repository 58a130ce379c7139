package io.github.mqttspringboot.listener;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

import io.github.mqttspringboot.client.ReceivedMessage;
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
		Object payload = (result instanceof Message<?> message) ? message.getPayload() : result;
		byte[] correlationData = request.properties().correlationData();
		return this.operations.publish(topic, payload, (builder) -> {
			if (correlationData != null) {
				builder.correlationData(correlationData);
			}
		}).exceptionally((ex) -> {
			throw new ReplyException(topic,
					(ex instanceof CompletionException && ex.getCause() != null) ? ex.getCause() : ex);
		});
	}

}
