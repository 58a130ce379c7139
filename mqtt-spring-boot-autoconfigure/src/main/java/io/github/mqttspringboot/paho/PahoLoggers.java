package io.github.mqttspringboot.paho;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps Paho from logging each lost connection as SEVERE with a stack trace: what happens
 * is reported by the client. A level that somebody has set is left alone.
 */
final class PahoLoggers {

	// Held, because java.util.logging forgets a level with its logger
	private final Logger logger = Logger.getLogger("org.eclipse.paho.mqttv5");

	/**
	 * Quieten the loggers, for as long as this object lives.
	 */
	void quieten() {
		if (this.logger.getLevel() == null) {
			this.logger.setLevel(Level.OFF);
		}
	}

}
