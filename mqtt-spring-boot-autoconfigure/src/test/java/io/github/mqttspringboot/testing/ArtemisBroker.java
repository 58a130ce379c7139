package io.github.mqttspringboot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import javax.security.auth.Subject;

import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * ActiveMQ Artemis in this JVM, on a free port of 127.0.0.1, with nothing on disk.
 * Publishing and subscribing under {@code denied/} are refused with 0x87 and the
 * connection is kept; all else is allowed. A stop loses the sessions.
 */
public final class ArtemisBroker implements AutoCloseable {

	private final int port = Ports.free();

	private final int securePort;

	private final Map<String, String> users;

	private final int maximumPacketSize;

	private final Path directory;

	private final AtomicInteger refusals = new AtomicInteger();

	private @Nullable ActiveMQServer server;

	private ArtemisBroker(Builder builder) {
		this.users = Map.copyOf(builder.users);
		this.maximumPacketSize = builder.maximumPacketSize;
		this.securePort = (builder.secure) ? Ports.free() : 0;
		try {
			this.directory = Files.createTempDirectory("artemis-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start a broker that lets everyone in.
	 * @return the broker
	 */
	public static ArtemisBroker startAnonymous() {
		return builder().start();
	}

	public static Builder builder() {
		return new Builder();
	}

	public int port() {
		return this.port;
	}

	/**
	 * Return the address to put into {@code mqtt.servers}.
	 * @return the address
	 */
	public String uri() {
		return "mqtt://127.0.0.1:" + this.port;
	}

	/**
	 * Return the address to put into {@code mqtt.servers}.
	 * @param transport one with TLS only if the builder was told to open a port for it
	 * @return the address
	 */
	public String uri(Transport transport) {
		return transport.uri((transport.isSecure()) ? this.securePort : this.port);
	}

	/**
	 * Return how many network connections are open.
	 * @return the number, 0 while stopped
	 */
	public int openConnectionCount() {
		ActiveMQServer current = this.server;
		return (current != null) ? current.getConnectionCount() : 0;
	}

	/**
	 * Return how many network connections were accepted.
	 * @return the number since the last start, 0 while stopped
	 */
	public long connectionCount() {
		ActiveMQServer current = this.server;
		return (current != null) ? current.getTotalConnectionCount() : 0;
	}

	/**
	 * Return how many messages are in the queues of subscriptions.
	 * @return the number, those sent and not acknowledged included, 0 while stopped
	 */
	public long waitingCount() {
		ActiveMQServer current = this.server;
		return (current != null) ? current.getTotalMessageCount() : 0;
	}

	/**
	 * Return how often publishing or subscribing was refused.
	 * @return the number since the first start, one a PUBLISH
	 */
	public int refusalCount() {
		return this.refusals.get();
	}

	/**
	 * Start, on the same port as before.
	 */
	public void start() {
		if (this.server != null) {
			return;
		}
		ActiveMQServer starting = new ActiveMQServerImpl(configuration(), new Security(this.users, this.refusals));
		try {
			starting.start();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Artemis does not start on port " + this.port, ex);
		}
		this.server = starting;
	}

	/**
	 * Stop; connections are closed.
	 */
	public void stop() {
		ActiveMQServer current = this.server;
		if (current == null) {
			return;
		}
		this.server = null;
		try {
			current.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Artemis does not stop", ex);
		}
	}

	/**
	 * Stop and start again on the same port.
	 */
	public void restart() {
		stop();
		start();
	}

	@Override
	public void close() {
		stop();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Configuration configuration() {
		ConfigurationImpl configuration = new ConfigurationImpl();
		configuration.setName("artemis-" + this.port);
		configuration.setPersistenceEnabled(false);
		configuration.setBrokerInstance(this.directory.toFile());
		configuration.setJMXManagementEnabled(false);
		configuration.setMessageCounterEnabled(false);
		configuration.setSecurityEnabled(true);
		// A test must be able to refuse a user whom it let in before
		configuration.setSecurityInvalidationInterval(0);
		configuration.setThreadPoolMaxSize(8);
		configuration.setScheduledThreadPoolMaxSize(2);
		configuration.addAddressSetting("#",
				new AddressSettings().setAutoCreateAddresses(true)
					.setAutoCreateQueues(true)
					.setAutoDeleteAddresses(true)
					.setAutoDeleteQueues(true));
		try {
			configuration.addAcceptorConfiguration("mqtt", acceptor(this.port));
			if (this.securePort != 0) {
				configuration.addAcceptorConfiguration("mqtts",
						acceptor(this.securePort) + ";sslEnabled=true;keyStoreType=PKCS12;keyStorePath="
								+ Certificates.get().keyStore(Certificates.SERVER) + ";keyStorePassword="
								+ Certificates.PASSWORD);
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return configuration;
	}

	// A port takes WebSockets too: the first bytes tell
	private String acceptor(int port) {
		return "tcp://127.0.0.1:%d?protocols=MQTT;useEpoll=false;useKQueue=false;remotingThreads=2;maximumPacketSize=%d"
			.formatted(port, this.maximumPacketSize);
	}

	/**
	 * Options of a broker.
	 */
	public static final class Builder {

		private final Map<String, String> users = new LinkedHashMap<>();

		private int maximumPacketSize = 268_435_455;

		private boolean secure;

		private Builder() {
		}

		/**
		 * Add a user; with at least one nobody gets in without a password.
		 * @param name the user name
		 * @param password the password
		 * @return this
		 */
		public Builder user(String name, String password) {
			this.users.put(name, password);
			return this;
		}

		public Builder maximumPacketSize(int bytes) {
			this.maximumPacketSize = bytes;
			return this;
		}

		/**
		 * Open a port for TLS and secure WebSockets.
		 * @return this
		 */
		public Builder secure() {
			this.secure = true;
			return this;
		}

		public ArtemisBroker start() {
			ArtemisBroker broker = new ArtemisBroker(this);
			broker.start();
			return broker;
		}

	}

	private record Security(Map<String, String> users, AtomicInteger refusals) implements ActiveMQSecurityManager5 {

		@Override
		public @Nullable Subject authenticate(@Nullable String user, @Nullable String password,
				RemotingConnection connection, @Nullable String domain) {
			if (!validateUser(user, password)) {
				return null;
			}
			Subject subject = new Subject();
			subject.getPrincipals().add(new UserPrincipal((user != null) ? user : "anonymous"));
			return subject;
		}

		@Override
		public boolean authorize(Subject subject, Set<Role> roles, CheckType checkType, String address) {
			// An address has dots for the slashes of the topic
			boolean denied = address.equals("denied") || address.startsWith("denied.");
			if (denied) {
				this.refusals.incrementAndGet();
			}
			return !denied;
		}

		@Override
		public boolean validateUser(@Nullable String user, @Nullable String password) {
			return this.users.isEmpty() || (user != null && password != null && password.equals(this.users.get(user)));
		}

		@Override
		public boolean validateUserAndRole(@Nullable String user, @Nullable String password, Set<Role> roles,
				CheckType checkType) {
			throw new UnsupportedOperationException("Artemis asks authorize instead");
		}

	}

}
