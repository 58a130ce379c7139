package io.github.mqttspringboot.listener;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ReceivedMessage;

/**
 * Receives the messages of an endpoint that is no annotated method. Messages of one topic
 * come one after the other; those of different topics at the same time, up to the
 * concurrency of the container.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttMessageListener {

	/**
	 * Handle a message, on a thread of the container.
	 * @param message the message
	 * @param acknowledgment acknowledges the message, with {@link AckMode#MANUAL}
	 * @return a stage that ends when the message is processed, {@code null} if it is
	 * @throws Exception if the message could not be processed
	 */
	@Nullable CompletionStage<?> onMessage(ReceivedMessage message, Acknowledgment acknowledgment) throws Exception;

}
