package io.github.mqttspringboot.client;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;

/**
 * The states of a client and the ways between them. Each change is told with its cause.
 * Used on the engine's thread only, but for {@link #state()}.
 */
final class StateMachine {

	private static final Map<ClientState, Set<ClientState>> WAYS = ways();

	private final FailureReporter reporter;

	private volatile ClientState state = ClientState.STOPPED;

	StateMachine(FailureReporter reporter) {
		this.reporter = reporter;
	}

	private static Map<ClientState, Set<ClientState>> ways() {
		Map<ClientState, Set<ClientState>> ways = new EnumMap<>(ClientState.class);
		ways.put(ClientState.STOPPED, EnumSet.of(ClientState.CONNECTING, ClientState.FAILED));
		ways.put(ClientState.CONNECTING,
				EnumSet.of(ClientState.CONNECTED, ClientState.WAITING, ClientState.FAILED, ClientState.STOPPED));
		ways.put(ClientState.CONNECTED,
				EnumSet.of(ClientState.CONNECTING, ClientState.WAITING, ClientState.FAILED, ClientState.STOPPING));
		ways.put(ClientState.WAITING, EnumSet.of(ClientState.CONNECTING, ClientState.STOPPED));
		ways.put(ClientState.FAILED, EnumSet.of(ClientState.CONNECTING, ClientState.STOPPED));
		ways.put(ClientState.STOPPING, EnumSet.of(ClientState.STOPPED));
		return ways;
	}

	static boolean leads(ClientState from, ClientState to) {
		return WAYS.getOrDefault(from, Set.of()).contains(to);
	}

	ClientState state() {
		return this.state;
	}

	boolean is(ClientState state) {
		return this.state == state;
	}

	void to(ClientState next, String cause) {
		to(next, cause, null, null);
	}

	/**
	 * Change the state; nothing happens if it is the present one.
	 * @param next the state
	 * @param cause why, in words for people
	 * @param failure the failure behind it, {@code null} for none
	 * @param classification the verdict on it, {@code null} for none
	 * @throws IllegalStateException if no way leads there
	 */
	void to(ClientState next, String cause, @Nullable MqttFailure failure, @Nullable Classification classification) {
		ClientState previous = this.state;
		if (previous == next) {
			return;
		}
		if (!leads(previous, next)) {
			throw new IllegalStateException("No way leads from " + previous + " to " + next + " (" + cause + ")");
		}
		this.state = next;
		this.reporter.event((source, name) -> new MqttClientStateChangedEvent(source, name, previous.name(),
				next.name(), cause, failure, classification));
	}

}
