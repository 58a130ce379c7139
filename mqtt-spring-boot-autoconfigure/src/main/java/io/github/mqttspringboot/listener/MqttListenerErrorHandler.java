package io.github.mqttspringboot.listener;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Decides on the failure of one listener method, at each attempt, before the container
 * does.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttListenerErrorHandler {

	/**
	 * Handle a failure.
	 * @param message the message
	 * @param exception what the method threw, what its stage ended with, or why its
	 * arguments could not be made
	 * @return the result of the method instead, {@code null} for none; the message counts
	 * as processed
	 * @throws Exception if the message is not processed: the container tries again or
	 * gives it to the recoverer
	 */
	@Nullable Object handleError(Message<byte[]> message, Exception exception) throws Exception;

}
