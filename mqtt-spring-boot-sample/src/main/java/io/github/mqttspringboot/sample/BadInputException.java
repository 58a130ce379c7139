package io.github.mqttspringboot.sample;

/**
 * A request that makes no sense. The message is for the caller.
 */
class BadInputException extends RuntimeException {

	BadInputException(String message) {
		super(message);
	}

}
