package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Goes around what a client publishes, and around the handlers that subscribe with it.
 * Called on many threads.
 *
 * @since 0.1.0
 */
public interface MqttClientInterceptor {

	/**
	 * Publish a message, on the thread that called {@link ManagedMqttClient#publish}. An
	 * exception fails the future, and the message is not sent. Not called for messages
	 * that are not {@link PublishRequest#isObserved() observed}.
	 * @param client the client
	 * @param request the message
	 * @param publishing publishes this or another message; does not throw
	 * @return the future of {@code publishing}, not one that depends on it: it may be
	 * cancelled
	 */
	CompletableFuture<PublishResult> publish(ManagedMqttClient client, PublishRequest request,
			Function<PublishRequest, CompletableFuture<PublishResult>> publishing);

	/**
	 * Put something around a handler. Called once for each subscribe, but not for those
	 * that are not {@link SubscribeRequest#isObserved() observed}.
	 * @param client the client
	 * @param request what is subscribed
	 * @param handler the handler
	 * @return what to call instead; it has to return what the handler does, not a stage
	 * that depends on it
	 */
	MessageHandler around(ManagedMqttClient client, SubscribeRequest request, MessageHandler handler);

}
