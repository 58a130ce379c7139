package io.github.mqttspringboot.listener;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Topics;

/**
 * Publishes a message that could not be processed to a dead-letter topic, with QoS 1:
 * payload, content type, response topic, correlation data and user properties as they
 * came, and further user properties that say what happened. A message that came by the
 * dead-letter topic itself is not published again.
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
			return CompletableFuture.failedFuture(
					new IllegalStateException("it came by the dead-letter topic " + Printable.escape(this.topic)));
		}
		PublishProperties properties = message.properties();
		PublishRequest.Builder builder = PublishRequest.to(this.topic)
			.payload(message.payload())
			.qos(Math.min(1, this.client.connection().limits().maximumQos()))
			.retain(false)
			.contentType(properties.contentType())
			.responseTopic(properties.responseTopic())
			.correlationData(properties.correlationData());
		properties.userProperties().forEach((property) -> builder.userProperty(property.name(), property.value()));
		Throwable cause = failure.getCause();
		builder.userProperty(ORIGINAL_TOPIC, message.topic())
			.userProperty(LISTENER, Printable.escape(failure.getListenerId()))
			.userProperty(REASON,
					"not processed after " + failure.getAttempts()
							+ ((failure.getAttempts() == 1) ? " attempt" : " attempts"))
			.userProperty(EXCEPTION, (cause != null) ? cause.getClass().getName() : failure.getClass().getName());
		if (cause != null && cause.getMessage() != null) {
			builder.userProperty(EXCEPTION_MESSAGE, Printable.escape(cause.getMessage()));
		}
		return this.client.publish(builder.build());
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
