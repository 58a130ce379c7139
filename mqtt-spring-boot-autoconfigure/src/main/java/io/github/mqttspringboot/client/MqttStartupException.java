package io.github.mqttspringboot.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The client could not connect while the application started, and
 * {@code mqtt.startup-mode=fail-fast} asked for it.
 *
 * @since 0.1.0
 */
public class MqttStartupException extends IllegalStateException {

	private final String clientName;

	private final transient List<String> servers;

	private final transient @Nullable MqttFailure failure;

	private final transient @Nullable Classification classification;

	/**
	 * Create the exception.
	 * @param message what happened, to which client
	 * @param clientName the name of the client
	 * @param servers the servers' URIs in the order of preference, without user
	 * information
	 * @param failure the last failure, {@code null} if no attempt had ended in time
	 * @param classification the verdict on the failure, {@code null} without one
	 */
	public MqttStartupException(String message, String clientName, List<String> servers, @Nullable MqttFailure failure,
			@Nullable Classification classification) {
		super(message, (failure != null) ? failure.cause() : null);
		this.clientName = clientName;
		this.servers = List.copyOf(servers);
		this.failure = failure;
		this.classification = classification;
	}

	/**
	 * Return the name of the client.
	 * @return {@code default} or the name under {@code mqtt.clients}
	 */
	public String getClientName() {
		return this.clientName;
	}

	/**
	 * Return the servers.
	 * @return the URIs in the order of preference
	 */
	public List<String> getServers() {
		return this.servers;
	}

	/**
	 * Return the last failure.
	 * @return the failure, {@code null} if no attempt had ended in time
	 */
	public @Nullable MqttFailure getFailure() {
		return this.failure;
	}

	/**
	 * Return the verdict on the failure.
	 * @return the class and the rule that decided, {@code null} without a failure
	 */
	public @Nullable Classification getClassification() {
		return this.classification;
	}

}
