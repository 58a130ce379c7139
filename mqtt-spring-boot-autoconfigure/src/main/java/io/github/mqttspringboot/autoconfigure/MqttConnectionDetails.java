package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Where the MQTT client connects to, and as whom. A bean of this type replaces the
 * properties {@code mqtt.servers}, {@code mqtt.username}, {@code mqtt.password} and
 * {@code mqtt.ssl.*}.
 *
 * @since 0.1.0
 */
public interface MqttConnectionDetails extends ConnectionDetails {

	/**
	 * Return the servers.
	 * @return the URIs in the order of preference, at least one, without user information
	 * and with a scheme of {@code mqtt.servers}, which alone decides about TLS
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

	/**
	 * Return the SSL bundle for servers that are reached by TLS.
	 * @return the bundle, {@code null} for the JDK's default
	 */
	default @Nullable SslBundle getSslBundle() {
		return null;
	}

}
