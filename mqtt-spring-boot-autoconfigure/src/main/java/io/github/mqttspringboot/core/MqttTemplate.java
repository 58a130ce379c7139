package io.github.mqttspringboot.core;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.Assert;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;

/**
 * {@link MqttOperations} on a {@link ManagedMqttClient}.
 *
 * @since 0.1.0
 */
public class MqttTemplate implements MqttOperations {

	private final ManagedMqttClient client;

	private final PayloadWriter payloadWriter;

	/**
	 * Create a template that publishes bytes and strings.
	 * @param client the client
	 */
	public MqttTemplate(ManagedMqttClient client) {
		this(client, null);
	}

	/**
	 * Create a template that publishes bytes, strings and what the converter takes.
	 * @param client the client
	 * @param messageConverter converts payloads to {@code byte[]} or {@link String} and
	 * may set the content type header, {@code null} for none
	 */
	public MqttTemplate(ManagedMqttClient client, @Nullable MessageConverter messageConverter) {
		Assert.notNull(client, "'client' must not be null");
		this.client = client;
		this.payloadWriter = new PayloadWriter(messageConverter);
	}

	@Override
	public CompletableFuture<PublishResult> publish(String topic, Object payload) {
		return publish(topic, payload, (builder) -> {
		});
	}

	@Override
	public CompletableFuture<PublishResult> publish(String topic, Object payload,
			Consumer<PublishRequest.Builder> customizer) {
		Assert.notNull(topic, "'topic' must not be null");
		Assert.notNull(payload, "'payload' must not be null");
		Assert.notNull(customizer, "'customizer' must not be null");
		PublishRequest request;
		try {
			PublishRequest.Builder builder = PublishRequest.to(topic);
			this.payloadWriter.write(topic, payload, builder);
			customizer.accept(builder);
			request = builder.build();
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		return this.client.publish(request);
	}

}
