package io.github.mqttspringboot.listener;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.MessageHandler;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionHolder;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.PublishProperties;

/**
 * A client without a network that hands messages to what has subscribed.
 */
public class RecordingClient extends FakeMqttClient {

	public final List<SubscribeRequest> subscribed = new CopyOnWriteArrayList<>();

	public final List<String> unsubscribed = new CopyOnWriteArrayList<>();

	/** The calls of {@code subscribe} and {@code unsubscribe}, in their order. */
	public final List<String> calls = new CopyOnWriteArrayList<>();

	public final List<Throwable> reported = new CopyOnWriteArrayList<>();

	/** What the next publishes fail with. */
	public final Deque<RuntimeException> refusals = new ArrayDeque<>();

	/** What unsubscribing waits for. */
	public CompletableFuture<UnsubscribeResult> unsubscribing = CompletableFuture
		.completedFuture(new UnsubscribeResult(List.of()));

	/** Calls message handlers. */
	public volatile @Nullable Thread handlerThread;

	public RecordingClient() {
		super("default");
	}

	public RecordingClient(String name) {
		super(name);
	}

	public CompletableFuture<?> deliver(String topic, String payload, int qos) {
		return deliver(topic, payload, qos, PublishProperties.NONE);
	}

	public CompletableFuture<?> deliver(String topic, String payload, int qos, PublishProperties properties) {
		SubscribeRequest request = this.subscribed.get(this.subscribed.size() - 1);
		MessageHandler handler = request.handler();
		expect(request.holder());
		try {
			CompletionStage<?> stage = handler
				.handle(new ReceivedMessage(topic, payload.getBytes(), qos, false, false, properties));
			return (stage != null) ? stage.toCompletableFuture() : CompletableFuture.completedFuture(null);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			handed(request.holder());
		}
	}

	public static PublishProperties properties(String contentType, String responseTopic,
			UserProperty... userProperties) {
		return new PublishProperties(null, null, null, responseTopic, (responseTopic != null) ? new byte[] { 7 } : null,
				List.of(userProperties), List.of(), contentType);
	}

	@Override
	public synchronized CompletableFuture<PublishResult> publish(PublishRequest request) {
		CompletableFuture<PublishResult> published = super.publish(request);
		RuntimeException refusal = this.refusals.poll();
		return (refusal != null) ? CompletableFuture.failedFuture(refusal) : published;
	}

	public synchronized List<PublishRequest> allPublished() {
		return List.copyOf(published());
	}

	@Override
	public CompletableFuture<SubscribeResult> subscribe(SubscribeRequest... requests) {
		this.calls.add("subscribe");
		this.subscribed.addAll(List.of(requests));
		return super.subscribe(requests);
	}

	@Override
	public CompletableFuture<UnsubscribeResult> unsubscribe(SubscriptionHolder holder, String... filters) {
		this.calls.add("unsubscribe");
		for (String filter : filters) {
			this.unsubscribed.add(holder + " " + filter);
		}
		return this.unsubscribing;
	}

	@Override
	public boolean isHandlerThread() {
		return Thread.currentThread() == this.handlerThread;
	}

	@Override
	public void listenerFailed(String topic, Throwable cause) {
		this.reported.add(cause);
	}

}
