package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.packet.Disconnect;

/**
 * The way out of a connection on purpose: a grace for publishes in flight, then
 * DISCONNECT, then the end of the connection, each bounded. Used on the engine's thread
 * only.
 */
final class Shutdown {

	private static final Duration DISCONNECT_PATIENCE = Duration.ofMillis(1500);

	private final ClientSettings settings;

	private final Scheduler scheduler;

	private final SessionBook sessions;

	private final List<Runnable> whenStopped = new ArrayList<>();

	/** What ends the grace, while there is one. */
	private @Nullable Runnable disconnect;

	Shutdown(ClientSettings settings, Scheduler scheduler, SessionBook sessions) {
		this.settings = settings;
		this.scheduler = scheduler;
		this.sessions = sessions;
	}

	void whenStopped(Runnable stopped) {
		this.whenStopped.add(stopped);
	}

	/**
	 * Return whether publishes are still given time to finish.
	 * @return {@code true} before the DISCONNECT of a graceful stop
	 */
	boolean isDraining() {
		return this.disconnect != null;
	}

	/**
	 * Give publishes time to finish, then disconnect.
	 * @param attempt the connection
	 * @param gone called if the connection does not end by itself
	 */
	void drain(Attempt attempt, Runnable gone) {
		this.disconnect = () -> disconnect(attempt, gone);
		attempt.timer = this.scheduler.schedule(this.settings.publish().timeout(), this::drained);
	}

	/** Nothing is in flight any more, or nobody wants to wait for it. */
	void drained() {
		if (this.disconnect != null) {
			this.disconnect.run();
		}
	}

	/**
	 * Disconnect.
	 * @param attempt the connection
	 * @param gone called if the connection does not end by itself
	 */
	void disconnect(Attempt attempt, Runnable gone) {
		this.disconnect = null;
		attempt.cancelTimer();
		Long expiry = null;
		if (this.settings.clientIdGenerated()) {
			// Nobody can resume this session: the server need not keep it
			expiry = 0L;
			this.sessions.dropped();
		}
		if (attempt.link != null) {
			attempt.link.disconnect(new Disconnect(0, expiry, null, null, List.of()));
		}
		attempt.timer = this.scheduler.schedule(DISCONNECT_PATIENCE, () -> {
			attempt.abort();
			gone.run();
		});
	}

	/**
	 * The client has stopped.
	 * @return whom to tell
	 */
	List<Runnable> stopped() {
		this.disconnect = null;
		List<Runnable> told = List.copyOf(this.whenStopped);
		this.whenStopped.clear();
		return told;
	}

}
