package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@link MqttConnectionDetails} from {@link MqttProperties}.
 */
class PropertiesMqttConnectionDetails implements MqttConnectionDetails {

	private final List<URI> servers;

	private final @Nullable String username;

	private final @Nullable String password;

	PropertiesMqttConnectionDetails(MqttProperties properties) {
		this.servers = servers(properties.getServers());
		this.username = properties.getUsername();
		this.password = properties.getPassword();
	}

	private static List<URI> servers(List<String> values) {
		if (values.isEmpty()) {
			throw new InvalidMqttPropertyException("mqtt.servers", "", "There is no server.", ServerUri.ACTION);
		}
		List<URI> servers = new ArrayList<>();
		for (String value : values) {
			try {
				servers.add(ServerUri.parse(value));
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidMqttPropertyException("mqtt.servers", ServerUri.mask(value, values),
						ServerUri.reason(ex, values), ServerUri.ACTION);
			}
		}
		return List.copyOf(servers);
	}

	@Override
	public List<URI> getServers() {
		return this.servers;
	}

	@Override
	public @Nullable String getUsername() {
		return this.username;
	}

	@Override
	public @Nullable String getPassword() {
		return this.password;
	}

}
