package io.github.mqttspringboot.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

/**
 * Mosquitto as a child process on a free port of 127.0.0.1. Its limits are so wide that
 * they limit nobody.
 */
final class Mosquitto implements AutoCloseable {

	private static final long PATIENCE_SECONDS = 20;

	private final int port;

	private final Path directory;

	private final Process process;

	private final Thread onExit;

	private Mosquitto(int port, Path directory, Process process) {
		this.port = port;
		this.directory = directory;
		this.process = process;
		this.onExit = new Thread(this::end, "mosquitto-on-exit");
		Runtime.getRuntime().addShutdownHook(this.onExit);
	}

	static Mosquitto start() throws IOException, InterruptedException {
		Path program = find().orElseThrow(() -> new IllegalStateException(
				"There is no Mosquitto on the PATH or in /usr/sbin; on Debian: apt-get install mosquitto"));
		int port = freePort();
		Path directory = Files.createTempDirectory("mosquitto-");
		Path log = directory.resolve("log");
		Path configuration = Files.write(directory.resolve("mosquitto.conf"), configuration(port));
		Process process = new ProcessBuilder(program.toString(), "-c", configuration.toString())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		Mosquitto mosquitto = new Mosquitto(port, directory, process);
		if (!mosquitto.awaitStart()) {
			String output = Files.readString(log);
			mosquitto.close();
			throw new IllegalStateException("Mosquitto did not start: " + output);
		}
		return mosquitto;
	}

	private static List<String> configuration(int port) {
		// Otherwise root changes to a user that cannot read the directory
		String user = Objects.requireNonNullElse(System.getProperty("user.name"), "mosquitto");
		return List.of("user " + user, "listener " + port + " 127.0.0.1", "allow_anonymous true", "persistence false",
				"log_dest stderr", "log_type error", "max_inflight_messages 5000", "max_queued_messages 1000000");
	}

	/**
	 * Find the program on the PATH, or where Debian puts servers.
	 * @return its path, or empty
	 */
	static Optional<Path> find() {
		String path = Objects.requireNonNullElse(System.getenv("PATH"), "") + File.pathSeparator + "/usr/sbin";
		return Stream.of(path.split(File.pathSeparator))
			.filter((folder) -> !folder.isEmpty())
			.map((folder) -> Path.of(folder, "mosquitto"))
			.filter(Files::isExecutable)
			.findFirst();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			return socket.getLocalPort();
		}
	}

	int port() {
		return this.port;
	}

	private boolean awaitStart() throws InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		while (System.nanoTime() - deadline < 0 && this.process.isAlive()) {
			if (accepts()) {
				return true;
			}
			TimeUnit.MILLISECONDS.sleep(10);
		}
		return false;
	}

	private boolean accepts() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		Runtime.getRuntime().removeShutdownHook(this.onExit);
		end();
	}

	private void end() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			// It is in the system's temporary directory
		}
	}

}
