package io.github.mqttspringboot.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.ClientSettings.Redirect;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.testing.LogCapture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A further client names its own properties, in exceptions, incidents and logs.
 */
class FurtherClientMessagesTests {

	private static final Pattern OF_THE_PRIMARY = Pattern.compile("mqtt\\.(?!clients\\.b\\.)[a-z]");

	private final LogCapture log = LogCapture.start();

	private final List<String> told = new ArrayList<>();

	@AfterEach
	void close() {
		this.log.close();
	}

	@Test
	void timeoutsOfPublishesAndSubscribes() {
		TestClient test = client((config) -> {
		}).connect();
		CompletableFuture<?> publish = test.client.publish(PublishRequest.to("a").qos(1).build());
		CompletableFuture<?> subscribe = test.client.subscribe(SubscribeRequest.to("a").build());
		test.time.advance(Duration.ofSeconds(30));
		failed(test, publish);
		failed(test, subscribe);
		assertNamed(test, "publish.timeout", "subscribe.timeout");
	}

	@Test
	void aFullBuffer() {
		TestClient test = client((config) -> config.bufferSize = 0).start();
		failed(test, test.client.publish(PublishRequest.to("a").build()));
		assertNamed(test, "publish.buffer-size");
	}

	@Test
	void publishesWithoutAConnectionAndThoseThatLoseIt() {
		TestClient test = client((config) -> {
			config.whenDisconnected = WhenDisconnected.FAIL;
			config.maxInFlight = 1;
		}).start();
		failed(test, test.client.publish(PublishRequest.to("a").build()));
		test.accept(ConnAck.of(false, 0));
		test.client.publish(PublishRequest.to("a").qos(1).build());
		CompletableFuture<?> waiting = test.client.publish(PublishRequest.to("a").qos(1).build());
		test.link().close();
		failed(test, waiting);
		assertThat(this.told)
			.filteredOn((line) -> line.contains("'mqtt.clients.b.publish.when-disconnected' is 'fail'"))
			.hasSizeGreaterThanOrEqualTo(2);
		assertNamed(test, "publish.when-disconnected");
	}

	@Test
	void aServerThatSendsMoreThanTheReceiveMaximum() {
		TestClient test = client((config) -> config.receiveMaximum = 1).connect();
		test.client
			.subscribe(SubscribeRequest.to("a").messageHandler((message) -> new CompletableFuture<Void>()).build());
		for (int id = 1; id <= 2; id++) {
			test.receive(new Publish(id, "a", 1, false, false, PublishProperties.NONE, new byte[0]));
		}
		assertNamed(test, "receive-maximum");
	}

	@Test
	void credentialsThatDoNotCome() {
		CompletableFuture<MqttCredentials> never = new CompletableFuture<>();
		TestClient test = client((config) -> config.credentials = (name) -> never.join()).start();
		test.time.advance(Duration.ofSeconds(10));
		assertNamed(test, "connect-timeout");
		never.complete(null);
		test.stop();
	}

	@Test
	void serverReferencesThatAreNotFollowed() {
		for (Redirect redirect : List.of(Redirect.disabled(), new Redirect(true, List.of("other:1883")))) {
			TestClient test = client((config) -> config.redirect = redirect).connect();
			test.end(MqttFailure.of(PacketType.DISCONNECT, 0x9D).serverReference("two:1883").build());
			assertNamed(test, redirect.enabled() ? "redirect.allowed-hosts" : "redirect.enabled");
		}
	}

	@Test
	void theLastAttempt() {
		TestClient test = client((config) -> {
			Reconnect r = config.reconnect;
			config.reconnect = new Reconnect(r.baseDelay(), r.multiplier(), r.maxDelay(), r.floor(), r.throttledFloor(),
					r.throttledMaxDelay(), r.initialSpread(), r.stableAfter(), 1, r.probeInterval());
		}).start();
		test.end(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		assertNamed(test, "reconnect.max-attempts");
	}

	@Test
	void probesAndASuspectedDuplicateIdAndAGracefulStop() {
		TestClient test = client((config) -> {
		}).start();
		test.refuse(0x87);
		test.time.advance(Duration.between(test.time.now(), test.client.reconnectStatus().nextAttempt()));
		test.accept(ConnAck.of(false, 0));
		for (int i = 0; i < 3; i++) {
			test.link().close();
			test.time.advance(test.events(MqttReconnectScheduledEvent.class).get(i).getDelay());
			test.accept(ConnAck.of(false, 0));
		}
		test.client.publish(PublishRequest.to("a").qos(1).build());
		test.client.stop(() -> {
		});
		test.time.run();
		assertNamed(test, "reconnect.probe-interval", "client-id", "publish.timeout");
	}

	@Test
	void aJournalThatWillNotBeFoundAgain(@TempDir Path directory) {
		for (boolean generated : new boolean[] { true, false }) {
			TestClient test = client((config) -> {
				config.generated = generated;
				config.persistence = new Persistence(PersistenceType.FILE, directory);
				config.store = SessionStore.of(config.settings());
			}).start();
			Awaitility.await().until(() -> {
				test.time.run();
				return this.log.messages().stream().anyMatch((line) -> line.contains("persistence.type"));
			});
			assertNamed(test, "persistence.type", generated ? "client-id" : "clean-start");
			test.client.destroy();
		}
	}

	@Test
	void aJournalThatCannotBeOpened(@TempDir Path directory) throws IOException {
		Path file = Files.createFile(directory.resolve("a-file"));
		TestClient test = client((config) -> {
			config.persistence = new Persistence(PersistenceType.FILE, file);
			config.store = SessionStore.of(config.settings());
		});
		try {
			test.client.start();
		}
		catch (MqttStartupException ex) {
			this.told.add(ex.getMessage());
		}
		assertThat(this.told).singleElement().asString().contains("'" + file + "'");
		assertNamed(test, "persistence.directory");
	}

	@Test
	void noMessageNamesAPropertyWithoutItsClient() throws IOException {
		Pattern literal = Pattern.compile("\"[^\"]*\\bmqtt\\.(?!client\\.)[a-z]");
		for (String room : List.of("client", "paho", "core", "health", "endpoint")) {
			try (Stream<Path> files = Files.walk(Path.of("src/main/java/io/github/mqttspringboot", room))) {
				for (Path file : files.filter(Files::isRegularFile).toList()) {
					if (!file.endsWith("Advice.java") && !file.endsWith("ClientSettings.java")) {
						assertThat(Files.readAllLines(file)).as(file.toString())
							.noneMatch((line) -> literal.matcher(line).find());
					}
				}
			}
		}
	}

	private void failed(TestClient test, CompletableFuture<?> future) {
		this.told.add(test.cause(future).getMessage());
	}

	private void assertNamed(TestClient test, String... properties) {
		test.time.run();
		test.client.incidents().forEach((incident) -> this.told.add(incident.toString()));
		this.told.addAll(this.log.messages());
		for (String property : properties) {
			assertThat(this.told).anyMatch((line) -> line.contains("'mqtt.clients.b." + property + "'"));
		}
		assertThat(this.told).noneMatch((line) -> OF_THE_PRIMARY.matcher(line).find());
	}

	private static TestClient client(Consumer<TestClient.Config> customizer) {
		return new TestClient((config) -> config.with((c) -> {
			c.name = "b";
			c.servers = List.of(URI.create("tcp://one:1883"));
			customizer.accept(c);
		}));
	}

}
