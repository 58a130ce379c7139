package io.github.mqttspringboot.client;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.FatalKind;

/**
 * Where a client without a connection stands.
 *
 * @param attempt how many attempts to connect have failed in a row, 0 while connected
 * @param lostSince when the connection was lost, {@code null} while connected, after a
 * stop on purpose, or if there never was one
 * @param nextAttempt when the client tries again, {@code null} if no attempt is scheduled
 * @param lastIncident the last failure that ended or prevented a connection, {@code null}
 * if there was none
 * @param fatalKind why the client has stopped, also while it probes whether it may
 * connect again, {@code null} unless it has failed
 * @since 0.1.0
 */
public record ReconnectStatus(int attempt, @Nullable Instant lostSince, @Nullable Instant nextAttempt,
		@Nullable MqttIncident lastIncident, @Nullable FatalKind fatalKind) {

}
