package io.github.mqttspringboot.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
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

	@TempDir
	private Path directory;

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
	void twoHundredClientsLeaveNoThreadAndNoDescriptor() throws Exception {
		assumeThat(OpenFiles.DESCRIPTORS).isDirectory();
		// What is loaded once stays
		startAndStop(4);
		int before = descriptors().size();
		startAndStop(CLIENTS);
		this.threads.assertGone(PATIENCE);
		ChaosScene.await(() -> assertThat(descriptors()).hasSizeLessThanOrEqualTo(before));
		assertThat(journals()).isEmpty();
		assertThat(Journals.all(this.directory, ".claim")).isEmpty();
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
				// In each state every other one has a journal
				clients.add(client(servers.get(i % servers.size()), "client-" + i, i / servers.size() % 2 == 0));
			}
			clients.forEach((live) -> live.client.start());
			for (int i = 0; i < count; i++) {
				LiveClient live = clients.get(i);
				ClientState state = states.get(i % states.size());
				ChaosScene.await(() -> assertThat(live.client.state()).isEqualTo(state));
			}
			assertThat(this.threads.started()).hasSizeGreaterThanOrEqualTo(count);
			clients.forEach((live) -> live.publish("a", 1));
			// Each journal has its lock and its file
			assertThat(journals()).hasSizeGreaterThanOrEqualTo(count);
			clients.parallelStream().forEach(LiveClient::close);
			assertThat(clients).allMatch((live) -> live.client.state() == ClientState.STOPPED);
			this.threads.assertGone(PATIENCE);
		}
	}

	private LiveClient client(String server, String clientId, boolean journal) {
		return new LiveClient(server, (config) -> {
			if (journal) {
				config.persistence = new Persistence(PersistenceType.FILE, this.directory);
			}
			config.clientId = clientId;
			Duration later = Duration.ofMinutes(5);
			config.connectTimeout = later;
			config.reconnect = new ClientSettings.Reconnect(later, 1, later, later, later, later, later, later, 0,
					later);
		});
	}

	private List<String> journals() {
		try {
			return OpenFiles.under(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Other files on disk are those of classes. */
	private static List<String> descriptors() {
		return OpenFiles.all().stream().filter((target) -> !target.startsWith("/")).toList();
	}

}
