package io.github.mqttspringboot.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.client.ClientSettings.StartupMode;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.listener.AckMode;

/**
 * Properties of one MQTT client: those of {@code mqtt.*} and of
 * {@code mqtt.clients.<name>.*}.
 *
 * @since 0.1.0
 */
public class MqttClientProperties {

	/**
	 * Whether to connect when the application starts.
	 */
	private boolean autoStartup = true;

	/**
	 * URIs of the servers, in the order of preference. The schemes are mqtt and tcp
	 * (default port 1883), mqtts, ssl and tls (8883), ws (80) and wss (443, both with the
	 * default path /mqtt).
	 */
	private List<String> servers = new ArrayList<>(List.of("mqtt://localhost:1883"));

	/**
	 * Client identifier. By default the name of the application and eight random
	 * characters that stay the same until the JVM ends.
	 */
	private @Nullable String clientId;

	/**
	 * User name to log in with.
	 */
	private @Nullable String username;

	/**
	 * Password to log in with.
	 */
	private @Nullable String password;

	/**
	 * Longest time without a packet before the client pings the server, 0 to 65535
	 * seconds. Zero turns it off. If a duration suffix is not specified, seconds will be
	 * used.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration keepAlive = Duration.ofSeconds(60);

	/**
	 * Time that an attempt to connect may take, from the name lookup to the server's
	 * answer.
	 */
	private Duration connectTimeout = Duration.ofSeconds(10);

	/**
	 * Whether the first connection starts a new session. Later ones continue it.
	 */
	private boolean cleanStart = true;

	/**
	 * Time that the server keeps the session without a connection, 0 to 4294967295
	 * seconds, where the largest value means for ever. If a duration suffix is not
	 * specified, seconds will be used.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration sessionExpiry = Duration.ofMinutes(5);

	/**
	 * Number of unacknowledged messages with QoS 1 and 2 that the server may send, 1 to
	 * 65535.
	 */
	private int receiveMaximum = 1000;

	/**
	 * Size of the largest packet that the server may send. By default the limit of the
	 * protocol.
	 */
	private @Nullable DataSize maximumPacketSize;

	/**
	 * Whether the server may explain failures with reason strings and user properties.
	 */
	private boolean requestProblemInformation = true;

	/**
	 * User properties to send when connecting.
	 */
	private Map<String, String> userProperties = new LinkedHashMap<>();

	/**
	 * What the start of the application waits for.
	 */
	private StartupMode startupMode = StartupMode.BACKGROUND;

	/**
	 * Time that the start of the application waits for the connection, unless the startup
	 * mode is background.
	 */
	private Duration startupTimeout = Duration.ofSeconds(30);

	/**
	 * Time in which the same rejection is logged only once, with a count.
	 */
	private Duration logInterval = Duration.ofSeconds(10);

	/**
	 * Number of incidents and rejections to keep for the endpoint.
	 */
	private int incidentHistory = 50;

	/**
	 * What failures mean for the connection, by packet and reason code, or by local and
	 * error: recoverable, reconnect, throttled, redirect, fatal or success. For example
	 * mqtt.error-policy.puback.not-authorized=reconnect.
	 */
	private final Map<String, Map<String, String>> errorPolicy = new LinkedHashMap<>();

	private final Ssl ssl = new Ssl();

	private final Will will = new Will();

	private final Reconnect reconnect = new Reconnect();

	private final Publish publish = new Publish();

	private final Subscribe subscribe = new Subscribe();

	private final Redirect redirect = new Redirect();

	private final Poison poison = new Poison();

	private final Persistence persistence = new Persistence();

	private final Health health = new Health();

	private final Request request = new Request();

	private final Listener listener = new Listener();

	private final Observation observation = new Observation();

	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	public void setAutoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
	}

	public List<String> getServers() {
		return this.servers;
	}

	public void setServers(List<String> servers) {
		this.servers = servers;
	}

	public @Nullable String getClientId() {
		return this.clientId;
	}

	public void setClientId(@Nullable String clientId) {
		this.clientId = clientId;
	}

	public @Nullable String getUsername() {
		return this.username;
	}

	public void setUsername(@Nullable String username) {
		this.username = username;
	}

	public @Nullable String getPassword() {
		return this.password;
	}

	public void setPassword(@Nullable String password) {
		this.password = password;
	}

	public Duration getKeepAlive() {
		return this.keepAlive;
	}

	public void setKeepAlive(Duration keepAlive) {
		this.keepAlive = keepAlive;
	}

	public Duration getConnectTimeout() {
		return this.connectTimeout;
	}

	public void setConnectTimeout(Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
	}

	public boolean isCleanStart() {
		return this.cleanStart;
	}

	public void setCleanStart(boolean cleanStart) {
		this.cleanStart = cleanStart;
	}

	public Duration getSessionExpiry() {
		return this.sessionExpiry;
	}

	public void setSessionExpiry(Duration sessionExpiry) {
		this.sessionExpiry = sessionExpiry;
	}

	public int getReceiveMaximum() {
		return this.receiveMaximum;
	}

	public void setReceiveMaximum(int receiveMaximum) {
		this.receiveMaximum = receiveMaximum;
	}

	public @Nullable DataSize getMaximumPacketSize() {
		return this.maximumPacketSize;
	}

	public void setMaximumPacketSize(@Nullable DataSize maximumPacketSize) {
		this.maximumPacketSize = maximumPacketSize;
	}

	public boolean isRequestProblemInformation() {
		return this.requestProblemInformation;
	}

	public void setRequestProblemInformation(boolean requestProblemInformation) {
		this.requestProblemInformation = requestProblemInformation;
	}

	public Map<String, String> getUserProperties() {
		return this.userProperties;
	}

	public void setUserProperties(Map<String, String> userProperties) {
		this.userProperties = userProperties;
	}

	public StartupMode getStartupMode() {
		return this.startupMode;
	}

	public void setStartupMode(StartupMode startupMode) {
		this.startupMode = startupMode;
	}

	public Duration getStartupTimeout() {
		return this.startupTimeout;
	}

	public void setStartupTimeout(Duration startupTimeout) {
		this.startupTimeout = startupTimeout;
	}

	public Duration getLogInterval() {
		return this.logInterval;
	}

	public void setLogInterval(Duration logInterval) {
		this.logInterval = logInterval;
	}

	public int getIncidentHistory() {
		return this.incidentHistory;
	}

	public void setIncidentHistory(int incidentHistory) {
		this.incidentHistory = incidentHistory;
	}

	public Map<String, Map<String, String>> getErrorPolicy() {
		return this.errorPolicy;
	}

	public Ssl getSsl() {
		return this.ssl;
	}

	public Will getWill() {
		return this.will;
	}

	public Reconnect getReconnect() {
		return this.reconnect;
	}

	public Publish getPublish() {
		return this.publish;
	}

	public Listener getListener() {
		return this.listener;
	}

	public Observation getObservation() {
		return this.observation;
	}

	public Subscribe getSubscribe() {
		return this.subscribe;
	}

	public Redirect getRedirect() {
		return this.redirect;
	}

	public Poison getPoison() {
		return this.poison;
	}

	public Persistence getPersistence() {
		return this.persistence;
	}

	public Health getHealth() {
		return this.health;
	}

	public Request getRequest() {
		return this.request;
	}

	/**
	 * TLS.
	 */
	public static class Ssl {

		/**
		 * Whether servers given with the schemes mqtt, tcp or ws are to be reached by
		 * TLS. Enabled automatically if a bundle is set, unless specified otherwise.
		 * Servers with the schemes mqtts, ssl, tls and wss always are.
		 */
		private @Nullable Boolean enabled;

		/**
		 * Name of the SSL bundle to trust servers by and to log in with. By default that
		 * of the JDK.
		 */
		private @Nullable String bundle;

		/**
		 * Return whether schemes without TLS mean those with TLS.
		 * @return whether they do
		 */
		public boolean isEnabled() {
			return (this.enabled != null) ? this.enabled : StringUtils.hasText(this.bundle);
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

	}

	/**
	 * The message that the server publishes when the client is gone.
	 */
	public static class Will {

		/**
		 * Topic of the will message. There is no will message without it.
		 */
		private @Nullable String topic;

		/**
		 * Payload of the will message.
		 */
		private String payload = "";

		/**
		 * QoS of the will message, 0 to 2.
		 */
		private int qos = 1;

		/**
		 * Whether the server retains the will message.
		 */
		private boolean retain = false;

		/**
		 * Time between the loss of the connection and the will message, 0 to 4294967295
		 * seconds. If a duration suffix is not specified, seconds will be used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration delay = Duration.ZERO;

		/**
		 * Time after which the will message is no longer delivered, 0 to 4294967295
		 * seconds. By default it does not expire. If a duration suffix is not specified,
		 * seconds will be used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private @Nullable Duration messageExpiry;

		/**
		 * Content type of the will message.
		 */
		private @Nullable String contentType;

		public @Nullable String getTopic() {
			return this.topic;
		}

		public void setTopic(@Nullable String topic) {
			this.topic = topic;
		}

		public String getPayload() {
			return this.payload;
		}

		public void setPayload(String payload) {
			this.payload = payload;
		}

		public int getQos() {
			return this.qos;
		}

		public void setQos(int qos) {
			this.qos = qos;
		}

		public boolean isRetain() {
			return this.retain;
		}

		public void setRetain(boolean retain) {
			this.retain = retain;
		}

		public Duration getDelay() {
			return this.delay;
		}

		public void setDelay(Duration delay) {
			this.delay = delay;
		}

		public @Nullable Duration getMessageExpiry() {
			return this.messageExpiry;
		}

		public void setMessageExpiry(@Nullable Duration messageExpiry) {
			this.messageExpiry = messageExpiry;
		}

		public @Nullable String getContentType() {
			return this.contentType;
		}

		public void setContentType(@Nullable String contentType) {
			this.contentType = contentType;
		}

	}

	/**
	 * How the client reconnects.
	 */
	public static class Reconnect {

		/**
		 * Base of the delay between attempts to connect, before it is multiplied and
		 * spread at random.
		 */
		private Duration baseDelay = Duration.ofSeconds(1);

		/**
		 * Factor by which the delay grows with each attempt, at least 1.
		 */
		private double multiplier = 2;

		/**
		 * Longest delay between attempts.
		 */
		private Duration maxDelay = Duration.ofMinutes(2);

		/**
		 * Shortest delay between attempts.
		 */
		private Duration floor = Duration.ofMillis(250);

		/**
		 * Shortest delay between attempts, and their base, when the server is busy or
		 * asks for patience.
		 */
		private Duration throttledFloor = Duration.ofSeconds(30);

		/**
		 * Longest delay between attempts when the server is busy or asks for patience.
		 */
		private Duration throttledMaxDelay = Duration.ofMinutes(10);

		/**
		 * Longest delay of the first attempt after a stable connection. Spreads the
		 * clients that one server has lost.
		 */
		private Duration initialSpread = Duration.ofSeconds(2);

		/**
		 * Time that a connection must last before delays start from the base again.
		 */
		private Duration stableAfter = Duration.ofSeconds(30);

		/**
		 * Number of failed attempts in a row before the client gives up. Zero for no
		 * limit.
		 */
		private int maxAttempts = 0;

		/**
		 * Mean time between the attempts of a client that has stopped for a reason that
		 * may pass elsewhere: refused credentials, a ban, a certificate. Each is up to
		 * half longer or shorter. Zero turns them off.
		 */
		private Duration probeInterval = Duration.ofMinutes(10);

		public Duration getBaseDelay() {
			return this.baseDelay;
		}

		public void setBaseDelay(Duration baseDelay) {
			this.baseDelay = baseDelay;
		}

		public double getMultiplier() {
			return this.multiplier;
		}

		public void setMultiplier(double multiplier) {
			this.multiplier = multiplier;
		}

		public Duration getMaxDelay() {
			return this.maxDelay;
		}

		public void setMaxDelay(Duration maxDelay) {
			this.maxDelay = maxDelay;
		}

		public Duration getFloor() {
			return this.floor;
		}

		public void setFloor(Duration floor) {
			this.floor = floor;
		}

		public Duration getThrottledFloor() {
			return this.throttledFloor;
		}

		public void setThrottledFloor(Duration throttledFloor) {
			this.throttledFloor = throttledFloor;
		}

		public Duration getThrottledMaxDelay() {
			return this.throttledMaxDelay;
		}

		public void setThrottledMaxDelay(Duration throttledMaxDelay) {
			this.throttledMaxDelay = throttledMaxDelay;
		}

		public Duration getInitialSpread() {
			return this.initialSpread;
		}

		public void setInitialSpread(Duration initialSpread) {
			this.initialSpread = initialSpread;
		}

		public Duration getStableAfter() {
			return this.stableAfter;
		}

		public void setStableAfter(Duration stableAfter) {
			this.stableAfter = stableAfter;
		}

		public int getMaxAttempts() {
			return this.maxAttempts;
		}

		public void setMaxAttempts(int maxAttempts) {
			this.maxAttempts = maxAttempts;
		}

		public Duration getProbeInterval() {
			return this.probeInterval;
		}

		public void setProbeInterval(Duration probeInterval) {
			this.probeInterval = probeInterval;
		}

	}

	/**
	 * How messages are published.
	 */
	public static class Publish {

		/**
		 * QoS of messages that name none, 0 to 2.
		 */
		private int qos = 1;

		/**
		 * Whether messages that do not say so are retained.
		 */
		private boolean retain = false;

		/**
		 * Time from the call to the acknowledgement, connected or not.
		 */
		private Duration timeout = Duration.ofSeconds(30);

		/**
		 * Number of messages with QoS 1 and 2 that wait for their acknowledgement at a
		 * time, 1 to 65535. The server may allow less.
		 */
		private int maxInFlight = 1000;

		/**
		 * What happens to a message without a connection.
		 */
		private WhenDisconnected whenDisconnected = WhenDisconnected.BUFFER;

		/**
		 * Number of messages that wait for a connection. When the buffer is full, the
		 * newest fails.
		 */
		private int bufferSize = 1000;

		/**
		 * What happens to messages with QoS 1 in flight when the server has lost the
		 * session.
		 */
		private OnSessionLoss onSessionLoss = OnSessionLoss.RESEND;

		public int getQos() {
			return this.qos;
		}

		public void setQos(int qos) {
			this.qos = qos;
		}

		public boolean isRetain() {
			return this.retain;
		}

		public void setRetain(boolean retain) {
			this.retain = retain;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		public int getMaxInFlight() {
			return this.maxInFlight;
		}

		public void setMaxInFlight(int maxInFlight) {
			this.maxInFlight = maxInFlight;
		}

		public WhenDisconnected getWhenDisconnected() {
			return this.whenDisconnected;
		}

		public void setWhenDisconnected(WhenDisconnected whenDisconnected) {
			this.whenDisconnected = whenDisconnected;
		}

		public int getBufferSize() {
			return this.bufferSize;
		}

		public void setBufferSize(int bufferSize) {
			this.bufferSize = bufferSize;
		}

		public OnSessionLoss getOnSessionLoss() {
			return this.onSessionLoss;
		}

		public void setOnSessionLoss(OnSessionLoss onSessionLoss) {
			this.onSessionLoss = onSessionLoss;
		}

	}

	/**
	 * Listeners: how they run, and what becomes of messages that they cannot process.
	 */
	public static class Listener {

		/**
		 * Whether listeners start with the application.
		 */
		private boolean autoStartup = true;

		/**
		 * Number of messages that a listener processes at the same time, 1 to 10000.
		 * Those of one topic always are one after the other.
		 */
		private int concurrency = 1;

		/**
		 * When messages are acknowledged.
		 */
		private AckMode ackMode = AckMode.AUTO;

		/**
		 * Topic that messages are published to that a listener could not process.
		 */
		private @Nullable String deadLetterTopic;

		/**
		 * Time that the stop of a listener waits for the messages that have come.
		 */
		private Duration shutdownTimeout = Duration.ofSeconds(30);

		/**
		 * Number of messages that a listener may have in hand, from 1. Further ones of
		 * QoS 0 are dropped and counted; those of QoS 1 and 2 never are, receive-maximum
		 * bounds them.
		 */
		private int queueCapacity = 1000;

		private final Retry retry = new Retry();

		public boolean isAutoStartup() {
			return this.autoStartup;
		}

		public void setAutoStartup(boolean autoStartup) {
			this.autoStartup = autoStartup;
		}

		public int getConcurrency() {
			return this.concurrency;
		}

		public void setConcurrency(int concurrency) {
			this.concurrency = concurrency;
		}

		public AckMode getAckMode() {
			return this.ackMode;
		}

		public void setAckMode(AckMode ackMode) {
			this.ackMode = ackMode;
		}

		public @Nullable String getDeadLetterTopic() {
			return this.deadLetterTopic;
		}

		public void setDeadLetterTopic(@Nullable String deadLetterTopic) {
			this.deadLetterTopic = deadLetterTopic;
		}

		public Duration getShutdownTimeout() {
			return this.shutdownTimeout;
		}

		public void setShutdownTimeout(Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
		}

		public int getQueueCapacity() {
			return this.queueCapacity;
		}

		public void setQueueCapacity(int queueCapacity) {
			this.queueCapacity = queueCapacity;
		}

		public Retry getRetry() {
			return this.retry;
		}

		/**
		 * When a listener that has failed is called again.
		 */
		public static class Retry {

			/**
			 * Number of times that a listener is called with a message, the first time
			 * included.
			 */
			private int maxAttempts = 3;

			/**
			 * Time before the second attempt.
			 */
			private Duration delay = Duration.ofSeconds(1);

			/**
			 * Factor by which each delay is longer than the one before, at least 1.
			 */
			private double multiplier = 2;

			/**
			 * Longest time between two attempts.
			 */
			private Duration maxDelay = Duration.ofSeconds(30);

			public int getMaxAttempts() {
				return this.maxAttempts;
			}

			public void setMaxAttempts(int maxAttempts) {
				this.maxAttempts = maxAttempts;
			}

			public Duration getDelay() {
				return this.delay;
			}

			public void setDelay(Duration delay) {
				this.delay = delay;
			}

			public double getMultiplier() {
				return this.multiplier;
			}

			public void setMultiplier(double multiplier) {
				this.multiplier = multiplier;
			}

			public Duration getMaxDelay() {
				return this.maxDelay;
			}

			public void setMaxDelay(Duration maxDelay) {
				this.maxDelay = maxDelay;
			}

		}

	}

	/**
	 * How the client subscribes.
	 */
	public static class Subscribe {

		/**
		 * QoS of subscriptions that name none, 0 to 2.
		 */
		private int qos = 1;

		/**
		 * Time from the call to the acknowledgement, connected or not.
		 */
		private Duration timeout = Duration.ofSeconds(30);

		public int getQos() {
			return this.qos;
		}

		public void setQos(int qos) {
			this.qos = qos;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

	}

	/**
	 * Servers that the server points to.
	 */
	public static class Redirect {

		/**
		 * Whether to go where a Server Reference points to.
		 */
		private boolean enabled = false;

		/**
		 * The only hosts that a Server Reference may point to, each with its port, such
		 * as broker-2.example.com:8883.
		 */
		private List<String> allowedHosts = new ArrayList<>();

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public List<String> getAllowedHosts() {
			return this.allowedHosts;
		}

		public void setAllowedHosts(List<String> allowedHosts) {
			this.allowedHosts = allowedHosts;
		}

	}

	/**
	 * How the client finds what makes the server end the connection each time.
	 */
	public static class Poison {

		/**
		 * Whether to look for a message or topic filter that makes the server end the
		 * connection each time it is sent, and to give it up.
		 */
		private boolean enabled = true;

		/**
		 * How long after a write a connection that is closed without a reason may have
		 * been closed because of what was written.
		 */
		private Duration suspectWindow = Duration.ofSeconds(2);

		/**
		 * Number of connections in a row that must end while an operation is alone in
		 * flight before it is given up. One is enough if the server gives a reason that
		 * says so.
		 */
		private int maxStrikes = 2;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public Duration getSuspectWindow() {
			return this.suspectWindow;
		}

		public void setSuspectWindow(Duration suspectWindow) {
			this.suspectWindow = suspectWindow;
		}

		public int getMaxStrikes() {
			return this.maxStrikes;
		}

		public void setMaxStrikes(int maxStrikes) {
			this.maxStrikes = maxStrikes;
		}

	}

	/**
	 * Where the client keeps what is in flight.
	 */
	public static class Persistence {

		/**
		 * Whether messages in flight are kept in memory or in files that survive the JVM.
		 */
		private PersistenceType type = PersistenceType.MEMORY;

		/**
		 * Directory of the files, which no other application uses with the same client
		 * identifier. It is made if it is not there.
		 */
		private @Nullable String directory;

		public PersistenceType getType() {
			return this.type;
		}

		public void setType(PersistenceType type) {
			this.type = type;
		}

		public @Nullable String getDirectory() {
			return this.directory;
		}

		public void setDirectory(@Nullable String directory) {
			this.directory = directory;
		}

	}

	/**
	 * What health tells of the client.
	 */
	public static class Health {

		/**
		 * Time that a client that has lost its connection may reconnect before its health
		 * is DOWN.
		 */
		private Duration downAfter = Duration.ofSeconds(30);

		public Duration getDownAfter() {
			return this.downAfter;
		}

		public void setDownAfter(Duration downAfter) {
			this.downAfter = downAfter;
		}

	}

	/**
	 * How the template waits for replies.
	 */
	public static class Request {

		/**
		 * Topic on which replies come, which no other client may share. By default
		 * replies/, the client identifier and random characters.
		 */
		private @Nullable String replyTopic;

		/**
		 * Time that a request may take, from the call to its reply.
		 */
		private Duration timeout = Duration.ofSeconds(30);

		public @Nullable String getReplyTopic() {
			return this.replyTopic;
		}

		public void setReplyTopic(@Nullable String replyTopic) {
			this.replyTopic = replyTopic;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

	}

	/**
	 * Timers and traces of what is published and processed.
	 */
	public static class Observation {

		/**
		 * Whether to observe what is published, and what listeners and handlers process.
		 */
		private boolean enabled = true;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

}
