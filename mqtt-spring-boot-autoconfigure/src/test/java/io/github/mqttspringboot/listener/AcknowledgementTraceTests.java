package io.github.mqttspringboot.listener;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What listeners answer to a backlog, on the wire. The servers here get no Receive
 * Maximum, as they do not keep to it.
 */
class AcknowledgementTraceTests {

	private static final int MESSAGES = Integer.getInteger("trace.messages", 10_000);

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void eachMessageOfArtemisIsAcknowledgedOnceAndInOrder(int qos) throws Exception {
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous()) {
			check(broker.port(), qos);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	@RequiresMosquitto
	void eachMessageOfMosquittoIsAcknowledgedOnceAndInOrder(int qos) throws Exception {
		try (MosquittoBroker broker = MosquittoBroker.builder().config("max_queued_messages 1000000").start()) {
			check(broker.port(), qos);
		}
	}

	private static void check(int port, int qos) throws Exception {
		try (FlowRun run = new FlowRun(port, qos, 65_535)) {
			run.publish(MESSAGES, qos);
			assertThat(run.awaitEnd(MESSAGES, Duration.ofSeconds(20))).isEqualTo(MESSAGES);
			Awaitility.await().untilAsserted(() -> assertThat(run.links()).singleElement().satisfies((link) -> {
				assertThat(link.published()).isEqualTo(MESSAGES);
				assertThat(link.completed()).isEqualTo(MESSAGES);
				assertThat(link.outstanding()).isZero();
				assertThat(link.faults()).isZero();
				assertThat(link.disconnect()).isEqualTo(-1);
			}));
		}
	}

}
