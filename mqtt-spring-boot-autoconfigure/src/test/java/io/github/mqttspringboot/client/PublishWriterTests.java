package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PublishWriter}, through a client whose connection writes when the test
 * says so.
 */
class PublishWriterTests {

	private static final int LARGE = 100_000;

	private final List<CompletableFuture<PublishResult>> futures = new ArrayList<>();

	@Test
	void whatIsNotWrittenHoldsTheRestBack() {
		TestClient test = new TestClient().connect();
		publish(test, 0, LARGE, 30);
		assertThat(sent(test)).isEqualTo(11);
		write(test);
		assertThat(sent(test)).isEqualTo(22);
		write(test);
		assertThat(sent(test)).isEqualTo(30);
		write(test);
		assertThat(this.futures).allMatch(CompletableFuture::isDone);
	}

	@Test
	void whatWaitsForTheDiskHoldsTheRestBackToo() {
		HeldStore store = new HeldStore();
		TestClient test = new TestClient((config) -> config.with((c) -> {
			c.store = store;
			c.bufferSize = 10_000;
		})).connect();
		publish(test, 1, 1, 1);
		publish(test, 0, 1, 5000);
		assertThat(sent(test)).isZero();
		store.sync();
		assertThat(sent(test)).isEqualTo(4096);
		write(test);
		assertThat(sent(test)).isEqualTo(5001);
	}

	@Test
	void aConnectionThatEndsGivesItsRoomBack() {
		TestClient test = new TestClient().connect();
		publish(test, 1, LARGE, 15);
		assertThat(sent(test)).isEqualTo(11);
		for (int i = 0; i < 3; i++) {
			test.reconnect(true);
			assertThat(sent(test)).isEqualTo(11);
		}
		write(test);
		assertThat(sent(test)).isEqualTo(15);
	}

	private void publish(TestClient test, int qos, int size, int count) {
		for (int i = 0; i < count; i++) {
			this.futures.add(test.client.publish(PublishRequest.to("a").payload(new byte[size]).qos(qos).build()));
		}
		test.time.run();
	}

	private static void write(TestClient test) {
		test.link().writeAll();
		test.time.run();
	}

	private static int sent(TestClient test) {
		return test.link().sent(PacketType.PUBLISH).size();
	}

}
