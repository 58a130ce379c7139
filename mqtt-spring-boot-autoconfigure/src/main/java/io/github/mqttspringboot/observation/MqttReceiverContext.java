package io.github.mqttspringboot.observation;

import java.util.List;

import io.micrometer.observation.transport.Propagator;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.UserProperty;

/**
 * A message that a listener or a handler is called with. What identifies the trace comes
 * from its user properties (MQTT 5 §3.3.2.3.7).
 *
 * @since 0.1.0
 */
public class MqttReceiverContext extends ReceiverContext<ReceivedMessage> {

	private final ManagedMqttClient client;

	private final ReceivedMessage message;

	private final String listenerId;

	private final @Nullable String filter;

	/**
	 * Create the context.
	 * @param client the client that received the message
	 * @param message the message
	 * @param listenerId the id of the listener, or what a handler is called
	 * @param filter the topic filter that matches, {@code null} if none does, and for
	 * handlers
	 */
	public MqttReceiverContext(ManagedMqttClient client, ReceivedMessage message, String listenerId,
			@Nullable String filter) {
		super(new UserPropertyGetter());
		this.client = client;
		this.message = message;
		this.listenerId = listenerId;
		this.filter = filter;
		setCarrier(message);
		setRemoteServiceName(Keys.SYSTEM);
		setRemoteServiceAddress(client.connection().server());
	}

	/**
	 * Return the client that received the message.
	 * @return the client
	 */
	public ManagedMqttClient getClient() {
		return this.client;
	}

	/**
	 * Return the message.
	 * @return the message
	 */
	public ReceivedMessage getMessage() {
		return this.message;
	}

	/**
	 * Return the id of the listener.
	 * @return the id; of a handler the name of its holder, or {@code application}
	 */
	public String getListenerId() {
		return this.listenerId;
	}

	/**
	 * Return the topic filter of the listener that matches.
	 * @return the filter as it is subscribed, {@code null} if none matches, and of a
	 * handler
	 */
	public @Nullable String getFilter() {
		return this.filter;
	}

	/** Of several user properties with one name the last counts, as for headers. */
	private static final class UserPropertyGetter implements Propagator.Getter<ReceivedMessage> {

		@Override
		public @Nullable String get(ReceivedMessage carrier, String key) {
			String value = null;
			for (UserProperty property : carrier.properties().userProperties()) {
				if (property.name().equals(key)) {
					value = property.value();
				}
			}
			return value;
		}

		@Override
		public Iterable<String> getAll(ReceivedMessage carrier, String key) {
			List<UserProperty> properties = carrier.properties().userProperties();
			return properties.stream()
				.filter((property) -> property.name().equals(key))
				.map(UserProperty::value)
				.toList();
		}

	}

}
