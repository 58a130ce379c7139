package io.github.mqttspringboot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * HiveMQ CE in this JVM, on a free port of 127.0.0.1, with all messages in memory. The
 * topic or filter of an operation says how it is answered: what is under
 * {@code answer/0x97/} with 0x97 (any code that is legal there), what is under
 * {@code denied/} with 0x87, all else as the broker likes. The connection is kept, but
 * for what is under {@code disconnect/0x99/}: that code is the one of the DISCONNECT.
 * Answers of 0x80 and above carry the reason string {@link #REASON} and the user property
 * {@link #HINT}. Nothing that was answered so is delivered or subscribed; an unsubscribe
 * takes place. A stop loses the sessions.
 * <p>
 * What HiveMQ itself does otherwise: an UNSUBSCRIBE for a filter that was never
 * subscribed is answered with 0x00, and a packet identifier of a refused QoS 2 publish
 * stays in use for the life of the session (see {@code HiveMqBrokerTests}), so that each
 * test needs its own client identifier.
 */
public final class HiveMqBroker implements AutoCloseable {

	/** The reason string of a refusal. */
	public static final String REASON = "refused by the extension";

	/** The name of the user property of a refusal. */
	public static final String HINT = "hint";

	/** The value of the user property of a refusal. */
	public static final String HINT_VALUE = "ask for permission";

	private static final long PATIENCE = 60;

	static {
		// Nothing is on disk: there is nothing to wait for
		InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(0);
	}

	private final int port = Ports.free();

	private final Path directory;

	private final HiveMqExtension extension;

	private @Nullable EmbeddedHiveMQ server;

	private HiveMqBroker(Builder builder) {
		this.extension = new HiveMqExtension(Map.copyOf(builder.users));
		try {
			this.directory = Files.createTempDirectory("hivemq-");
			Files.createDirectory(this.directory.resolve("extensions"));
			Files.createDirectory(this.directory.resolve("conf"));
			Files.writeString(this.directory.resolve("conf/config.xml"), configuration(builder));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start a broker that lets everyone in.
	 * @return the broker
	 */
	public static HiveMqBroker startAnonymous() {
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
	 * Return how many CONNECTs of a client came.
	 * @param clientId the client identifier
	 * @return the number since the first start
	 */
	public int connectCount(String clientId) {
		return this.extension.connectCount(clientId);
	}

	/**
	 * Start, on the same port as before.
	 */
	public void start() {
		if (this.server != null) {
			return;
		}
		EmbeddedHiveMQ starting = EmbeddedHiveMQ.builder()
			.withConfigurationFolder(this.directory.resolve("conf"))
			.withDataFolder(this.directory.resolve("data"))
			.withExtensionsFolder(this.directory.resolve("extensions"))
			.withEmbeddedExtension(EmbeddedExtension.builder()
				.withId("answers")
				.withName("Answers")
				.withVersion("1")
				.withExtensionMain(this.extension)
				.build())
			.withoutLoggingBootstrap()
			.build();
		await("start", starting.start());
		this.server = starting;
	}

	/**
	 * Stop; connections are closed.
	 */
	public void stop() {
		EmbeddedHiveMQ current = this.server;
		if (current == null) {
			return;
		}
		this.server = null;
		await("stop", current.stop());
		try {
			current.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException("HiveMQ does not close", ex);
		}
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

	private void await(String what, CompletableFuture<Void> future) {
		try {
			future.get(PATIENCE, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException("HiveMQ does not %s on port %d".formatted(what, this.port), ex);
		}
	}

	private String configuration(Builder builder) {
		StringBuilder limits = new StringBuilder();
		builder.limits.forEach((path, value) -> {
			String[] names = path.split("/");
			limits.append("<%1$s><%2$s>%3$s</%2$s></%1$s>".formatted(names[0], names[1], value));
		});
		return """
				<hivemq>
				<listeners><tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener></listeners>
				<mqtt>%s</mqtt>
				<persistence><mode>in-memory</mode></persistence>
				<anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
				</hivemq>
				"""
			.formatted(this.port, limits);
	}

	/**
	 * Options of a broker.
	 */
	public static final class Builder {

		private final Map<String, String> users = new LinkedHashMap<>();

		private final Map<String, Object> limits = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Add a user; with at least one, who gives a user name gets in only with the
		 * password that belongs to it.
		 * @param name the user name
		 * @param password the password
		 * @return this
		 */
		public Builder user(String name, String password) {
			this.users.put(name, password);
			return this;
		}

		public Builder maximumQos(int maximumQos) {
			return limit("quality-of-service/max-qos", maximumQos);
		}

		public Builder maximumPacketSize(int bytes) {
			return limit("packets/max-packet-size", bytes);
		}

		public Builder receiveMaximum(int receiveMaximum) {
			return limit("receive-maximum/server-receive-maximum", receiveMaximum);
		}

		public Builder withoutRetain() {
			return limit("retained-messages/enabled", false);
		}

		public Builder withoutWildcardSubscriptions() {
			return limit("wildcard-subscriptions/enabled", false);
		}

		public Builder withoutSharedSubscriptions() {
			return limit("shared-subscriptions/enabled", false);
		}

		public Builder withoutSubscriptionIdentifiers() {
			return limit("subscription-identifier/enabled", false);
		}

		private Builder limit(String path, Object value) {
			this.limits.put(path, value);
			return this;
		}

		public HiveMqBroker start() {
			HiveMqBroker broker = new HiveMqBroker(this);
			broker.start();
			return broker;
		}

	}

}
