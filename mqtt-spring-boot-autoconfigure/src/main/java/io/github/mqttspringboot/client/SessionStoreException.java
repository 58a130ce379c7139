package io.github.mqttspringboot.client;

/**
 * A session store could not be opened.
 */
final class SessionStoreException extends Exception {

	SessionStoreException(String message, Throwable cause) {
		super(message, cause);
	}

}
