package io.github.mqttspringboot.client;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

import org.eclipse.paho.mqttv5.client.persist.MqttDefaultFilePersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.springframework.util.FileSystemUtils;

import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.paho.PahoWire;
import io.github.mqttspringboot.testing.MosquittoBroker;

/**
 * What the journal costs: publishes a second with and without it. Not a test; the figures
 * are in docs/persistence.md.
 */
public final class PersistenceFigures {

	private static final int RUNS = 3;

	private static final byte[] PAYLOAD = new byte[100];

	private PersistenceFigures() {
	}

	public static void main(String[] args) throws Exception {
		Path directory = Files.createTempDirectory(Path.of(args[0]), "figures");
		try (MosquittoBroker broker = MosquittoBroker.builder().config("max_inflight_messages 2000").start()) {
			sync(directory.resolve("sync"));
			paho(directory.resolve("paho"));
			for (int window : new int[] { 1, 100, 1000 }) {
				int count = (window == 1) ? 1000 : 30_000;
				for (int qos = 1; qos <= 2; qos++) {
					measure("memory", broker.uri(), window, qos, count, Persistence.memory(), null);
					FailingDisk disk = new FailingDisk();
					measure("file", broker.uri(), window, qos, count, new Persistence(PersistenceType.FILE, directory),
							disk);
				}
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(directory);
		}
	}

	private static void sync(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			int count = 300;
			long start = System.nanoTime();
			for (int i = 0; i < count; i++) {
				channel.write(ByteBuffer.wrap(PAYLOAD));
				channel.force(false);
			}
			System.out.printf("one sync of this disk: %.2f ms%n", (System.nanoTime() - start) / 1e6 / count);
		}
	}

	private static void paho(Path directory) throws Exception {
		Files.createDirectory(directory);
		MqttDefaultFilePersistence persistence = new MqttDefaultFilePersistence(directory.toString());
		persistence.open("figures");
		int count = 300;
		long start = System.nanoTime();
		for (int i = 1; i <= count; i++) {
			MqttPublish publish = new MqttPublish("a/b", new MqttMessage(PAYLOAD), new MqttProperties());
			publish.setMessageId(i);
			persistence.put("s-" + i, publish);
		}
		System.out.printf("Paho's file persistence alone: %.0f messages/s%n",
				count * 1e9 / (System.nanoTime() - start));
		persistence.close();
	}

	private static void measure(String name, String server, int window, int qos, int count, Persistence persistence,
			FailingDisk disk) throws InterruptedException {
		TestClient.Config config = new TestClient.Config();
		config.servers = List.of(URI.create(server));
		config.clientId = "figures-" + window + "-" + qos;
		config.cleanStart = false;
		config.maxInFlight = window;
		config.persistence = persistence;
		DefaultManagedMqttClient client = (disk != null)
				? disk.client(config.settings(), new PahoWire(List.of()), new DefaultErrorClassificationPolicy(),
						ignore())
				: new DefaultManagedMqttClient(config.settings(), new PahoWire(List.of()),
						new DefaultErrorClassificationPolicy(), null, ignore());
		client.start();
		while (client.state() != ClientState.CONNECTED) {
			Thread.sleep(10);
		}
		publish(client, window, qos, Math.min(count, 5000));
		double[] rates = new double[RUNS];
		int forced = (disk != null) ? disk.forced : 0;
		for (int run = 0; run < RUNS; run++) {
			long start = System.nanoTime();
			publish(client, window, qos, count);
			rates[run] = count * 1e9 / (System.nanoTime() - start);
		}
		Arrays.sort(rates);
		System.out.printf("%s, QoS %d, window %d: median %.0f publishes/s (%.0f to %.0f)%s%n", name, qos, window,
				rates[RUNS / 2], rates[0], rates[RUNS - 1],
				(disk != null)
						? String.format(", %.1f publishes a sync", (double) RUNS * count / (disk.forced - forced))
						: "");
		client.destroy();
	}

	private static <T> Consumer<T> ignore() {
		return (event) -> {
		};
	}

	private static void publish(ManagedMqttClient client, int window, int qos, int count) throws InterruptedException {
		Semaphore open = new Semaphore(2 * window);
		for (int i = 0; i < count; i++) {
			open.acquire();
			client.publish(PublishRequest.to("a/b").payload(PAYLOAD).qos(qos).build()).whenComplete((result, cause) -> {
				if (cause != null) {
					cause.printStackTrace();
				}
				open.release();
			});
		}
		open.acquire(2 * window);
	}

}
