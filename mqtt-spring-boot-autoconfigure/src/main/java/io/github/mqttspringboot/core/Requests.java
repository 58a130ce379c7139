package io.github.mqttspringboot.core;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttNotConnectedException;
import io.github.mqttspringboot.client.MqttOperationTimeoutException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * Requests that wait for their replies (MQTT 5 §4.10). Each is known by its correlation
 * data, which nobody can guess. Thread-safe.
 */
final class Requests {

	private static final int CORRELATION_DATA_BYTES = 16;

	private final ManagedMqttClient client;

	private final PayloadReader payloadReader;

	private final String replyTopic;

	private final Duration timeout;

	private final ReplySubscription subscription;

	private final UnmatchedReplies unmatched;

	private final SecureRandom random = new SecureRandom();

	private final Map<ByteBuffer, PendingRequest> pending = new ConcurrentHashMap<>();

	Requests(ManagedMqttClient client, PayloadReader payloadReader, @Nullable String replyTopic, Duration timeout) {
		this.client = client;
		this.payloadReader = payloadReader;
		this.replyTopic = (replyTopic != null) ? replyTopic : ownReplyTopic();
		this.timeout = timeout;
		this.subscription = new ReplySubscription(client, this.replyTopic, this::received);
		this.unmatched = new UnmatchedReplies(client);
	}

	// A client identifier may have any character, a level of a topic name may not
	private String ownReplyTopic() {
		return "replies/" + this.client.connection().clientId().replaceAll("[/+#$\\p{Cntrl}]", "_") + "/"
				+ HexFormat.of().formatHex(randomBytes(8));
	}

	private byte[] randomBytes(int length) {
		byte[] bytes = new byte[length];
		this.random.nextBytes(bytes);
		return bytes;
	}

	/**
	 * Publish a request.
	 * @param builder the request
	 * @param replyType what the reply is converted to
	 * @return the reply
	 */
	CompletableFuture<Object> send(PublishRequest.Builder builder, Type replyType) {
		byte[] correlationData = randomBytes(CORRELATION_DATA_BYTES);
		PublishRequest request = builder.responseTopic(this.replyTopic).correlationData(correlationData).build();
		PendingRequest pending = new PendingRequest(request, ByteBuffer.wrap(correlationData), replyType);
		this.pending.put(pending.key, pending);
		CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();
		pending.reply.whenComplete((reply, failure) -> {
			this.pending.remove(pending.key);
			timer.cancel(false);
		});
		timer.completeOnTimeout(null, this.timeout.toNanos(), TimeUnit.NANOSECONDS)
			.thenRunAsync(() -> timeOut(pending), this.client.futureExecutor());
		this.subscription.subscribe().whenComplete((result, failure) -> {
			if (failure != null) {
				pending.fail(failure);
			}
			else if (!pending.reply.isDone()) {
				publish(pending);
			}
		});
		return pending.reply;
	}

	private void publish(PendingRequest pending) {
		pending.handedOver = true;
		this.client.publish(pending.request).whenComplete((result, failure) -> {
			pending.published = result;
			if (failure != null) {
				pending.fail(failure);
			}
		});
	}

	private @Nullable CompletionStage<?> received(ReceivedMessage message) {
		byte[] correlationData = message.properties().correlationData();
		PendingRequest pending = (correlationData != null) ? this.pending.remove(ByteBuffer.wrap(correlationData))
				: null;
		if (pending == null) {
			this.unmatched.add(message);
			return null;
		}
		// Off the thread that brings the messages: the application does what it likes
		// there
		this.client.futureExecutor().execute(() -> complete(pending, message));
		return null;
	}

	private void complete(PendingRequest pending, ReceivedMessage message) {
		Object reply;
		try {
			reply = this.payloadReader.read(message, pending.replyType);
		}
		catch (Throwable ex) {
			pending.fail(ex);
			return;
		}
		pending.reply.complete(reply);
	}

	private void timeOut(PendingRequest pending) {
		if (pending.reply.isDone()) {
			return;
		}
		MqttFailure failure = MqttFailure
			.local((pending.handedOver) ? LocalError.ACK_TIMEOUT : LocalError.NOT_CONNECTED)
			.topic(pending.request.topic())
			.detail("no reply came on " + this.replyTopic + " within " + this.timeout.toMillis() + " ms ('"
					+ ClientSettings.property(this.client.name(), "request.timeout") + "')" + state(pending))
			.build();
		pending.fail(new MqttOperationTimeoutException(message(failure), failure, classify(failure)));
	}

	private String state(PendingRequest pending) {
		if (!pending.handedOver) {
			return "; it was not sent, for the subscription of the reply topic has not been acknowledged";
		}
		PublishResult published = pending.published;
		if (published == null) {
			return "; the request itself has not been acknowledged";
		}
		MqttFailure refusal = this.subscription.refusal();
		if (refusal != null) {
			return "; the server has refused to restore the subscription of the reply topic: " + refusal;
		}
		return (published.reasonCode() == ReasonCode.NO_MATCHING_SUBSCRIBERS)
				? "; the server had no subscriber for it (0x10 No matching subscribers)"
				: "; whether it was processed is unknown";
	}

	/**
	 * Give up waiting: the client has stopped, and no reply will come.
	 */
	void stopped() {
		for (PendingRequest pending : this.pending.values()) {
			MqttFailure failure = MqttFailure.local(LocalError.NOT_CONNECTED)
				.topic(pending.request.topic())
				.detail("the client has stopped while the request waited for its reply on " + this.replyTopic
						+ ((pending.handedOver) ? "; whether it was processed is unknown" : "; it was not sent"))
				.build();
			MqttNotConnectedException exception = new MqttNotConnectedException(message(failure), failure,
					classify(failure));
			this.client.futureExecutor().execute(() -> pending.fail(exception));
		}
	}

	int pendingCount() {
		return this.pending.size();
	}

	long unmatchedCount() {
		return this.unmatched.count();
	}

	private String message(MqttFailure failure) {
		return String.format(Locale.ROOT, "MQTT client '%s' (id '%s'): request failed: %s", this.client.name(),
				Printable.escape(this.client.connection().clientId()), failure);
	}

	private static Classification classify(MqttFailure failure) {
		return new Classification(DefaultErrorTable.standard().errorClass(failure), Classification.DEFAULT_RULE);
	}

}
