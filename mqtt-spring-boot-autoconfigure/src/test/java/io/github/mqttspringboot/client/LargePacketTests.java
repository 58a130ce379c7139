package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The largest packets there are (MQTT 5 §2.1.4), each in a JVM whose heap has no room for
 * one copy more.
 */
class LargePacketTests {

	private static final int LARGEST = 268_435_455;

	private static final int MEGABYTE = 1024 * 1024;

	@TempDir
	private Path directory;

	@Test
	void publishesTheLargestPacketWithNoCopyButThatOfTheRequest() throws Exception {
		// The application's array and that of the request
		assertThat(run("publish", LARGEST, 2.2)).endsWith("done");
	}

	@Test
	void receivesTheLargestPacketOnce() throws Exception {
		// One and what it grew from
		assertThat(run("receive", LARGEST, 1.4)).endsWith("done");
	}

	@Test
	void refusesOneByteMoreBeforeTheWire() throws Exception {
		assertThat(run("refuse", LARGEST + 1, 2.2))
			.contains("PACKET_TOO_LARGE for large", "268435461 bytes", "at most 268435460", "nothing was sent")
			.endsWith("done");
	}

	private String run(String what, int remainingLength, double packets) throws IOException, InterruptedException {
		Path log = this.directory.resolve("log");
		int young = 16;
		// Whatever is large goes to the old generation
		int old = 16 + (int) (packets * remainingLength / MEGABYTE);
		Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:+UseSerialGC", "-Xmn" + young + "m", "-Xmx" + (young + old) + "m",
				"-Djava.net.preferIPv4Stack=true", "-cp", System.getProperty("java.class.path"),
				LargePacketProgram.class.getName(), what, String.valueOf(remainingLength)))
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended").isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		String output = Files.readString(log).trim();
		assertThat(process.exitValue()).as(output).isZero();
		return output;
	}

}
