package io.github.mqttspringboot.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * ActiveMQ Artemis in a JVM of its own, on a free port of 127.0.0.1. It writes each
 * message of QoS 1 and 2 to its journal, and syncs that, before it acknowledges, so that
 * a kill loses nothing that was acknowledged.
 */
public final class SyncingBroker implements AutoCloseable {

	private static final long END_SECONDS = 20;

	private final int port = Ports.free();

	private final Path directory;

	private final Thread onExit = new Thread(this::destroy, "syncing-broker-on-exit");

	private volatile @Nullable Process process;

	private SyncingBroker() {
		try {
			this.directory = Files.createTempDirectory("syncing-broker-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(this.onExit);
	}

	/**
	 * Start a broker that lets everyone in, with nothing in its journal.
	 * @return the broker
	 */
	public static SyncingBroker startEmpty() {
		SyncingBroker broker = new SyncingBroker();
		broker.start();
		return broker;
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
	 * Start, on the same port and with the same journal as before.
	 */
	public void start() {
		try {
			Process started = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true", "-cp",
					System.getProperty("java.class.path"), SyncingBrokerProcess.class.getName(),
					Integer.toString(this.port), this.directory.toString())
				.redirectErrorStream(true)
				.start();
			this.process = started;
			ask(started, null, SyncingBrokerProcess.READY);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kill it (SIGKILL).
	 */
	public void kill() {
		Process current = this.process;
		if (current == null) {
			return;
		}
		current.destroyForcibly();
		try {
			if (!current.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The broker does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.process = null;
	}

	/**
	 * Return how often the broker has synced a file.
	 * @return the number since the start of the process
	 */
	public long syncs() {
		Process current = this.process;
		if (current == null) {
			throw new IllegalStateException("Not running");
		}
		String answer = ask(current, SyncingBrokerProcess.SYNCS, SyncingBrokerProcess.SYNCS);
		return Long.parseLong(answer.substring(SyncingBrokerProcess.SYNCS.length()).trim());
	}

	/**
	 * Return whether a text is in the journal's files.
	 * @param text the text, for example a payload
	 * @return whether it has been written
	 */
	public boolean isInJournal(String text) {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(".amq")).anyMatch((file) -> contains(file, text));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean contains(Path file, String text) {
		try {
			return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The process answers on one line that begins with the prefix. */
	private static String ask(Process process, @Nullable String question, String prefix) {
		StringBuilder output = new StringBuilder();
		try {
			if (question != null) {
				process.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
				process.getOutputStream().flush();
			}
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
			String line = reader.readLine();
			while (line != null && !line.startsWith(prefix)) {
				output.append(line).append('\n');
				line = reader.readLine();
			}
			if (line != null) {
				return line;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(output.toString(), ex);
		}
		throw new IllegalStateException("The broker ended: " + output);
	}

	private void destroy() {
		Process current = this.process;
		if (current != null) {
			current.destroyForcibly();
		}
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		kill();
		Runtime.getRuntime().removeShutdownHook(this.onExit);
		destroy();
	}

}
