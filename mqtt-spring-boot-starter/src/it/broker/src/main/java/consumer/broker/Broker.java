package consumer.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A broker in a JVM of its own, so that nothing of it is on the class path of the
 * application under test.
 */
public final class Broker implements AutoCloseable {

	private static final Path MODULE = Path.of("..", "broker", "target");

	private final Process process;

	private final BufferedReader output;

	private final int port;

	private Broker(Process process) throws IOException {
		this.process = process;
		this.output = new BufferedReader(new InputStreamReader(process.getInputStream()));
		this.port = answer();
	}

	/**
	 * Start a broker.
	 * @return the broker, which accepts connections
	 */
	public static Broker start() {
		try {
			String classPath = MODULE.resolve("classes") + System.getProperty("path.separator")
					+ Files.readString(MODULE.resolve("class-path")).strip();
			Path java = Path.of(System.getProperty("java.home"), "bin", "java");
			return new Broker(new ProcessBuilder(java.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
					"-Xmx256m", "-cp", classPath, BrokerMain.class.getName(),
					Files.createDirectories(Path.of("target", "broker")).toString())
				.redirectError(Redirect.INHERIT)
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what to put into {@code mqtt.servers}.
	 * @return the address
	 */
	public String uri() {
		return "mqtt://127.0.0.1:" + this.port;
	}

	/**
	 * Return how many network connections were accepted since the start.
	 * @return the number
	 */
	public int connections() {
		try {
			this.process.getOutputStream().write('\n');
			this.process.getOutputStream().flush();
			return answer();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			this.process.destroyForcibly();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.process.destroyForcibly();
		}
	}

	private int answer() throws IOException {
		String line = this.output.readLine();
		if (line == null) {
			throw new IllegalStateException("The broker has ended");
		}
		return Integer.parseInt(line);
	}

}
