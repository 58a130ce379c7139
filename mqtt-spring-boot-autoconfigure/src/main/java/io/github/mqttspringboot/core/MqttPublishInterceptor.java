package io.github.mqttspringboot.core;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;

/**
 * Sees each message that a template sends, before it goes to the client, and how it ends.
 * Called on many threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttPublishInterceptor {

	/**
	 * See a message and change it, on the thread that called the template. An exception
	 * fails the future, and the message is not sent.
	 * @param client the client that publishes it
	 * @param operation what the template was called for
	 * @param message the message, with its payload
	 * @return told once, with why it failed or with {@code null}, when the future that
	 * the template returned has ended; {@code null} for nobody. It is called on a thread
	 * of the client and must not block or throw
	 */
	@Nullable Consumer<@Nullable Throwable> intercept(ManagedMqttClient client, Operation operation,
			PublishRequest.Builder message);

	/**
	 * What a template was called for.
	 */
	enum Operation {

		/** Ends with what the server said to the message. */
		PUBLISH,

		/** Ends with the reply. */
		REQUEST

	}

}
