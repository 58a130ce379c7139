package io.github.mqttspringboot.listener;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Topics;

/**
 * Publishes a message that could not be processed to a dead-letter topic, with QoS 1:
 * payload, content type, response topic, correlation data and user properties as they
 * came, and further user properties that say what happened. If that is more than the
 * server takes, all but the payload and what happened is left out; if it still is, or if
 * the message came by the dead-letter topic itself, it is not published.
 *
 * @since 0.1.0
 */
public class DeadLetterPublishingRecoverer implements MqttMessageRecoverer {

	/** The user property with the topic name of the message. */
	public static final String ORIGINAL_TOPIC = "dead-letter-original-topic";

	/** The user property with the id of the listener. */
	public static final String LISTENER = "dead-letter-listener";

	/** The user property with why the message is a dead letter, in words. */
	public static final String REASON = "dead-letter-reason";

	/** The user property with the class name of the exception. */
	public static final String EXCEPTION = "dead-letter-exception";

	/** The user property with the message of the exception, 512 characters at most. */
	public static final String EXCEPTION_MESSAGE = "dead-letter-exception-message";

	private final ManagedMqttClient client;

	private final String topic;

	/**
	 * Create a recoverer.
	 * @param client publishes the messages
	 * @param topic the dead-letter topic
	 * @throws IllegalArgumentException if it is no valid topic name
	 */
	public DeadLetterPublishingRecoverer(ManagedMqttClient client, String topic) {
		String problem = Topics.checkName(topic);
		Assert.isTrue(problem == null, () -> "'topic' is not a topic name: " + problem);
		this.client = client;
		this.topic = topic;
	}

	@Override
	public @Nullable CompletionStage<?> recover(ReceivedMessage message, MqttListenerException failure) {
		if (message.topic().equals(this.topic)) {
			return CompletableFuture.failedFuture(new NoDeadLetterException(
					"it came by the dead-letter topic " + Printable.escape(this.topic), null));
		}
		return this.client.publish(request(message, failure, true))
			.exceptionallyCompose((ex) -> (isTooLarge(ex)) ? this.client.publish(request(message, failure, false))
					: CompletableFuture.failedFuture(ex))
			.exceptionallyCompose((ex) -> CompletableFuture
				.failedFuture((isTooLarge(ex)) ? new NoDeadLetterException("it is too large for the server", ex) : ex));
	}

	// What came with the message may be left out, but for the payload
	private PublishRequest request(ReceivedMessage message, MqttListenerException failure, boolean complete) {
		Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
		PublishRequest.Builder builder = PublishRequest.to(this.topic)
			.payload(message.payload())
			.qos(Math.min(1, this.client.connection().limits().maximumQos()))
			.retain(false)
			// It stays in the trace of its message, whose user properties it keeps
			.observed(false)
			.userProperty(ORIGINAL_TOPIC, message.topic())
			.userProperty(LISTENER, Printable.escape(failure.getListenerId()))
			.userProperty(REASON,
					"not processed after " + failure.getAttempts()
							+ ((failure.getAttempts() == 1) ? " attempt" : " attempts"))
			.userProperty(EXCEPTION, cause.getClass().getName());
		if (complete) {
			complete(builder, message.properties(), cause.getMessage());
		}
		return builder.build();
	}

	private static void complete(PublishRequest.Builder builder, PublishProperties properties,
			@Nullable String exceptionMessage) {
		if (exceptionMessage != null) {
			builder.userProperty(EXCEPTION_MESSAGE, Printable.escape(exceptionMessage));
		}
		builder.contentType(properties.contentType()).correlationData(properties.correlationData());
		String responseTopic = properties.responseTopic();
		if (responseTopic != null && Topics.checkName(responseTopic) == null) {
			builder.responseTopic(responseTopic);
		}
		properties.userProperties().forEach((property) -> builder.userProperty(property.name(), property.value()));
	}

	private static boolean isTooLarge(Throwable ex) {
		Throwable cause = (ex instanceof CompletionException && ex.getCause() != null) ? ex.getCause() : ex;
		return cause instanceof MqttOperationException failed
				&& (failed.getFailure().localError() == LocalError.PACKET_TOO_LARGE
						|| failed.getFailure().reasonCode() == ReasonCode.PACKET_TOO_LARGE);
	}

	/**
	 * Return what this does with a message, for people.
	 * @return the description
	 */
	@Override
	public String toString() {
		return "published to the dead-letter topic " + Printable.escape(this.topic);
	}

}
