package io.github.mqttspringboot.event;

/**
 * The server has accepted the connection.
 *
 * @since 0.1.0
 */
public class MqttConnectedEvent extends MqttConnectionEvent {

	private final String server;

	private final boolean reconnect;

	private final boolean sessionPresent;

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param server the server's URI
	 * @param reconnect whether a connection was lost before
	 * @param sessionPresent the Session Present flag of the CONNACK
	 */
	public MqttConnectedEvent(Object source, String clientName, String server, boolean reconnect,
			boolean sessionPresent) {
		super(source, clientName, null, null);
		this.server = server;
		this.reconnect = reconnect;
		this.sessionPresent = sessionPresent;
	}

	/**
	 * Return the server.
	 * @return the server's URI
	 */
	public String getServer() {
		return this.server;
	}

	/**
	 * Return whether a connection was lost before.
	 * @return {@code true} if this is a reconnect
	 */
	public boolean isReconnect() {
		return this.reconnect;
	}

	/**
	 * Return whether the server has kept the session (MQTT 5 §3.2.2.1.1).
	 * @return the Session Present flag
	 */
	public boolean isSessionPresent() {
		return this.sessionPresent;
	}

}
