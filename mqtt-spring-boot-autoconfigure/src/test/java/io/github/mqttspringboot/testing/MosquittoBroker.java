package io.github.mqttspringboot.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Mosquitto 2 as a child process, on a free port of 127.0.0.1. A publish under
 * {@code denied/} is refused with 0x87 (Mosquitto drops it silently at QoS 0); a
 * subscription there is granted, as Mosquitto's ACL file cannot refuse one, but gets
 * nothing.
 */
public final class MosquittoBroker implements AutoCloseable {

	static final String SERVER = "mosquitto";

	static final String PASSWORDS = "mosquitto_passwd";

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final int port;

	private final Map<Transport, Integer> ports = new EnumMap<>(Transport.class);

	private final Path directory;

	private final Thread onExit = new Thread(this::destroy, "mosquitto-on-exit");

	private volatile @Nullable Process process;

	private MosquittoBroker(Builder builder) throws IOException, InterruptedException {
		this.port = Ports.free();
		this.ports.put(Transport.TCP, this.port);
		builder.transports.forEach((transport) -> this.ports.put(transport, Ports.free()));
		this.directory = Files.createTempDirectory("mosquitto-");
		write("acl", List.of("pattern readwrite #", "pattern deny denied/#"));
		write("mosquitto.conf", configuration(builder));
		if (!builder.users.isEmpty()) {
			writePasswords(builder.users);
		}
		Runtime.getRuntime().addShutdownHook(this.onExit);
	}

	/**
	 * Start a broker that lets everyone in.
	 * @return the broker
	 */
	public static MosquittoBroker startAnonymous() {
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
	 * @param transport TCP, or one that the builder was told to open
	 * @return the address
	 */
	public String uri(Transport transport) {
		return transport.uri(this.ports.get(transport));
	}

	/**
	 * Return what Mosquitto logged.
	 * @return the lines since the first start
	 */
	public List<String> log() {
		try {
			Path log = this.directory.resolve("log");
			return Files.exists(log) ? Files.readAllLines(log) : List.of();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what Mosquitto logged about something. Packets are logged with
	 * {@code log_type all}.
	 * @param parts what a line must contain, all of it
	 * @return the lines since the first start
	 */
	public List<String> log(String... parts) {
		return log().stream().filter((line) -> Stream.of(parts).allMatch(line::contains)).toList();
	}

	/**
	 * Return how many clients were let in.
	 * @return the number of accepted CONNECTs since the first start
	 */
	public int connectCount() {
		return (int) log().stream().filter((line) -> line.contains("New client connected from")).count();
	}

	public boolean isRunning() {
		Process current = this.process;
		return current != null && current.isAlive();
	}

	/**
	 * Change a line of the configuration file, from the next start on.
	 * @param line the line as it was given to the builder
	 * @param changed the new line
	 */
	public void reconfigure(String line, String changed) {
		try {
			Path file = this.directory.resolve("mosquitto.conf");
			List<String> lines = new ArrayList<>(Files.readAllLines(file));
			if (!Collections.replaceAll(lines, line, changed)) {
				throw new IllegalArgumentException("'%s' is not in the configuration".formatted(line));
			}
			Files.write(file, lines);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start, on the same port as before.
	 */
	public void start() {
		if (isRunning()) {
			return;
		}
		Process started;
		try {
			started = new ProcessBuilder(require(SERVER), "-c", path("mosquitto.conf"))
				.directory(this.directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.directory.resolve("log").toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.process = started;
		Awaitility.await("Mosquitto on port " + this.port)
			.atMost(PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> !started.isAlive() || accepts());
		if (!started.isAlive()) {
			throw new IllegalStateException("Mosquitto ended with %d: %s".formatted(started.exitValue(), log()));
		}
	}

	/**
	 * Stop in order (SIGTERM): it says DISCONNECT to nobody, but saves what it persists.
	 */
	public void stop() {
		end(Process::destroy);
	}

	/**
	 * Kill it (SIGKILL): what it had not persisted is lost.
	 */
	public void kill() {
		end(Process::destroyForcibly);
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
		Runtime.getRuntime().removeShutdownHook(this.onExit);
		deleteDirectory();
	}

	private void end(Consumer<Process> how) {
		Process current = this.process;
		if (current == null) {
			return;
		}
		if (!current.isAlive()) {
			this.process = null;
			throw new IllegalStateException("Mosquitto has ended by itself with " + current.exitValue() + ": " + log());
		}
		how.accept(current);
		try {
			if (!current.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				current.destroyForcibly();
				throw new IllegalStateException("Mosquitto did not end: " + log());
			}
		}
		catch (InterruptedException ex) {
			current.destroyForcibly();
			Thread.currentThread().interrupt();
		}
		this.process = null;
	}

	private void destroy() {
		Process current = this.process;
		if (current != null) {
			current.destroyForcibly();
		}
		deleteDirectory();
	}

	private void deleteDirectory() {
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean accepts() {
		return this.ports.values().stream().allMatch(MosquittoBroker::accepts);
	}

	private static boolean accepts(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private List<String> configuration(Builder builder) {
		List<String> lines = new ArrayList<>();
		if ("root".equals(System.getProperty("user.name"))) {
			// Otherwise it changes to a user that cannot read the directory
			lines.add("user root");
		}
		lines.add("listener " + this.port + " 127.0.0.1");
		lines.add("log_dest stderr");
		lines.add("connection_messages true");
		lines.add("acl_file " + path("acl"));
		lines.add("allow_anonymous " + builder.users.isEmpty());
		if (!builder.users.isEmpty()) {
			lines.add("password_file " + path("passwords"));
		}
		lines.add("persistence " + builder.persistence);
		if (builder.persistence) {
			lines.add("persistence_location " + this.directory + File.separator);
		}
		lines.addAll(builder.lines);
		builder.transports.forEach((transport) -> addListener(transport, builder, lines));
		return lines;
	}

	private void addListener(Transport transport, Builder builder, List<String> lines) {
		lines.add("listener " + this.ports.get(transport) + " 127.0.0.1");
		if (transport.isWebSocket()) {
			lines.add("protocol websockets");
		}
		if (transport.isSecure()) {
			Certificates certificates = Certificates.get();
			lines.add("cafile " + certificates.authority());
			lines.add("certfile " + certificates.certificate(builder.certificate));
			lines.add("keyfile " + certificates.key(builder.certificate));
			lines.add("require_certificate " + builder.clientCertificates);
		}
	}

	private void writePasswords(Map<String, String> users) throws IOException, InterruptedException {
		write("passwords", users.entrySet().stream().map((user) -> user.getKey() + ":" + user.getValue()).toList());
		Process hashing = new ProcessBuilder(require(PASSWORDS), "-U", path("passwords")).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("log").toFile())
			.start();
		if (!hashing.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || hashing.exitValue() != 0) {
			throw new IllegalStateException("%s failed: %s".formatted(PASSWORDS, log()));
		}
	}

	private void write(String file, List<String> lines) throws IOException {
		Files.write(this.directory.resolve(file), lines);
	}

	private String path(String file) {
		return this.directory.resolve(file).toString();
	}

	private static String require(String program) {
		return find(program).map(Path::toString)
			.orElseThrow(() -> new IllegalStateException("No %s: say @RequiresMosquitto".formatted(program)));
	}

	/**
	 * Find a program on the PATH, or where Debian puts servers.
	 * @param program the name of the program
	 * @return its path, or empty
	 */
	static Optional<Path> find(String program) {
		String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
		return Stream
			.of((path + File.pathSeparator + "/usr/sbin" + File.pathSeparator + "/usr/local/sbin")
				.split(File.pathSeparator))
			.filter((folder) -> !folder.isEmpty())
			.map((folder) -> Path.of(folder, program))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Options of a broker.
	 */
	public static final class Builder {

		private final Map<String, String> users = new LinkedHashMap<>();

		private final List<String> lines = new ArrayList<>();

		private final Set<Transport> transports = EnumSet.noneOf(Transport.class);

		private String certificate = Certificates.SERVER;

		private boolean clientCertificates;

		private boolean persistence;

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

		/**
		 * Keep sessions and retained messages on disk until
		 * {@link MosquittoBroker#close}.
		 * @return this
		 */
		public Builder persistence() {
			this.persistence = true;
			return this;
		}

		/**
		 * Open a port for each further transport.
		 * @return this
		 */
		public Builder allTransports() {
			this.transports.addAll(EnumSet.complementOf(EnumSet.of(Transport.TCP)));
			return this;
		}

		/**
		 * Open a port for TLS.
		 * @param certificate what it shows, one of the {@link Certificates}
		 * @return this
		 */
		public Builder tls(String certificate) {
			this.transports.add(Transport.TLS);
			this.certificate = certificate;
			return this;
		}

		/**
		 * Let nobody in by TLS without a certificate of the authority.
		 * @return this
		 */
		public Builder clientCertificates() {
			this.clientCertificates = true;
			return this;
		}

		/**
		 * Add lines to the configuration file.
		 * @param lines the lines, for example {@code max_packet_size 1000}
		 * @return this
		 */
		public Builder config(String... lines) {
			this.lines.addAll(List.of(lines));
			return this;
		}

		public MosquittoBroker start() {
			try {
				MosquittoBroker broker = new MosquittoBroker(this);
				try {
					broker.start();
					return broker;
				}
				catch (RuntimeException ex) {
					broker.close();
					throw ex;
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

	}

}
