package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * User name and password of a CONNECT (MQTT 5 §3.1.3.5). Never printed.
 *
 * @since 0.1.0
 */
public final class MqttCredentials {

	private final @Nullable String username;

	private final byte @Nullable [] password;

	private MqttCredentials(@Nullable String username, byte @Nullable [] password) {
		this.username = username;
		this.password = password;
	}

	/**
	 * Create credentials with a text password.
	 * @param username the user name, {@code null} for none
	 * @param password the password, {@code null} for none
	 * @return the credentials
	 */
	public static MqttCredentials of(@Nullable String username, @Nullable String password) {
		return new MqttCredentials(username, (password != null) ? password.getBytes(StandardCharsets.UTF_8) : null);
	}

	/**
	 * Create credentials with a binary password.
	 * @param username the user name, {@code null} for none
	 * @param password the password, {@code null} for none
	 * @return the credentials
	 */
	public static MqttCredentials of(@Nullable String username, byte @Nullable [] password) {
		return new MqttCredentials(username, (password != null) ? password.clone() : null);
	}

	/**
	 * Return the user name.
	 * @return the user name, {@code null} for none
	 */
	public @Nullable String username() {
		return this.username;
	}

	/**
	 * Return the password.
	 * @return a copy of the password, {@code null} for none
	 */
	public byte @Nullable [] password() {
		return (this.password != null) ? this.password.clone() : null;
	}

	boolean isSameAs(@Nullable MqttCredentials other) {
		return other != null && Objects.equals(this.username, other.username)
				&& Arrays.equals(this.password, other.password);
	}

	@Override
	public String toString() {
		return "MqttCredentials[******]";
	}

}
