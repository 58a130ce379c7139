package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;

/**
 * An application that publishes numbers, as fast as it can, until it is killed.
 */
public final class DoomedPublisher {

	private DoomedPublisher() {
	}

	public static void main(String[] args) throws InterruptedException {
		watchParent();
		int qos = Integer.parseInt(args[3]);
		Semaphore unacknowledged = new Semaphore(200);
		LiveClient client = client(args[0], args[1], Path.of(args[2])).connect();
		for (int i = Integer.parseInt(args[4]);; i++) {
			unacknowledged.acquire();
			client.client.publish(PublishRequest.to("numbers").payload(String.valueOf(i)).qos(qos).build())
				.whenComplete((result, cause) -> unacknowledged.release());
		}
	}

	static LiveClient client(String server, String clientId, Path directory) {
		return new LiveClient(server, (config) -> {
			config.clientId = clientId;
			config.cleanStart = false;
			config.maxInFlight = 100;
			config.persistence = new Persistence(PersistenceType.FILE, directory);
		});
	}

	/** Whoever started this is gone: so is this. */
	private static void watchParent() {
		Thread thread = new Thread(() -> {
			try {
				while (System.in.read() >= 0) {
					// Nothing is said
				}
			}
			catch (IOException ex) {
				// The end as well
			}
			Runtime.getRuntime().halt(1);
		});
		thread.setDaemon(true);
		thread.start();
	}

}
