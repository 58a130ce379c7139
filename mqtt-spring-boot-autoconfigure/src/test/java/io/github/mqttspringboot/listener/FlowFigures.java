package io.github.mqttspringboot.listener;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.MosquittoBroker;

/**
 * What servers make of the Receive Maximum when twenty listeners have a backlog. Not a
 * test; the figures are in docs/listeners.md.
 */
public final class FlowFigures {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private FlowFigures() {
	}

	public static void main(String[] args) throws Exception {
		int messages = Integer.parseInt(args[0]);
		for (String maximum : args[1].split(",")) {
			for (int qos = 1; qos <= 2; qos++) {
				try (ArtemisBroker broker = ArtemisBroker.startAnonymous()) {
					run("Artemis", broker.port(), qos, Integer.parseInt(maximum), messages, broker::waitingCount);
				}
				try (MosquittoBroker broker = MosquittoBroker.startAnonymous()) {
					// It keeps 1000 messages beside those in flight and drops the rest
					run("Mosquitto as it comes", broker.port(), qos, Integer.parseInt(maximum), messages, () -> -1);
				}
				try (MosquittoBroker broker = MosquittoBroker.builder().config("max_queued_messages 1000000").start()) {
					run("Mosquitto", broker.port(), qos, Integer.parseInt(maximum), messages, () -> -1);
				}
			}
		}
		System.exit(0);
	}

	private static void run(String server, int port, int qos, int maximum, int messages, LongSupplier waiting)
			throws Exception {
		try (FlowRun run = new FlowRun(port, qos, maximum)) {
			run.publish(messages, qos);
			int handled = run.awaitEnd(messages, PATIENCE);
			System.out.printf("%s, QoS %d, Receive Maximum %d: %d of %d handled, the server has %d, links %d%n", server,
					qos, maximum, handled, messages, waiting.getAsLong(), run.links().size());
			run.links().stream().limit(12).forEach((link) -> System.out.println("    " + link));
			if (handled < messages) {
				run.nudge(qos);
				System.out.printf("    one more message to each listener: %d of %d handled%n",
						run.awaitEnd(messages + 20, PATIENCE), messages + 20);
				run.links().stream().limit(12).forEach((link) -> System.out.println("    " + link));
			}
		}
	}

}
