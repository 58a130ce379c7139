package io.github.mqttspringboot.client;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * JVMs that are killed while messages are in flight, with the journal in files.
 */
class KilledJvmTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int KILLS = 3;

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void whatWasInFlightArrives(int qos) throws Exception {
		List<String> received = new CopyOnWriteArrayList<>();
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous();
				LiveClient subscriber = new LiveClient(broker.uri(), (config) -> config.clientId = "subscriber")
					.connect()) {
			subscriber.client
				.subscribe(SubscribeRequest.to("numbers")
					.qos(2)
					.handler((message) -> received.add(new String(message.payload(), StandardCharsets.UTF_8)))
					.build())
				.get(20, TimeUnit.SECONDS);
			for (int kill = 0; kill < KILLS; kill++) {
				int before = received.size();
				publishUntilKilled(broker.uri(), qos, highest(received) + 1, () -> {
					int enough = before + 300;
					Awaitility.await()
						.atMost(PATIENCE)
						.pollInterval(Duration.ofMillis(1))
						.until(() -> received.size() >= enough);
				});
				String marker = "restarted-" + kill;
				try (LiveClient again = DoomedPublisher.client(broker.uri(), "doomed", this.directory).connect()) {
					assertThat(again.client.connection().sessionPresent()).isTrue();
					again.client.publish(PublishRequest.to("numbers").payload(marker).qos(qos).build())
						.get(20, TimeUnit.SECONDS);
				}
				Awaitility.await().atMost(PATIENCE).until(() -> received.contains(marker));
			}
		}
		List<Integer> numbers = received.stream()
			.filter((text) -> !text.startsWith("restarted"))
			.map(Integer::valueOf)
			.toList();
		int highest = numbers.stream().mapToInt(Integer::intValue).max().orElseThrow();
		System.out.println("QoS " + qos + ": " + numbers.size() + " messages of " + KILLS + " killed JVMs, "
				+ (numbers.size() - new HashSet<>(numbers).size()) + " twice");
		assertThat(new HashSet<>(numbers)).as("none lost").hasSize(highest);
		if (qos == 2) {
			assertThat(numbers).as("none twice, and in order")
				.isEqualTo(IntStream.rangeClosed(1, highest).boxed().toList());
		}
	}

	@Test
	void whatTheServerDidNotAcknowledgeIsSentAgainByTheNextJvm() throws Exception {
		try (ScriptedBroker broker = ScriptedBroker.start()) {
			broker.acceptWith(Reply.connack(0));
			broker.on(When.connect().onConnection(1)).answer(Reply.connack(0).sessionPresent(true));
			broker.on(When.publish().onConnection(0)).withhold();
			List<ReceivedPacket> first = new ArrayList<>();
			publishUntilKilled(broker.uri(), 2, 1,
					() -> first.addAll(broker.awaitReceived(When.publish().onConnection(0), 100)));
			broker.awaitNoOpenConnection();
			try (LiveClient again = DoomedPublisher.client(broker.uri(), "doomed", this.directory).connect()) {
				List<ReceivedPacket> second = broker.awaitReceived(When.publish().onConnection(1), 100);
				assertThat(second).allMatch(ReceivedPacket::duplicate);
				assertThat(second).extracting(ReceivedPacket::packetId)
					.isEqualTo(first.stream().map(ReceivedPacket::packetId).toList());
				broker.awaitReceived(When.packet(PacketType.PUBREL).onConnection(1), 100);
			}
			assertThat(broker.violations()).isEmpty();
		}
	}

	private void publishUntilKilled(String server, int qos, int from, Runnable until)
			throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), DoomedPublisher.class.getName(), server, "doomed",
				this.directory.toString(), String.valueOf(qos), String.valueOf(from))
			.redirectErrorStream(true)
			.redirectOutput(new File(this.directory.toFile(), "output.txt"))
			.start();
		try {
			until.run();
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private static int highest(List<String> received) {
		return received.stream()
			.filter((text) -> !text.startsWith("restarted"))
			.mapToInt(Integer::parseInt)
			.max()
			.orElse(0);
	}

}
