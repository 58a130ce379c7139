package io.github.mqttspringboot.fuzz;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Keeps the project's log from the console, and what is wrong in it.
 */
final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.mqttspringboot");

	private final Queue<String> errors = new ConcurrentLinkedQueue<>();

	LogWatch() {
		setContext(this.logger.getLoggerContext());
		start();
		this.logger.setAdditive(false);
		this.logger.addAppender(this);
	}

	/**
	 * Return the errors of the client itself. A failure that stops the client is logged
	 * as an error too, but without an exception.
	 * @return the messages
	 */
	Queue<String> errors() {
		return this.errors;
	}

	@Override
	protected void append(ILoggingEvent event) {
		boolean internal = event.getFormattedMessage().contains("error in the client itself")
				|| event.getFormattedMessage().contains("internal-error");
		if (internal || (event.getLevel() == Level.ERROR && event.getThrowableProxy() != null)) {
			String thrown = (event.getThrowableProxy() != null)
					? " " + event.getThrowableProxy().getClassName() + ": " + event.getThrowableProxy().getMessage()
					: "";
			this.errors.add(event.getFormattedMessage() + thrown);
		}
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
		this.logger.setAdditive(true);
		stop();
	}

}
