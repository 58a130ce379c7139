package io.github.mqttspringboot.autoconfigure.slices;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that Spring Boot's devtools restart.
 */
class DevtoolsRestartTests {

	private static final int RESTARTS = 3;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final ScriptedBroker broker = ScriptedBroker.start();

	private Process process;

	@AfterEach
	void end() throws Exception {
		if (this.process != null) {
			this.process.getOutputStream().close();
			assertThat(this.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		}
		this.broker.close();
	}

	@Test
	void aRestartLeavesNoConnectionAndNoThreadBehind(@TempDir Path directory) throws Exception {
		this.process = start(directory);
		assertOneOfEachThread(0);
		for (int connection = 1; connection <= RESTARTS; connection++) {
			this.broker.lastConnection().send(Reply.publish(RestartedApplication.RESTART, ""));
			assertOneOfEachThread(connection);
			this.broker.awaitReceived(When.packet(PacketType.DISCONNECT), connection);
			assertThat(this.broker.openConnectionCount()).isEqualTo(1);
		}
		assertThat(this.broker.connectionCount()).isEqualTo(RESTARTS + 1);
		assertThat(this.broker.violations()).isEmpty();
	}

	private void assertOneOfEachThread(int connection) {
		When subscribed = When.subscribe(RestartedApplication.REPORT).onConnection(connection);
		Awaitility.await().atMost(PATIENCE).until(() -> !this.broker.received(subscribed).isEmpty());
		// Paho's threads take a moment to end
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(threads(connection)).contains("mqtt-default-engine").doesNotHaveDuplicates());
	}

	private List<String> threads(int connection) {
		When report = When.publish(RestartedApplication.THREADS).onConnection(connection);
		int known = this.broker.received(report).size();
		this.broker.lastConnection().send(Reply.publish(RestartedApplication.REPORT, ""));
		return List.of(this.broker.awaitReceived(report, known + 1).get(known).payloadText().split("\n"));
	}

	private Process start(Path directory) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), "-Djava.net.preferIPv4Stack=true", "-Duser.home=" + directory,
				RestartedApplication.class.getName(), "--mqtt.servers=" + this.broker.uri(),
				"--mqtt.client-id=restarted", "--spring.main.web-application-type=none",
				"--spring.main.keep-alive=true", "--spring.devtools.livereload.enabled=false",
				"--spring.docker.compose.enabled=false")
			.redirectErrorStream(true)
			.redirectOutput(new File("target/devtools-restart.log"))
			.start();
	}

}
