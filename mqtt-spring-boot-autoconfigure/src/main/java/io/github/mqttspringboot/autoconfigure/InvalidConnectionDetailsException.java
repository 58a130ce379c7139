package io.github.mqttspringboot.autoconfigure;

/**
 * A {@link MqttConnectionDetails} bean that no client can connect by.
 */
class InvalidConnectionDetailsException extends IllegalStateException {

	private final String action;

	InvalidConnectionDetailsException(MqttConnectionDetails connectionDetails, String problem, String action) {
		super("The MqttConnectionDetails bean of type " + connectionDetails.getClass().getName() + " " + problem);
		this.action = action;
	}

	String getAction() {
		return this.action;
	}

}
