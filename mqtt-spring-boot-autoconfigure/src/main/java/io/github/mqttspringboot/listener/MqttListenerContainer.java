package io.github.mqttspringboot.listener;

import java.util.List;

import org.springframework.context.SmartLifecycle;

import io.github.mqttspringboot.client.ManagedMqttClient;

/**
 * Runs one listener: subscribes its topic filters, calls it with their messages and
 * acknowledges them. Thread-safe.
 *
 * @since 0.1.0
 */
public interface MqttListenerContainer extends SmartLifecycle {

	/**
	 * Return the id of the listener.
	 * @return the id
	 */
	String getId();

	/**
	 * Return the client that the listener uses.
	 * @return the client
	 */
	ManagedMqttClient getClient();

	/**
	 * Return the topic filters as they are subscribed.
	 * @return the topic filters
	 */
	List<String> getFilters();

	/**
	 * Subscribe before the client starts, because the application does: a session that
	 * the server has kept may have messages as soon as there is a connection. What comes
	 * waits for {@link #start()}, unacknowledged. Has no effect unless both the listener
	 * and its client start by themselves, and neither has.
	 */
	default void prepare() {
	}

	/**
	 * Subscribe, and call the listener with what comes. Does not wait for the server.
	 */
	@Override
	void start();

	/**
	 * Unsubscribe, and wait for the messages that have come, up to the shutdown timeout.
	 * When it returns no message is handed to the listener any more. One that takes
	 * longer goes on, and is acknowledged when it is done; those that are not begun by
	 * then wait for the next start, unacknowledged, and so hold back the acknowledgements
	 * behind them. On a thread of the listener itself, and in a message handler of the
	 * client, it does not wait. A container that is suspended processes what it has put
	 * aside.
	 */
	@Override
	void stop();

	/**
	 * Unsubscribe, without waiting.
	 * @param callback called once, when the messages that have come are processed, or
	 * after the shutdown timeout; from then on no message is handed to the listener
	 */
	@Override
	void stop(Runnable callback);

	/**
	 * Stop because the application stops: the topic filters stay subscribed, so that the
	 * server keeps messages for the session. What comes from now on is neither processed
	 * nor acknowledged until the next start or stop, nor is what is not begun after the
	 * shutdown timeout; if the client goes on, that holds up its other users.
	 * @param callback called once, when the messages that have come are processed, or
	 * after the shutdown timeout
	 */
	void suspend(Runnable callback);

	/**
	 * Return whether the container is subscribed, but does not run: because of
	 * {@link #prepare()} or {@link #suspend(Runnable)}. The next start of the application
	 * starts it.
	 * @return {@code true} if what comes is put aside
	 */
	default boolean isSuspended() {
		return false;
	}

}
