package io.github.mqttspringboot.testcontainers;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.springframework.boot.testcontainers.service.connection.Ssl;
import org.testcontainers.containers.Container;

import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;

/**
 * Makes {@link MqttConnectionDetails} of any container with an MQTT server in it.
 *
 * @param <C> the type of the container
 */
abstract class AbstractMqttContainerConnectionDetailsFactory<C extends Container<?>>
		extends ContainerConnectionDetailsFactory<C, MqttConnectionDetails> {

	private static final int PORT = 1883;

	private static final int TLS_PORT = 8883;

	AbstractMqttContainerConnectionDetailsFactory(List<String> connectionNames) {
		super(connectionNames);
	}

	AbstractMqttContainerConnectionDetailsFactory(String... requiredClassNames) {
		super(ANY_CONNECTION_NAME, requiredClassNames);
	}

	@Override
	protected MqttConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<C> source) {
		return new MqttContainerConnectionDetails<>(source);
	}

	/**
	 * {@link MqttConnectionDetails} backed by a {@link ContainerConnectionSource}.
	 *
	 * @param <C> the type of the container
	 */
	static final class MqttContainerConnectionDetails<C extends Container<?>> extends ContainerConnectionDetails<C>
			implements MqttConnectionDetails {

		private MqttContainerConnectionDetails(ContainerConnectionSource<C> source) {
			super(source);
		}

		@Override
		public List<URI> getServers() {
			C container = getContainer();
			boolean tls = getSslBundle() != null || hasAnnotation(Ssl.class);
			// A server with nothing but TLS may well have it on the usual port
			int port = (tls && container.getExposedPorts().contains(TLS_PORT)) ? TLS_PORT : PORT;
			return List.of(URI.create("%s://%s:%d".formatted((tls) ? "mqtts" : "mqtt", container.getHost(),
					container.getMappedPort(port))));
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return super.getSslBundle();
		}

	}

}
