package io.github.mqttspringboot.observation;

import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.core.MqttPublishInterceptor.Operation;
import io.github.mqttspringboot.packet.Utf8;

/**
 * A message that a client or a template sends. What identifies the trace goes into user
 * properties (MQTT 5 §3.3.2.3.7), instead of those of the same names that the message may
 * have from elsewhere.
 *
 * @since 0.1.0
 */
public class MqttSenderContext extends SenderContext<PublishRequest.Builder> {

	private final ManagedMqttClient client;

	private final Operation operation;

	private final String topic;

	/**
	 * Create the context.
	 * @param client the client that publishes the message
	 * @param operation what the template was called for
	 * @param message the message
	 */
	public MqttSenderContext(ManagedMqttClient client, Operation operation, PublishRequest.Builder message) {
		super((carrier, name, value) -> set(carrier, name, value));
		this.client = client;
		this.operation = operation;
		this.topic = message.topic();
		setCarrier(message);
		setRemoteServiceName(Keys.SYSTEM);
		setRemoteServiceAddress(client.connection().server());
	}

	// A baggage of the application must not be why a message is not sent
	private static void set(PublishRequest.@Nullable Builder carrier, String name, String value) {
		if (carrier != null && Utf8.check(name) == null && Utf8.check(value) == null) {
			carrier.replaceUserProperty(name, value);
		}
	}

	/**
	 * Return the client that publishes the message.
	 * @return the client
	 */
	public ManagedMqttClient getClient() {
		return this.client;
	}

	/**
	 * Return what was called for: by a client always {@link Operation#PUBLISH}.
	 * @return the operation
	 */
	public Operation getOperation() {
		return this.operation;
	}

	/**
	 * Return the topic name.
	 * @return the topic name
	 */
	public String getTopic() {
		return this.topic;
	}

}
