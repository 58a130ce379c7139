package io.github.mqttspringboot.core;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;

/**
 * A request from the call to its end.
 */
final class PendingRequest {

	final PublishRequest request;

	final ByteBuffer key;

	final Type replyType;

	final CompletableFuture<Object> reply = new CompletableFuture<>();

	/** Whether the reply topic was subscribed and the request handed to the client. */
	volatile boolean handedOver;

	/** What the server said to the request, {@code null} as long as it has not. */
	volatile @Nullable PublishResult published;

	PendingRequest(PublishRequest request, ByteBuffer key, Type replyType) {
		this.request = request;
		this.key = key;
		this.replyType = replyType;
	}

	void fail(Throwable cause) {
		this.reply.completeExceptionally(
				(cause instanceof CompletionException && cause.getCause() != null) ? cause.getCause() : cause);
	}

}
