package io.github.mqttspringboot.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.wire.Will;
import io.github.mqttspringboot.error.UserProperty;

/**
 * How a client is set up. The names and units are those of the {@code mqtt.*} properties.
 *
 * @param name the name of the client
 * @param clientId the client identifier
 * @param clientIdGenerated whether the client identifier was made up, so that nobody can
 * resume its session after a stop
 * @param servers the servers in the order of preference, at least one; user information
 * is dropped, so that no password gets into logs, events and the endpoint
 * @param keepAlive the keep alive, 0 to 65,535 seconds
 * @param connectTimeout from DNS to CONNACK
 * @param cleanStart the Clean Start flag of the first CONNECT
 * @param sessionExpiry the session expiry interval
 * @param receiveMaximum the Receive Maximum, 1 to 65,535
 * @param maximumPacketSize in bytes, {@code null} for the protocol's limit
 * @param requestProblemInformation the Request Problem Information flag
 * @param userProperties the user properties of CONNECT
 * @param will the will message, {@code null} for none
 * @param sslContext the context for TLS, {@code null} for the JDK's default
 * @param autoStartup whether the client starts with the application context
 * @param startupMode what the application's start waits for
 * @param startupTimeout how long it waits
 * @param logInterval how often the same rejection is logged
 * @param incidentHistory how many incidents and rejections are kept
 * @param reconnect the reconnect settings
 * @param publish the publish settings
 * @param subscribe the subscribe settings
 * @param redirect the redirect settings
 * @param persistence where the session's journal is kept
 * @param listener what handlers of messages are given
 * @param poison how what ends each connection is found
 * @since 0.1.0
 */
public record ClientSettings(String name, String clientId, boolean clientIdGenerated, List<URI> servers,
		Duration keepAlive, Duration connectTimeout, boolean cleanStart, Duration sessionExpiry, int receiveMaximum,
		@Nullable Long maximumPacketSize, boolean requestProblemInformation, List<UserProperty> userProperties,
		@Nullable Will will, @Nullable SSLContext sslContext, boolean autoStartup, StartupMode startupMode,
		Duration startupTimeout, Duration logInterval, int incidentHistory, Reconnect reconnect, Publish publish,
		Subscribe subscribe, Redirect redirect, Persistence persistence, Listener listener, Poison poison) {

	private static final String PRIMARY = "default";

	public ClientSettings {
		servers = servers.stream().map(ClientSettings::withoutUserInfo).toList();
		userProperties = List.copyOf(userProperties);
	}

	/**
	 * Return the name of one of this client's properties, for messages.
	 * @param property the name below the client's prefix, for example
	 * {@code publish.timeout}
	 * @return for example {@code mqtt.publish.timeout} or
	 * {@code mqtt.clients.north.publish.timeout}
	 */
	public String property(String property) {
		return property(this.name, property);
	}

	/**
	 * Return the name of one of a client's properties, for messages.
	 * @param client the name of the client
	 * @param property the name below the client's prefix, for example
	 * {@code request.timeout}
	 * @return for example {@code mqtt.request.timeout} or
	 * {@code mqtt.clients.north.request.timeout}
	 */
	public static String property(String client, String property) {
		return (client.equals(PRIMARY) ? "mqtt." : "mqtt.clients." + client + ".") + property;
	}

	private static URI withoutUserInfo(URI server) {
		String authority = server.getRawAuthority();
		int end = (authority != null) ? authority.lastIndexOf('@') : -1;
		if (authority == null || end < 0) {
			return server;
		}
		return URI.create(server.toString().replace("//" + authority, "//" + authority.substring(end + 1)));
	}

	/**
	 * What the application's start waits for.
	 */
	public enum StartupMode {

		/** Nothing: the client connects in the background. */
		BACKGROUND,

		/** The connection, up to the startup timeout; then it goes on without. */
		WAIT,

		/** The connection, up to the startup timeout; then the start fails. */
		FAIL_FAST

	}

	/**
	 * How the client reconnects.
	 *
	 * @param baseDelay the base of the backoff
	 * @param multiplier the multiplier of the backoff, at least 1
	 * @param maxDelay the longest delay
	 * @param floor the shortest delay
	 * @param throttledFloor the shortest delay, and the base, when throttled
	 * @param throttledMaxDelay the longest delay when throttled
	 * @param initialSpread the longest delay of the first reconnect after a stable
	 * connection
	 * @param stableAfter how long a connection must last to count as stable
	 * @param maxAttempts attempts in a row before giving up, 0 for no limit
	 * @param probeInterval how often a failed client that may heal tries again, zero for
	 * never
	 */
	public record Reconnect(Duration baseDelay, double multiplier, Duration maxDelay, Duration floor,
			Duration throttledFloor, Duration throttledMaxDelay, Duration initialSpread, Duration stableAfter,
			int maxAttempts, Duration probeInterval) {

	}

	/**
	 * How the client publishes.
	 *
	 * @param qos the default QoS
	 * @param retain the default RETAIN flag
	 * @param timeout from the call to the acknowledgement
	 * @param maxInFlight QoS 1 and 2 publishes in flight, 1 to 65,535
	 * @param whenDisconnected what happens without a connection
	 * @param bufferSize how many publishes wait for a connection
	 * @param onSessionLoss what happens to QoS 1 publishes in flight when the server has
	 * lost the session
	 */
	public record Publish(int qos, boolean retain, Duration timeout, int maxInFlight, WhenDisconnected whenDisconnected,
			int bufferSize, OnSessionLoss onSessionLoss) {

	}

	/**
	 * What happens to a publish without a connection.
	 */
	public enum WhenDisconnected {

		/** It waits for the connection. */
		BUFFER,

		/** It fails. */
		FAIL

	}

	/**
	 * What happens to QoS 1 publishes in flight when the server has lost the session.
	 */
	public enum OnSessionLoss {

		/** They are sent again, under a new packet identifier. */
		RESEND,

		/** They fail. */
		FAIL

	}

	/**
	 * How the client subscribes.
	 *
	 * @param qos the default QoS
	 * @param timeout from the call to the acknowledgement
	 */
	public record Subscribe(int qos, Duration timeout) {

	}

	/**
	 * Whether the client goes where a Server Reference points to (MQTT 5 §4.13).
	 *
	 * @param enabled whether it does at all
	 * @param allowedHosts the only hosts that it goes to, each with a port
	 * ({@code host:port})
	 */
	public record Redirect(boolean enabled, List<String> allowedHosts) {

		public Redirect {
			allowedHosts = List.copyOf(allowedHosts);
		}

		/**
		 * Return the default: Server References are not followed.
		 * @return the settings
		 */
		public static Redirect disabled() {
			return new Redirect(false, List.of());
		}

	}

	/**
	 * Where the journal of the session is kept: what is in flight, and what is known of
	 * QoS 2.
	 *
	 * @param type in memory or in files
	 * @param directory the directory of the files, {@code null} when in memory
	 */
	public record Persistence(PersistenceType type, @Nullable Path directory) {

		/**
		 * Return the default: in memory.
		 * @return the settings
		 */
		public static Persistence memory() {
			return new Persistence(PersistenceType.MEMORY, null);
		}

	}

	/**
	 * What handlers of messages are given.
	 *
	 * @param queueCapacity how many messages a holder of subscriptions, or a subscription
	 * of the application itself, may have in hand before further ones of QoS 0 are
	 * dropped, at least 1
	 * @param blockedAfter how long a message may hold back the acknowledgements behind it
	 * before its handler is named in the log
	 */
	public record Listener(int queueCapacity, Duration blockedAfter) {

		private static final Duration BLOCKED_AFTER = Duration.ofSeconds(30);

		/**
		 * Create the settings of a client that waits 30 seconds before it names a
		 * handler.
		 * @param queueCapacity how many messages a holder may have in hand
		 */
		public Listener(int queueCapacity) {
			this(queueCapacity, BLOCKED_AFTER);
		}

		/**
		 * Return the defaults.
		 * @return the settings
		 */
		public static Listener defaults() {
			return new Listener(1000);
		}

	}

	/**
	 * How an operation is found that makes the server end the connection each time.
	 *
	 * @param enabled whether it is looked for
	 * @param suspectWindow how long after a write a connection that is closed without a
	 * reason may be closed because of it, more than zero
	 * @param maxStrikes how many connections in a row must end while an operation is
	 * alone in flight before it is quarantined, at least 1
	 */
	public record Poison(boolean enabled, Duration suspectWindow, int maxStrikes) {

		/**
		 * Return the defaults.
		 * @return the settings
		 */
		public static Poison defaults() {
			return new Poison(true, Duration.ofSeconds(2), 2);
		}

	}

	/**
	 * Where the journal of the session is kept.
	 */
	public enum PersistenceType {

		/** In memory: it survives reconnects, not the JVM. */
		MEMORY,

		/** In files: it survives the JVM. */
		FILE

	}

}
