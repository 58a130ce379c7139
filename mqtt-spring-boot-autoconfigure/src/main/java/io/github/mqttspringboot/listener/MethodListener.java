package io.github.mqttspringboot.listener;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.core.MqttMessageMapper;

/**
 * Calls a method with the messages of a listener, and publishes its results.
 */
final class MethodListener implements MqttMessageListener {

	private final InvocableHandlerMethod method;

	private final List<ListenerTopic> topics;

	private final @Nullable MqttListenerErrorHandler errorHandler;

	private final Replies replies;

	private final MqttListenerInterceptor interceptor;

	private final MqttMessageMapper mapper = new MqttMessageMapper();

	MethodListener(InvocableHandlerMethod method, List<ListenerTopic> topics,
			@Nullable MqttListenerErrorHandler errorHandler, Replies replies, MqttListenerInterceptor interceptor) {
		this.method = method;
		this.topics = topics;
		this.errorHandler = errorHandler;
		this.replies = replies;
		this.interceptor = interceptor;
	}

	@Override
	public @Nullable CompletionStage<?> onMessage(ReceivedMessage received, Acknowledgment acknowledgment)
			throws Exception {
		ListenerMessage message = new ListenerMessage(this.mapper.toMessage(received), received, acknowledgment,
				ListenerTopic.variables(this.topics, received.topic()));
		Object result;
		boolean handled = false;
		try {
			result = this.method.invoke(message);
		}
		catch (Exception ex) {
			handled = true;
			result = handle(message, ex);
		}
		if (result instanceof CompletionStage<?> stage) {
			return await(message, stage, handled);
		}
		return this.replies.publish(received, result);
	}

	// The error handler is not asked about what it has returned itself
	private CompletionStage<?> await(ListenerMessage message, CompletionStage<?> stage, boolean handled) {
		return stage.handleAsync((value, ex) -> {
			try {
				if (ex != null && handled) {
					return CompletableFuture.failedFuture(unwrap(ex));
				}
				Object result = (ex != null) ? handle(message, unwrap(ex)) : value;
				if (result instanceof CompletionStage<?> further) {
					return await(message, further, handled || ex != null);
				}
				CompletionStage<?> reply = this.replies.publish(message.received(), result);
				return (reply != null) ? reply : CompletableFuture.completedFuture(null);
			}
			catch (Exception failure) {
				return CompletableFuture.failedFuture(failure);
			}
		}, this.interceptor.continuation()).thenCompose((outcome) -> outcome);
	}

	private @Nullable Object handle(ListenerMessage message, Throwable ex) throws Exception {
		boolean hopeless = ex instanceof ListenerArgumentException;
		Throwable cause = (hopeless && ex.getCause() != null) ? ex.getCause() : ex;
		if (this.errorHandler == null || !(cause instanceof Exception exception)) {
			return rethrow(ex);
		}
		try {
			return this.errorHandler.handleError(message, exception);
		}
		catch (Exception failure) {
			return rethrow((hopeless) ? new ListenerArgumentException(failure) : failure);
		}
	}

	private static @Nullable Object rethrow(Throwable ex) throws Exception {
		if (ex instanceof Exception exception) {
			throw exception;
		}
		if (ex instanceof Error error) {
			throw error;
		}
		throw new CompletionException(ex);
	}

	private static Throwable unwrap(Throwable ex) {
		return (ex instanceof CompletionException && ex.getCause() != null) ? ex.getCause() : ex;
	}

}
