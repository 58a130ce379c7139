package io.github.mqttspringboot.docker.compose;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;

/**
 * {@link DockerComposeConnectionDetailsFactory} to create {@link MqttConnectionDetails}
 * for an {@code eclipse-mosquitto}, {@code emqx/emqx} or {@code hivemq/hivemq-ce}
 * service.
 */
class MqttDockerComposeConnectionDetailsFactory extends DockerComposeConnectionDetailsFactory<MqttConnectionDetails> {

	private static final String[] CONNECTION_NAMES = { "eclipse-mosquitto", "emqx/emqx", "hivemq/hivemq-ce" };

	private static final int PORT = 1883;

	private static final int TLS_PORT = 8883;

	MqttDockerComposeConnectionDetailsFactory() {
		super(CONNECTION_NAMES);
	}

	@Override
	protected MqttConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
		return new MqttDockerComposeConnectionDetails(source.getRunningService());
	}

	/**
	 * {@link MqttConnectionDetails} backed by a {@link RunningService}.
	 */
	static final class MqttDockerComposeConnectionDetails extends DockerComposeConnectionDetails
			implements MqttConnectionDetails {

		private final List<URI> servers;

		private final EmqxEnvironment environment;

		private final @Nullable SslBundle sslBundle;

		private MqttDockerComposeConnectionDetails(RunningService service) {
			super(service);
			this.sslBundle = getSslBundle(service);
			this.environment = new EmqxEnvironment(service.env());
			this.servers = List.of((this.sslBundle != null) ? uri("mqtts", service.host(), tlsPort(service.ports()))
					: uri("mqtt", service.host(), service.ports().get(PORT)));
		}

		private static URI uri(String scheme, String host, int port) {
			return URI.create("%s://%s:%d".formatted(scheme, host, port));
		}

		// A server with nothing but TLS may well have it on the usual port
		private static int tlsPort(ConnectionPorts ports) {
			try {
				return ports.get(TLS_PORT);
			}
			catch (IllegalStateException ex) {
				return ports.get(PORT);
			}
		}

		@Override
		public List<URI> getServers() {
			return this.servers;
		}

		@Override
		public @Nullable String getUsername() {
			return this.environment.getUsername();
		}

		@Override
		public @Nullable String getPassword() {
			return this.environment.getPassword();
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return this.sslBundle;
		}

	}

}
