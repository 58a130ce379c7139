package io.github.mqttspringboot.testing;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LoggingSystem;

/**
 * All that is logged, of the project's own packages down to TRACE, until it is closed.
 * Applications that are started meanwhile leave the logging system as it is.
 */
public final class LogCapture implements AutoCloseable {

	private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

	private final Logger ours = (Logger) LoggerFactory.getLogger("io.github.mqttspringboot");

	private final Level before = this.ours.getLevel();

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private LogCapture() {
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
		this.appender.start();
		this.root.addAppender(this.appender);
		this.ours.setLevel(Level.TRACE);
	}

	/**
	 * Begin.
	 * @return the capture
	 */
	public static LogCapture start() {
		return new LogCapture();
	}

	/**
	 * Return what was logged so far.
	 * @return the events in their order
	 */
	public List<ILoggingEvent> events() {
		return List.copyOf(this.appender.list);
	}

	/**
	 * Return the messages.
	 * @return what was logged so far, line by line
	 */
	public List<String> messages() {
		return events().stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	/**
	 * Look for secrets in messages, arguments, key values, contexts, exceptions and names
	 * of threads.
	 * @param scanner what looks
	 */
	public void scan(SecretScanner scanner) {
		for (ILoggingEvent event : events()) {
			String place = "log of " + event.getLoggerName();
			scanner.text(place, event.getFormattedMessage());
			scanner.text(place + ", thread", event.getThreadName());
			scanner.walk(place + ", arguments", event.getArgumentArray());
			scanner.walk(place + ", key values", event.getKeyValuePairs());
			scanner.walk(place + ", context", event.getMDCPropertyMap());
			if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
				scanner.walk(place + ", exception", proxy.getThrowable());
			}
		}
	}

	@Override
	public void close() {
		this.ours.setLevel(this.before);
		this.root.detachAppender(this.appender);
		System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
	}

}
