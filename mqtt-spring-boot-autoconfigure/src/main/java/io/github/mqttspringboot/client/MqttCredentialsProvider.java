package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.MaskedException;

/**
 * Supplies credentials before each CONNECT. Called off the client's engine thread; may
 * block up to {@code mqtt.connect-timeout}, and an exception fails the attempt with
 * {@code CREDENTIALS_UNAVAILABLE}. Because its message may hold a secret, nobody is shown
 * more than its class and stack trace, and those of its causes, as a
 * {@link MaskedException}: a provider logs by itself what may be known.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttCredentialsProvider {

	/**
	 * Return the credentials for the next CONNECT.
	 * @param clientName the name of the client
	 * @return the credentials, {@code null} for none
	 */
	@Nullable MqttCredentials getCredentials(String clientName);

}
