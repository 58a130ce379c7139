package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.TcpProxy;
import io.github.mqttspringboot.testing.ThreadWatch;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Whatever a client is doing when it is stopped, nothing of it is left.
 */
class ClientLeakTests {

	private static final int CLIENTS = 200;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt");

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.mqttspringboot");

	private Level level;

	@BeforeEach
	void thoseThatFailLogNothing() {
		this.level = this.logger.getLevel();
		this.logger.setLevel(Level.OFF);
	}

	@AfterEach
	void others() {
		this.logger.setLevel(this.level);
	}

	@Test
	void twoHundredClientsLeaveNoThreadAndNoDescriptor() {
		assumeThat(DESCRIPTORS).isDirectory();
		// What is loaded once stays
		startAndStop(4);
		int before = descriptors().size();
		startAndStop(CLIENTS);
		this.threads.assertGone(PATIENCE);
		ChaosScene.await(() -> assertThat(descriptors()).hasSizeLessThanOrEqualTo(before));
	}

	private void startAndStop(int count) {
		List<LiveClient> clients = new ArrayList<>();
		try (ScriptedBroker accepting = ScriptedBroker.start();
				ScriptedBroker refusing = ScriptedBroker.start();
				TcpProxy silent = TcpProxy.to(accepting.port());
				TcpProxy absent = TcpProxy.to(accepting.port())) {
			refusing.on(When.connect()).answer(Reply.connack(0x87)).thenClose();
			silent.stall();
			absent.refuse();
			List<String> servers = List.of(accepting.uri(), silent.uri(), absent.uri(), refusing.uri());
			List<ClientState> states = List.of(ClientState.CONNECTED, ClientState.CONNECTING, ClientState.WAITING,
					ClientState.FAILED);
			for (int i = 0; i < count; i++) {
				clients.add(client(servers.get(i % servers.size()), "client-" + i));
			}
			clients.forEach((live) -> live.client.start());
			for (int i = 0; i < count; i++) {
				LiveClient live = clients.get(i);
				ClientState state = states.get(i % states.size());
				ChaosScene.await(() -> assertThat(live.client.state()).isEqualTo(state));
			}
			assertThat(this.threads.started()).hasSizeGreaterThanOrEqualTo(count);
			clients.forEach((live) -> live.publish("a", 1));
			clients.parallelStream().forEach(LiveClient::close);
			assertThat(clients).allMatch((live) -> live.client.state() == ClientState.STOPPED);
			this.threads.assertGone(PATIENCE);
		}
	}

	private static LiveClient client(String server, String clientId) {
		return new LiveClient(server, (config) -> {
			config.clientId = clientId;
			Duration later = Duration.ofMinutes(5);
			config.connectTimeout = later;
			config.reconnect = new ClientSettings.Reconnect(later, 1, later, later, later, later, later, later, 0,
					later);
		});
	}

	/** Files on disk are those of classes. */
	private static List<String> descriptors() {
		List<String> targets = new ArrayList<>();
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
			for (Path descriptor : descriptors) {
				if (Files.isSymbolicLink(descriptor)) {
					String target = Files.readSymbolicLink(descriptor).toString();
					if (!target.startsWith("/")) {
						targets.add(target);
					}
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("The descriptors could not be read", ex);
		}
		return targets;
	}

}
