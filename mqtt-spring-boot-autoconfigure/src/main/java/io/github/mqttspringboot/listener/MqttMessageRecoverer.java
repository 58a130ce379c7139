package io.github.mqttspringboot.listener;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ReceivedMessage;

/**
 * Takes a message that a listener could not process, after the last attempt. The message
 * is acknowledged afterwards. A recoverer that fails with a
 * {@link io.github.mqttspringboot.client.MqttOperationException}, because it could not
 * publish, is asked again after a while, and the message stays unacknowledged; after any
 * other failure the message is acknowledged all the same.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttMessageRecoverer {

	/**
	 * Take a message, on a thread of the container.
	 * @param message the message
	 * @param failure which listener failed, how often and why
	 * @return a stage that ends when the message is safe, {@code null} if it is
	 * @throws Exception if the message could not be taken
	 */
	@Nullable CompletionStage<?> recover(ReceivedMessage message, MqttListenerException failure) throws Exception;

}
