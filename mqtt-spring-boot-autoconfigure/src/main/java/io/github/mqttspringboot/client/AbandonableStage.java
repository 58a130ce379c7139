package io.github.mqttspringboot.client;

import java.util.concurrent.CompletionStage;

/**
 * A stage that a {@link MessageHandler} returns if it wants to hear that its message
 * cannot be acknowledged any more. A message whose stage does not end is taken to be in
 * hand for as long, and counts against {@code mqtt.listener.queue-capacity}: a handler
 * that only waits for somebody to acknowledge should then end the stage.
 *
 * @param <T> the type of the result, which nobody looks at
 * @since 0.1.0
 */
public interface AbandonableStage<T> extends CompletionStage<T> {

	/**
	 * The message cannot be acknowledged any more: its session has ended, or the server
	 * has given its packet identifier to another message. The end of the stage
	 * acknowledges nothing. Called at most once, after the handler has returned, on the
	 * thread that calls handlers.
	 */
	void abandoned();

}
