package io.github.mqttspringboot.client;

/**
 * The state of a {@link ManagedMqttClient}.
 *
 * @since 0.1.0
 */
public enum ClientState {

	/** Not started, or stopped on purpose. */
	STOPPED,

	/** An attempt to connect, or a probe after a failure, is under way. */
	CONNECTING,

	/** The server has accepted the connection. */
	CONNECTED,

	/** Waiting for the next attempt. */
	WAITING,

	/** Stopped by a fatal failure; some kinds are probed from time to time. */
	FAILED,

	/** Disconnecting on purpose, perhaps once what is in flight has finished. */
	STOPPING

}
