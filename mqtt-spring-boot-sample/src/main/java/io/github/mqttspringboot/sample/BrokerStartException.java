package io.github.mqttspringboot.sample;

/**
 * The embedded broker cannot start.
 */
class BrokerStartException extends RuntimeException {

	private final String address;

	BrokerStartException(String address, Throwable cause) {
		super("The embedded broker cannot start on " + address + ": " + cause.getMessage(), cause);
		this.address = address;
	}

	String getAddress() {
		return this.address;
	}

}
