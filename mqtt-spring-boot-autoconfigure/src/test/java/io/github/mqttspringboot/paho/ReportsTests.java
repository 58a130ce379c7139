package io.github.mqttspringboot.paho;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Ping;

import static org.assertj.core.api.Assertions.assertThat;

class ReportsTests {

	private static final MqttFailure FIRST = MqttFailure.local(LocalError.CONNECTION_CLOSED).build();

	private static final MqttFailure SECOND = MqttFailure.local(LocalError.INTERNAL_ERROR).build();

	@Test
	void tellsTheFirstEndOnlyAndNothingAfterIt() {
		RecordingListener listener = new RecordingListener();
		Reports reports = new Reports(listener);
		reports.closed(FIRST);
		reports.closed(SECOND);
		reports.tell((target) -> target.written(1));
		assertThat(listener.closed).isCompletedWithValue(FIRST);
		assertThat(listener.violations).isEmpty();
		assertThat(listener.written).hasValue(0);
	}

	@Test
	void waitsWithTheEndForTheCallUnderWay() {
		RecordingListener listener = new RecordingListener();
		Reports reports = new Reports(listener);
		reports.tell((target) -> {
			reports.closed(FIRST);
			assertThat(listener.closed).isNotDone();
		});
		assertThat(listener.closed).isCompletedWithValue(FIRST);
	}

	@RepeatedTest(50)
	void endsOnceAndLastAmidReportsOfTwoThreads() throws Exception {
		RecordingListener listener = new RecordingListener();
		Reports reports = new Reports(listener);
		reports.tell((target) -> target.connAck(ConnAck.of(false, 0)));
		ExecutorService threads = Executors.newFixedThreadPool(3);
		CountDownLatch begun = new CountDownLatch(2);
		MqttPacket packet = Ping.RESPONSE;
		threads.execute(() -> {
			for (int i = 0; i < 200; i++) {
				reports.tell((target) -> target.received(packet));
				begun.countDown();
			}
		});
		threads.execute(() -> {
			for (int i = 1; i <= 200; i++) {
				long total = i;
				reports.tell((target) -> target.written(total));
				begun.countDown();
			}
		});
		begun.await();
		threads.execute(() -> reports.closed(FIRST));
		threads.shutdown();
		assertThat(listener.awaitClosed()).isSameAs(FIRST);
	}

}
