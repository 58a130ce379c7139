package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the MQTT client connects to, and as whom. A bean of this type replaces the
 * properties {@code mqtt.servers}, {@code mqtt.username} and {@code mqtt.password}.
 *
 * @since 0.1.0
 */
public interface MqttConnectionDetails extends ConnectionDetails {

	/**
	 * Return the servers.
	 * @return the URIs in the order of preference, at least one, with the scheme
	 * {@code mqtt} or {@code tcp} and without user information; the default port is 1883
	 */
	List<URI> getServers();

	/**
	 * Return the user name to log in with.
	 * @return the user name, {@code null} for none
	 */
	default @Nullable String getUsername() {
		return null;
	}

	/**
	 * Return the password to log in with.
	 * @return the password, {@code null} for none
	 */
	default @Nullable String getPassword() {
		return null;
	}

}
