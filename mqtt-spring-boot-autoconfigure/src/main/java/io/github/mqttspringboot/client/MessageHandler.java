package io.github.mqttspringboot.client;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Receives the messages of a subscription, in order, on the client's own executor, one at
 * a time. The message is acknowledged when the returned stage completes, however it does,
 * and after the messages before it [MQTT-4.6.0-2]. Until then it counts against
 * {@code mqtt.listener.queue-capacity}, above which messages of QoS 0 are dropped.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MessageHandler {

	/**
	 * Handle a message.
	 * @param message the message
	 * @return a stage that completes when the message is processed, {@code null} if it is
	 * @throws Exception if the message cannot be processed; it is reported and the
	 * message acknowledged
	 */
	@Nullable CompletionStage<?> handle(ReceivedMessage message) throws Exception;

	/**
	 * Return a handler whose messages are processed when the consumer returns.
	 * @param consumer the consumer
	 * @return the handler
	 */
	static MessageHandler of(Consumer<ReceivedMessage> consumer) {
		return (message) -> {
			consumer.accept(message);
			return null;
		};
	}

}
